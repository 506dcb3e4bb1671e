"""Rows that belong to a page (questions, warning signs, prices), edited as part of a version.

They are never looked up or saved by key: a version holds them as a list, so the form shows the
draft's list and gives a list back.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet

from publishing import snapshots

# What a browser may claim to send; beyond this it is no form of ours.
MAX_ROWS = 200


class PartForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of a part. One that was emptied is as good as removed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            # A new row stands last unless it is given a place.
            self.fields["position"].required = False
            if "position" not in (kwargs.get("initial") or {}):
                self.initial["position"] = None

    def has_changed(self) -> bool:
        return bool(super().has_changed()) and not self._is_empty()

    def _is_empty(self) -> bool:
        """Say whether everything that a person writes or chooses in the row is empty."""
        if not self.is_bound:
            return False
        told = [
            field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
            if not isinstance(field, (forms.BooleanField, forms.IntegerField))
            and not field.widget.is_hidden
        ]
        return not any(told)


class PartFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The rows of a part, as the draft or what somebody typed has them."""

    model: Any
    max_num = absolute_max = MAX_ROWS

    def __init__(
        self,
        *args: Any,
        rows: list[Any] | None = None,
        typed: Any = None,
        **kwargs: Any,
    ) -> None:
        kwargs["queryset"] = self.model._default_manager.none()
        super().__init__(*args, **kwargs)
        if self.is_bound:
            return
        if typed is not None:
            self.initial_extra = self._typed_rows(typed)
        else:
            self.initial_extra = [self._initial_of(row) for row in rows or []]
        self.extra = len(self.initial_extra)

    def _initial_of(self, row: Any) -> dict[str, Any]:
        initial = forms.model_to_dict(row, exclude=list(row.drafted_many))
        return {**initial, **row.drafted_many}

    def _typed_rows(self, typed: Any) -> list[dict[str, Any]]:
        try:
            count = min(int(typed.get(f"{self.prefix}-TOTAL_FORMS", 0)), MAX_ROWS)
        except ValueError:
            count = 0
        fields = self.empty_form.fields
        return [typed_values(fields, typed, f"{self.prefix}-{number}") for number in range(count)]

    def rows(self) -> list[dict[str, Any]]:
        """Return the valid rows as a snapshot holds them, in the order of their positions."""
        kept = [
            form
            for form in self.forms
            if form.has_changed() and not form.cleaned_data.get("DELETE", False)
        ]
        kept.sort(key=_place)
        rows = []
        for position, form in enumerate(kept):
            if hasattr(form.instance, "position"):
                form.instance.position = position
            owner = type(self.instance)
            name = self.fk.remote_field.get_accessor_name()
            values = snapshots.values_of(form.instance, snapshots.part_fields(owner, name))
            many = {
                relation.name: snapshots.references(form.cleaned_data.get(relation.name) or [])
                for relation in self.model._meta.many_to_many
            }
            rows.append(values | many)
        return rows


def _place(form: forms.BaseForm) -> float:
    position = form.cleaned_data.get("position")
    return float("inf") if position is None else position


def typed_values(fields: Mapping[str, forms.Field], typed: Any, prefix: str = "") -> dict[str, Any]:
    """Return what somebody typed into a form as the values it starts from, good or not."""
    found = {}
    for name, field in fields.items():
        full_name = f"{prefix}-{name}" if prefix else name
        value = field.widget.value_from_datadict(typed, {}, full_name)
        if isinstance(field, forms.ModelChoiceField) and value:
            try:
                field.clean(value)
            except forms.ValidationError:
                value = None
        found[name] = value
    return found


class PartInline(admin.StackedInline):  # type: ignore[type-arg]
    """Rows that belong to a page, edited on it."""

    form = PartForm
    formset = PartFormSet
    extra = 0


class PartTabularInline(admin.TabularInline):  # type: ignore[type-arg]
    """The same, as a table."""

    form = PartForm
    formset = PartFormSet
    extra = 0


class FAQInline(PartInline):
    """Questions people ask, edited on their page."""

    fields = ["question", "answer", "position"]
    classes = ["collapse"]
