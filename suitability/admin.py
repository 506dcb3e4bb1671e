"""The admin of cautions on needling."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import Textarea
from django.http import HttpRequest

from publishing.audited import Audited
from suitability.models import Caution

_WORDING = {"question", "hint", "if_yes", "advice"}
_CONFIRMED = {"checked_by", "checked_on", "awaiting_clinician"}


class CheckingFilter(admin.SimpleListFilter):
    """Questions that no clinician stands behind as they are worded."""

    title = "checking"
    parameter_name = "checking"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("to-confirm", "Awaiting a clinician")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "to-confirm":
            return queryset.to_confirm()  # type: ignore[attr-defined,no-any-return]
        return queryset


@admin.register(Caution)
class CautionAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """The questions of the page “Is needling suitable for me?”."""

    list_display = ["question", "if_yes", "order", "state", "checked_on", "checked_by"]
    list_filter = [CheckingFilter, "is_shown", "if_yes"]
    list_select_related = ["checked_by"]
    search_fields = ["key", "question", "hint", "advice"]
    autocomplete_fields = ["sources", "checked_by"]
    list_per_page = 50
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["key", "question", "hint"]}),
        (
            "What the answer says",
            {
                "fields": ["if_yes", "advice"],
                "description": (
                    "“I am not sure” always leads to “Tell us first”. The strongest answer leads"
                    " the page."
                ),
            },
        ),
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
        ("Readers", {"fields": ["is_shown", "order"]}),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in {"question", "hint", "advice"}:
            kwargs["widget"] = Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Caution | None = None) -> Any:
        # Loading from files finds it by its key, so that stays once it is given.
        return ["key"] if obj else []

    def save_model(self, request: HttpRequest, obj: Caution, form: Any, change: bool) -> None:
        changed = set(form.changed_data)
        if change and changed & _WORDING and not changed & _CONFIRMED:
            obj.awaiting_clinician = True
            messages.warning(
                request,
                "The words have changed since a clinician checked them, so the question now waits"
                " for a clinician’s confirmation. Readers see the new words, and the page says so.",
            )
        super().save_model(request, obj, form, change)

    @admin.display(description="state")
    def state(self, caution: Caution) -> str:
        """Say in words whether readers are asked, and whether a clinician has confirmed it."""
        words = "Asked" if caution.is_shown else "Not asked"
        return words if caution.is_confirmed else f"{words}, awaiting a clinician"
