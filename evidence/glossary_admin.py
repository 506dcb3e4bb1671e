"""The admin of the glossary."""

from typing import Any

from django.contrib import admin, messages
from django.forms import Textarea
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evidence.checked_admin import RESTS_ON, CheckedWordsAdmin, CheckingFilter
from evidence.models import GlossaryTerm
from evidence.wording_check import field_findings
from evidence.wording_sources import FieldText
from publishing.checks import Finding, Level


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(CheckedWordsAdmin):
    """Words that readers may not know, with what they mean."""

    list_display = ["term", "definition", "state", "checked_on", "checked_by"]
    list_filter = [CheckingFilter, "is_shown", "link_first_use"]
    search_fields = ["term", "slug", "definition", "other_forms"]
    fieldsets = [
        (None, {"fields": ["term", "slug", "other_forms", "definition"]}),
        RESTS_ON,
        ("Readers", {"fields": ["is_shown", "link_first_use"]}),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "definition":
            kwargs["widget"] = Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: GlossaryTerm | None = None) -> Any:
        # Links from elsewhere lead to it, so it stays once it is given.
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else {"slug": ["term"]}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for found in field_findings(
            obj, [FieldText("definition", obj.definition, has_lines=False)]
        ):
            level = messages.ERROR if found.level is Level.ERROR else messages.WARNING
            messages.add_message(request, level, _told(found))


def _told(found: Finding) -> SafeString:
    if not found.link:
        return format_html("{}", found)
    return format_html('{} <a href="{}">{}</a>', found, found.link, found.link_text)
