"""The small forms with which reception answers an enquiry."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from enquiries.fields import EmailLineField, LineField, TelephoneField
from enquiries.models import Enquiry
from enquiries.reference import as_reference
from publishing.models.audit import name_of
from publishing.text import clean_paste, without_surrogates

LONGEST_TEXT = 10_000


class WordsField(forms.CharField):
    """Several lines of plain text."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(
            max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
            **kwargs,
        )  # fmt: skip

    def to_python(self, value: Any) -> str:
        text = without_surrogates(str(value or "")).replace("\x00", "")
        return clean_paste(text).strip()


class StepForm(forms.Form):
    """A form of one step. Its fields are named after the step, as a page holds several."""

    use_required_attribute = False

    def __init__(self, *args: Any, enquiry: Enquiry, user: Any, **kwargs: Any) -> None:
        self.enquiry, self.user = enquiry, user
        super().__init__(*args, **kwargs)


class SeenForm(StepForm):
    """A form that knows what its writer had before them."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_seen(self) -> int:
        return int(self.cleaned_data.get("seen") or 0)


class ReplyForm(SeenForm):
    """A reply by email."""

    text = WordsField(
        rows=10,
        label="Your reply",
        help_text=(
            "Goes by email, which others on the way can read. Leave details of health out; offer to"
            " call instead."
        ),
        error_messages={"required": "Write the reply"},
    )


class CallForm(SeenForm):
    """A telephone call, made or tried."""

    reached = forms.TypedChoiceField(
        label="Did you speak to them?",
        choices=[("yes", "Yes"), ("no", "No, I could not reach them")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you spoke to them"},
    )
    text = WordsField(label="What was said (optional)", required=False)


class NoteForm(StepForm):
    """A note for staff."""

    text = WordsField(
        label="Note for staff",
        help_text="The sender never sees it, but has a right to ask for it.",
        error_messages={"required": "Write the note"},
    )


class PersonChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A member of staff, by name."""

    def label_from_instance(self, obj: Any) -> str:
        return name_of(obj)


class AssignForm(StepForm):
    """Who answers the enquiry."""

    owner = PersonChoiceField(
        queryset=None, required=False, label="Who answers it", empty_label="Nobody yet"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = get_user_model()._default_manager
        may_answer = people.with_perm(
            "enquiries.change_enquiry", backend="django.contrib.auth.backends.ModelBackend"
        )
        owners = may_answer.filter(is_active=True, is_staff=True).order_by("first_name", "username")
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        self.fields["owner"].initial = self.enquiry.owner_id


class CloseForm(StepForm):
    """How the enquiry ended."""

    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=[
            each
            for each in Enquiry.Outcome.choices
            if each[0] not in {"", Enquiry.Outcome.SPAM, Enquiry.Outcome.DUPLICATE}
        ],
        widget=forms.RadioSelect,
        help_text="It decides how long the enquiry is kept.",
        error_messages={"required": "Choose how it ended"},
    )


class MergeForm(StepForm):
    """The other enquiry that this one repeats."""

    reference = forms.CharField(
        label="Reference of the other enquiry",
        max_length=40,
        help_text="For example E-7K4M-2P9Q. This one is closed; the other one stays open.",
        error_messages={"required": "Enter the reference of the other enquiry"},
    )

    def clean_reference(self) -> Enquiry:
        typed = without_surrogates(self.cleaned_data["reference"]).replace("\x00", "")
        reference = as_reference(typed)
        other: Enquiry | None = Enquiry.objects.filter(reference=reference).first()
        if other is None:
            raise ValidationError("There is no enquiry with this reference. Check each letter.")
        return other


class HoldForm(StepForm):
    """Why the enquiry has to be kept past its date."""

    reason = LineField(
        name="Reason",
        limit=300,
        missing="Say why it has to be kept",
        label="Why does it have to be kept longer?",
        help_text="For example: complaint, not settled. Do not write anything about health here.",
    )


class CorrectForm(StepForm):
    """Contact details, corrected at the sender's word."""

    full_name = LineField(name="Full name", limit=200, missing="Enter the full name")
    email = EmailLineField(name="Email address", limit=254, label="Email address")
    telephone = TelephoneField(name="Telephone number", limit=60, label="Telephone number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("full_name", "email", "telephone"):
            self.fields[name].initial = getattr(self.enquiry, name)


class EraseForm(StepForm):
    """That the enquiry is really to be erased."""

    sure = forms.BooleanField(
        label="Erase it for good: message, contact details, replies and notes",
        error_messages={"required": "Tick the box if you want to erase it"},
    )


class PersonForm(forms.Form):
    """By what everything about one person is found."""

    use_required_attribute = False

    email = EmailLineField(name="Email address", limit=254, label="Email address")
    telephone = TelephoneField(name="Telephone number", limit=60, label="Telephone number")

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not self.errors and not any(answers.values()):
            self.add_error("email", "Enter an email address, a telephone number or both")
        return answers
