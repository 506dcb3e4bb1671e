"""Links to other websites, and which of them lead nowhere any more."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from publishing.external_links import LinkedFrom, external_addresses
from publishing.models import ExternalLink


class _LinkList(ChangeList):
    """The list, with the pages of each link on it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        pages = external_addresses()  # every text is read, but once for the whole list
        for row in self.result_list:
            row.pages = pages.get(row.address, [])


@admin.register(ExternalLink)
class ExternalLinkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What `manage.py check_links` found. The links themselves are mended on their pages."""

    list_display = ["link", "state", "since", "problem", "on_pages", "checked_at"]
    list_display_links = None
    list_filter = ["is_dead"]
    search_fields = ["address", "problem"]
    list_per_page = 50

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _LinkList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="address", ordering="address")
    def link(self, row: ExternalLink) -> SafeString:
        """Lead to the address, to look for oneself."""
        return format_html('<a href="{0}" rel="noreferrer">{0}</a>', row.address)

    @admin.display(description="state", ordering="is_dead")
    def state(self, row: ExternalLink) -> str:
        """Say in words how the link is."""
        if row.is_dead:
            return "Dead"
        if row.failing_since:
            return "Could not be checked lately"
        return "Works" if row.checked_at else "Not checked yet"

    @admin.display(description="since", ordering="dead_since")
    def since(self, row: ExternalLink) -> Any:
        """Say since when it is dead."""
        return row.dead_since

    @admin.display(description="on these pages")
    def on_pages(self, row: Any) -> SafeString:
        """Name the pages to mend."""
        pages: list[LinkedFrom] = row.pages
        return format_html_join("", '<a href="{}">{}</a><br>', ((p.url, p.text) for p in pages))
