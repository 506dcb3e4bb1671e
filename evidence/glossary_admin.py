"""The admin of the glossary."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import Textarea
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evidence.models import GlossaryTerm
from evidence.wording_check import field_findings
from evidence.wording_sources import FieldText
from publishing.audited import Audited
from publishing.checks import Finding, Level
from publishing.models.audit import record
from publishing.workflow import REVIEW, person_of

_WORDING = {"term", "definition"}
_CONFIRMED = {"checked_by", "checked_on", "awaiting_clinician"}


class CheckingFilter(admin.SimpleListFilter):
    """Terms that no clinician stands behind as they are worded."""

    title = "checking"
    parameter_name = "checking"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("to-confirm", "Awaiting a clinician")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "to-confirm":
            return queryset.to_confirm()  # type: ignore[attr-defined,no-any-return]
        return queryset


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """Words that readers may not know, with what they mean."""

    list_display = ["term", "definition", "state", "checked_on", "checked_by"]
    list_filter = [CheckingFilter, "is_shown", "link_first_use"]
    list_select_related = ["checked_by"]
    search_fields = ["term", "slug", "definition", "other_forms"]
    autocomplete_fields = ["sources", "checked_by"]
    list_per_page = 50
    save_on_top = True
    actions = ["confirm"]
    fieldsets = [
        (None, {"fields": ["term", "slug", "other_forms", "definition"]}),
        (
            "What it rests on",
            {
                "fields": ["sources", "checked_by", "checked_on", "awaiting_clinician"],
                "description": (
                    "A change of the words is public at once. Unless you also say who checked it"
                    " and when, it then waits for a clinician’s confirmation."
                ),
            },
        ),
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

    def save_model(self, request: HttpRequest, obj: GlossaryTerm, form: Any, change: bool) -> None:
        changed = set(form.changed_data)
        if change and changed & _WORDING and not changed & _CONFIRMED:
            obj.awaiting_clinician = True
            messages.warning(
                request,
                "The words have changed since a clinician checked them, so the term now waits for"
                " a clinician’s confirmation. Readers see the new words, and the glossary says so.",
            )
        super().save_model(request, obj, form, change)
        for found in field_findings(
            obj, [FieldText("definition", obj.definition, has_lines=False)]
        ):
            level = messages.ERROR if found.level is Level.ERROR else messages.WARNING
            messages.add_message(request, level, _told(found))

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may stand behind a definition: whoever reviews pages may."""
        return request.user.has_perm(REVIEW)

    @admin.action(
        description="Confirm the chosen terms as worded, checked by you today",
        permissions=["confirm"],
    )
    def confirm(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Note that the clinician who asks has checked the terms."""
        person = person_of(request.user)
        if person is None:
            messages.error(
                request,
                "Readers are told who checked a term, and your account has no practitioner profile."
                " Ask a manager to join the two.",
            )
            return
        for term in queryset:
            term.checked_by, term.checked_on = person, timezone.localdate()
            term.awaiting_clinician = False
            term.save(update_fields=sorted(_CONFIRMED))
            record(request.user, "changed", term, "confirmed as worded")
        count = len(queryset)
        messages.success(request, f"{count} {'term' if count == 1 else 'terms'} confirmed.")

    @admin.display(description="state")
    def state(self, term: GlossaryTerm) -> str:
        """Say in words whether readers see it, and whether a clinician has confirmed it."""
        words = "Shown" if term.is_shown else "Not shown"
        return words if term.is_confirmed else f"{words}, awaiting a clinician"


def _told(found: Finding) -> SafeString:
    if not found.link:
        return format_html("{}", found)
    return format_html('{} <a href="{}">{}</a>', found, found.link, found.link_text)
