"""The small forms by which a page goes from draft to public, and back."""

from datetime import datetime
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from publishing.addresses import page_at, path_of
from publishing.models import Page, Review
from publishing.workflow import MAX_LINK_DAYS

DateInput = forms.DateInput
NOW, LATER = "now", "later"


def _date_widget() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _time_widget() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SubmitForm(forms.Form):
    """Hands the newest version in for review."""

    asked = forms.ModelChoiceField(
        queryset=User.objects.none(),  # the people, once the app that has them is there
        required=False,
        label="Who should review it",
        empty_label="Any clinical reviewer",
    )
    note = forms.CharField(
        label="Note for the reviewer",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = apps.get_model(settings.PUBLISHING_PERSON_MODEL)._default_manager
        self.fields["asked"].queryset = people.filter(user__is_active=True)  # type: ignore[attr-defined]


class MomentForm(forms.Form):
    """Now, or at a time in the clinic's own time zone."""

    when = forms.ChoiceField(
        label="When", choices=[(NOW, "Now"), (LATER, "At a time")], initial=NOW,
        widget=forms.RadioSelect,
    )  # fmt: skip
    day = forms.DateField(label="Day", required=False, widget=_date_widget())
    time = forms.TimeField(label="Time", required=False, widget=_time_widget())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["at"] = None
        if cleaned.get("when") != LATER or self.errors:
            return cleaned
        day, time = cleaned.get("day"), cleaned.get("time")
        if day is None or time is None:
            raise ValidationError("Give both a day and a time, or choose “Now”.")
        cleaned["at"] = moment(datetime.combine(day, time))
        return cleaned


def moment(local: datetime) -> datetime:
    """Return a time on the clinic's clock as a moment. Refuses one that the clocks skip or repeat.

    On the night when summer time begins an hour does not exist; when it ends, one comes twice.
    """
    zone = timezone.get_default_timezone()
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() != second.utcoffset():
        raise ValidationError(
            "The clocks change in that hour, so this time comes twice or not at all. Choose a time"
            " an hour earlier or later."
        )
    return first


class PublishForm(MomentForm):
    """Publishes the newest version."""

    accepts_warnings = forms.BooleanField(
        label="I have read the warnings above and publish all the same", required=False
    )
    unreviewed_reason = forms.CharField(
        label="Why it is published without a clinical review",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WithdrawForm(MomentForm):
    """Takes a page from the public."""

    reason = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Readers who come to the page's address are told.",
        error_messages={"required": "Say why the page is withdrawn."},
    )
    merged_into = forms.CharField(
        label="Address of the page that takes its place",
        required=False,
        max_length=200,
        help_text="Such as /conditions/back-pain/. Readers are then sent there, for good.",
    )

    def clean_merged_into(self) -> Page | None:
        address = self.cleaned_data["merged_into"]
        if not address:
            return None
        page = page_at(path_of(address))
        if page is None:
            raise ValidationError(
                f"There is no page at “{address}”. Copy its address from your browser, or leave"
                " this empty."
            )
        return page


class ShareForm(forms.Form):
    """Makes a link for somebody without an account."""

    invited = forms.CharField(
        label="Who it is for",
        max_length=120,
        error_messages={"required": "Say who the link is for."},
    )
    days = forms.IntegerField(
        label="Days until it ends", min_value=1, max_value=MAX_LINK_DAYS, initial=14
    )


class DecisionForm(forms.Form):
    """What a reviewer decides, with a remark for each heading of the page."""

    decision = forms.ChoiceField(
        label="Your decision",
        choices=Review.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a decision."},
    )

    def __init__(self, *args: Any, headings: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = headings
        for number, heading in enumerate(headings):
            self.fields[f"remark_{number}"] = forms.CharField(
                label=f"Remark on “{heading}”",
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def remarks(self) -> list[dict[str, str]]:
        """Return the remarks that were made, with their headings."""
        told = ((each, self.cleaned_data[f"remark_{n}"]) for n, each in enumerate(self.headings))
        return [{"heading": heading, "text": text} for heading, text in told if text.strip()]


class StaffDecisionForm(DecisionForm):
    """The decision of a reviewer of the clinic."""

    next_review_due = forms.DateField(
        label="Next review due",
        required=False,
        widget=_date_widget(),
        help_text="Readers see it. Sooner where the evidence moves; at most three years ahead.",
    )


class OutsideDecisionForm(DecisionForm):
    """The decision of a reviewer from outside, who says who they are."""

    name = forms.CharField(
        label="Your name",
        max_length=160,
        error_messages={"required": "Give your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    registration = forms.CharField(
        label="Your registration",
        max_length=80,
        help_text="The register and your number in it, for example GMC 1234567. Readers see both.",
        error_messages={"required": "Give the register and your number in it."},
    )
