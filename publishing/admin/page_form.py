"""The form of a page: the newest draft in, a snapshot for the next version out."""

from collections.abc import Iterable
from secrets import token_hex
from typing import Any, ClassVar

from django import forms

from publishing import snapshots
from publishing.admin.parts import PartFormSet, typed_values
from publishing.models import Page, Version
from publishing.snapshots import Draft, Snapshot

# Of the version and not of the page; asked of somebody who saves.
VERSION_FIELDS = ["change_note", "is_minor", "note", "based_on_number", "form_key"]


class PageForm(forms.ModelForm):  # type: ignore[type-arg]
    """A page as its newest draft has it, with what is to be said about the change."""

    change_note = forms.CharField(
        label="What changed",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=(
            "For readers: they see it on the page, with the date. Needed before a page that is"
            " public already is published again, unless the change is only spelling or layout."
        ),
    )
    is_minor = forms.BooleanField(
        label="Only spelling or layout",
        required=False,
        help_text="Readers are told nothing new: no date moves, and the last review still holds.",
    )
    note = forms.CharField(
        label="Note for colleagues",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Stands in the history. Readers do not see it.",
    )
    based_on_number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # By this the server knows text that arrives after its form was saved.
    form_key = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    # Set for each request by the admin, on a class of its own.
    draft: ClassVar[Draft | None] = None
    version: ClassVar[Version | None] = None
    typed: ClassVar[Any] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.draft is not None:
            self.initial = {**self.initial, **self.draft.many}
        if self.version is not None:
            self.initial["based_on_number"] = self.version.number
            self._keep_telling_of_the_change(self.version)
        self.initial["form_key"] = token_hex(8)
        if self.typed is not None and not self.is_bound:
            self.initial = {**self.initial, **typed_values(self.fields, self.typed)}

    def _keep_telling_of_the_change(self, version: Version) -> None:
        """A draft that is edited further is still the same change, for readers."""
        if version.pk != self.instance.live_version_id:
            self.initial["change_note"] = version.change_note
            self.initial["is_minor"] = version.is_minor


def snapshot_of(form: Any, formsets: Iterable[Any], before: Snapshot | None) -> Snapshot:
    """Return the snapshot that valid forms describe; what they do not ask for stays as it was."""
    page: Page = form.instance
    model = type(page)
    before = before or {"fields": {}, "many": {}, "rows": {}}
    many = dict(before["many"])
    for relation in model._meta.many_to_many:
        if relation.name in form.cleaned_data:
            many[relation.name] = snapshots.references(form.cleaned_data[relation.name])
    rows = dict(before["rows"])
    for formset in formsets:
        if isinstance(formset, PartFormSet):
            rows[formset.fk.remote_field.get_accessor_name()] = formset.rows()
    return {
        "fields": snapshots.values_of(page, snapshots.own_fields(model)),
        "many": {each.name: many.get(each.name, []) for each in model._meta.many_to_many},
        "rows": {name: rows.get(name, []) for name in model.PARTS},
    }
