"""The admin of cautions on needling."""

from typing import Any

from django.contrib import admin
from django.forms import Textarea
from django.http import HttpRequest

from evidence.checked_admin import RESTS_ON, CheckedWordsAdmin, CheckingFilter
from suitability.models import Caution


@admin.register(Caution)
class CautionAdmin(CheckedWordsAdmin):
    """The questions of the page “Is needling suitable for me?”."""

    list_display = ["question", "if_yes", "order", "state", "checked_on", "checked_by"]
    list_filter = [CheckingFilter, "is_shown", "if_yes"]
    search_fields = ["key", "question", "hint", "advice"]
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
        RESTS_ON,
        ("Readers", {"fields": ["is_shown", "order"]}),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in {"question", "hint", "advice"}:
            kwargs["widget"] = Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Caution | None = None) -> Any:
        # Loading from files finds it by its key, so that stays once it is given.
        return ["key"] if obj else []
