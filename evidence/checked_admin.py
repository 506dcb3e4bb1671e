"""The admin of words that a clinician checks by name: what waits for them, and how they confirm."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from evidence.models import CheckedWords
from evidence.models.checked import CONFIRMED
from publishing.audited import Audited
from publishing.models.audit import record
from publishing.workflow import REVIEW, person_of

RESTS_ON: Any = (
    "What it rests on",
    {
        "fields": ["sources", "checked_by", "checked_on", "awaiting_clinician"],
        "description": (
            "A change of the words is public at once. Unless you also say who checked it and when,"
            " it then waits for a clinician’s confirmation."
        ),
    },
)


class CheckingFilter(admin.SimpleListFilter):
    """Words that no clinician stands behind as they are."""

    title = "checking"
    parameter_name = "checking"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("to-confirm", "Awaiting a clinician")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "to-confirm":
            return queryset.to_confirm()  # type: ignore[attr-defined,no-any-return]
        return queryset


class CheckedWordsAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """Words whose change waits for a clinician, and which a clinician confirms from the list."""

    list_select_related = ["checked_by"]
    autocomplete_fields = ["sources", "checked_by"]
    list_per_page = 50
    save_on_top = True
    actions = ["confirm"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        changed = set(form.changed_data)
        if change and changed & obj.WORDING and not changed & CONFIRMED:
            obj.awaiting_clinician = True
            messages.warning(
                request,
                f"The words have changed since a clinician checked them, so the {self._name(1)} now"
                " waits for a clinician’s confirmation. Readers see the new words, and the page"
                " says so.",
            )
        super().save_model(request, obj, form, change)

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may stand behind the words: whoever reviews pages may."""
        return request.user.has_perm(REVIEW)

    @admin.action(
        description="Confirm the chosen ones as worded, checked by you today",
        permissions=["confirm"],
    )
    def confirm(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Note that the clinician who asks has checked the words."""
        person = person_of(request.user)
        if person is None:
            messages.error(
                request,
                "Readers are told who checked the words, and your account has no practitioner"
                " profile. Ask a manager to join the two.",
            )
            return
        for row in queryset:
            row.confirm(person)
            record(request.user, "changed", row, "confirmed as worded")
        count = len(queryset)
        messages.success(request, f"{count} {self._name(count)} confirmed.")

    @admin.display(description="state")
    def state(self, row: CheckedWords) -> str:
        """Say in words whether readers see it, and whether a clinician has confirmed it."""
        words = "Shown" if row.is_shown else "Not shown"
        return words if row.is_confirmed else f"{words}, awaiting a clinician"

    def _name(self, count: int) -> str:
        return str(self.opts.verbose_name if count == 1 else self.opts.verbose_name_plural)
