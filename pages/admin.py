"""The admin of information pages."""

from django.contrib import admin

from pages.models import InformationPage
from publishing.admin import PageAdmin


@admin.register(InformationPage)
class InformationPageAdmin(PageAdmin):
    """Information pages."""

    list_display = ["title", "slug", "menu", "state", "review"]
    list_filter = ["menu", *PageAdmin.list_filter]
    search_fields = ["title", "summary", "body"]
    text_fieldsets = (
        (None, {"fields": ["title", "summary"]}),
        ("Text", {"fields": ["body"]}),
        ("Menus", {"fields": ["menu", "order"]}),
    )
