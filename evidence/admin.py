"""The admin of sources, and the inline of warning signs."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evidence.models import Source


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Sources that pages cite by key."""

    list_display = ["key", "title", "kind", "body", "year", "status", "checked_on"]
    list_filter = ["kind", "status"]
    search_fields = ["key", "title", "body", "nice", "doi", "pmid", "cochrane"]
    autocomplete_fields = ["superseded_by"]
    list_per_page = 50
    fieldsets = [
        (None, {"fields": ["key", "kind", "title", "body", "year"]}),
        (
            "Where to find it",
            {
                "fields": ["nice", "doi", "pmid", "pmcid", "cochrane", "isbn", "url", "address"],
                "description": "One number is enough. It is turned into a link.",
            },
        ),
        ("Does it still stand?", {"fields": ["status", "superseded_by", "checked_on", "note"]}),
    ]
    readonly_fields = ["address"]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "url":
            kwargs["assume_scheme"] = "https"  # where an address was typed without one
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> Any:
        # Pages cite the key, so it stays once it is given.
        return ["key", "address"] if obj else ["address"]

    @admin.display(description="leads to")
    def address(self, source: Source) -> SafeString:
        """Show where the reference on a page leads."""
        if not source.pk or not source.link:
            return format_html("{}", "Nowhere yet")
        return format_html('<a href="{0}" rel="noreferrer">{0}</a>', source.link)


class WarningSignInline(admin.TabularInline):  # type: ignore[type-arg]
    """Warning signs, edited on their page. The headings of their cards are fixed."""

    extra = 0
    fields = ["level", "sign", "sources", "awaiting_clinician", "position"]
    autocomplete_fields = ["sources"]


class AwaitingClinicianFilter(admin.SimpleListFilter):
    """Pages with warning signs that a clinician has not confirmed."""

    title = "warning signs"
    parameter_name = "signs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("awaiting", "Awaiting a clinician")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "awaiting":
            return queryset.filter(warning_signs__awaiting_clinician=True).distinct()
        return queryset
