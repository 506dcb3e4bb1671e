"""The questions as a form: yes, no or not sure to each, and nothing ticked beforehand."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils.datastructures import MultiValueDict

from suitability.models import Caution


class Answer(models.TextChoices):
    """What somebody can say to a question."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_SURE = "not-sure", "I am not sure"


_MISSING = "Select yes, no or “I am not sure”"


def answers_in(posted: MultiValueDict[str, str]) -> dict[str, str]:
    """Return what was posted, one value a name. Two different answers to one question are none."""
    return {name: values[0] for name, values in posted.lists() if len(set(values)) == 1}


class SuitabilityForm(forms.Form):
    """One field for each caution, in their order."""

    # The browser must not check: its words are not ours, and it stops at the first mistake.
    use_required_attribute = False

    def __init__(
        self, cautions: Sequence[Caution], data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.cautions = cautions
        for caution in cautions:
            self.fields[field_name(caution)] = _field(caution)

    def answers(self) -> list[tuple[Caution, Answer]]:
        """Return the answer to each question of a valid form."""
        return [
            (caution, Answer(self.cleaned_data[field_name(caution)])) for caution in self.cautions
        ]

    def mistakes(self) -> list[dict[str, str]]:
        """Return what the error summary lists: each open question and the id of its first choice.

        It names the question, which the error beside the question need not.
        """
        fields = [self[name] for name in self.fields]
        return [
            {
                "text": f"Answer “{field.label}”",
                "target": str(field.subwidgets[0].id_for_label),
            }
            for field in fields
            if field.errors
        ]


def field_name(caution: Caution) -> str:
    """Return the name of a caution's field."""
    return f"caution-{caution.key}"


def _field(caution: Caution) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=caution.question,
        help_text=caution.hint,
        choices=Answer,
        error_messages={"required": _MISSING, "invalid_choice": _MISSING},
        widget=forms.RadioSelect(attrs={"class": "radios__input"}),
    )
