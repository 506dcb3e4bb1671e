"""The enquiry form: what it asks, and what it says when an answer will not do."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from conditions.models import Condition
from enquiries import consent
from enquiries.fields import (
    EmailLineField,
    LineField,
    MessageField,
    PractitionerField,
    TelephoneField,
)
from enquiries.models import Enquiry
from enquiries.public_form import PublicForm
from enquiries.submission import Submission
from practitioners.models import Practitioner


class EnquiryForm(PublicForm):
    """The enquiry form."""

    full_name = LineField(
        name="Full name",
        limit=200,
        missing="Enter your full name",
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "name", "spellcheck": "false", "dir": "auto"}
        ),
    )
    email = EmailLineField(
        name="Email address",
        limit=254,
        label="Email address (optional if you give a telephone number)",
        help_text="We use it only to answer you",
        widget=forms.EmailInput(
            attrs={"class": "input", "autocomplete": "email", "spellcheck": "false"}
        ),
    )
    telephone = TelephoneField(
        name="Telephone number",
        limit=60,
        label="Telephone number (optional if you give an email address)",
        help_text="For a number outside the UK, include the country code",
        widget=forms.TextInput(
            attrs={"class": "input input--short", "type": "tel", "autocomplete": "tel"}
        ),
    )
    reply_by_method = forms.ChoiceField(
        label="How would you like us to reply? (optional if you give only one way)",
        choices=Enquiry.ReplyMethod,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "radios__input"}),
        error_messages={"invalid_choice": "Select email or telephone"},
    )
    may_leave_message = forms.BooleanField(
        label="You may leave a message if I do not answer the telephone (optional)",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "checkboxes__input"}),
    )
    condition = forms.ModelChoiceField(
        queryset=Condition.objects.none(),
        to_field_name="slug",
        label="What is it about? (optional)",
        required=False,
        empty_label="Something else, or I am not sure",
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"invalid_choice": "Select what it is about from the list"},
    )
    practitioner = PractitionerField(
        queryset=Practitioner.objects.none(),
        to_field_name="slug",
        label="Who would you like to see? (optional)",
        required=False,
        empty_label="Anyone",
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"invalid_choice": "Select who you would like to see from the list"},
    )
    message = MessageField(
        label="Your message",
        help_text="Up to 4,000 characters. You do not need to tell us about your health",
        error_messages={"required": "Enter your message"},
        widget=forms.Textarea(attrs={"class": "textarea", "rows": "8", "dir": "auto"}),
    )
    health_consent = forms.BooleanField(
        label=f"{consent.CURRENT.health_text} (optional)",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "checkboxes__input"}),
    )
    consent = forms.BooleanField(
        label=consent.CURRENT.text,
        error_messages={
            "required": "Tick the box if you agree that we may use what you write, or call us"
        },
        widget=forms.CheckboxInput(attrs={"class": "checkboxes__input"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        lists: dict[str, QuerySet[Any]] = {
            "condition": Condition.objects.published().only("slug", "name", "order"),
            "practitioner": Practitioner.objects.listed().only(
                "slug", "name", "order", "taking_new_patients"
            ),
        }
        for name, rows in lists.items():
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        # A field with a mistake of its own is not among the answers; it has had its error.
        if {"email", "telephone"} <= answers.keys():
            self._check_contact(answers)
        return answers

    def _check_contact(self, answers: dict[str, Any]) -> None:
        """See that there is a way to reply, and that it is the one that was chosen."""
        Method = Enquiry.ReplyMethod  # noqa: N806  (a class, shorter to read)
        email, telephone, chosen = (
            answers["email"], answers["telephone"], answers.get("reply_by_method")
        )  # fmt: skip
        if not email and not telephone:
            self.add_error("email", "Enter an email address, a telephone number or both")
        elif chosen == Method.EMAIL and not email:
            self.add_error("email", "Enter an email address, or select reply by telephone")
        elif chosen == Method.TELEPHONE and not telephone:
            self.add_error("telephone", "Enter a telephone number, or select reply by email")
        elif chosen == "" and email and telephone:
            self.add_error("reply_by_method", "Select how you would like us to reply")
        elif chosen == "":
            answers["reply_by_method"] = Method.EMAIL if email else Method.TELEPHONE

    def submission(self) -> Submission:
        """Return the checked answers of a valid form."""
        agreed = {"consent", "health_consent"}
        answers = {name: value for name, value in self.cleaned_data.items() if name not in agreed}
        return Submission(**answers, agrees_on_health=self.cleaned_data["health_consent"])
