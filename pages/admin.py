"""The admin of information pages; that of staff accounts comes with it."""

from django.contrib import admin

from pages import staff_admin  # noqa: F401  (registers staff accounts)
from pages.models import InformationPage
from publishing.admin import PageAdmin


@admin.register(InformationPage)
class InformationPageAdmin(PageAdmin):
    """Information pages."""

    list_display = ["title", "slug", "menu", "state", "review"]
    list_filter = ["menu", *PageAdmin.list_filter]
    search_fields = ["title", "summary", "body"]
    text_fieldsets = (
        (None, {"fields": ["title", "summary", "is_about_health"]}),
        ("Text", {"fields": ["body"]}),
        ("Menus", {"fields": ["menu", "order"]}),
    )
