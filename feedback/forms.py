"""The form for a note on a page, and those by which staff deal with one."""

from django import forms

from enquiries.desk_forms import WordsField
from enquiries.fields import EmailLineField, MessageField
from enquiries.public_form import PublicForm
from feedback import places
from feedback.models import Note

MESSAGE_LIMIT = 2000


class PageField(forms.CharField):
    """The address of the page. What is none of ours counts as nothing."""

    widget = forms.HiddenInput

    def to_python(self, value: object) -> str:
        place = places.find(str(value or ""))
        return place.path if place else ""


class NoteForm(PublicForm):
    """What is wrong with a page."""

    page = PageField(required=False)
    kind = forms.ChoiceField(
        label="What is wrong?",
        choices=Note.Kind,
        widget=forms.RadioSelect(attrs={"class": "radios__input"}),
        error_messages={
            "required": "Select what is wrong",
            "invalid_choice": "Select what is wrong from the list",
        },
    )
    message = MessageField(
        limit=MESSAGE_LIMIT,
        label="Tell us more",
        help_text=f"Up to {MESSAGE_LIMIT:,} characters. Please write nothing about your health",
        error_messages={"required": "Tell us what is wrong"},
        widget=forms.Textarea(attrs={"class": "textarea", "rows": "6", "dir": "auto"}),
    )
    email = EmailLineField(
        name="Email address",
        limit=254,
        label="Email address (optional)",
        help_text="Only if you want an answer",
        widget=forms.EmailInput(
            attrs={"class": "input", "autocomplete": "email", "spellcheck": "false"}
        ),
    )


class DoneForm(forms.Form):
    """What was done about a note."""

    use_required_attribute = False

    text = WordsField(
        label="What was done (optional)",
        required=False,
        help_text="For example: date corrected. Do not write anything about health here.",
    )


class EraseForm(forms.Form):
    """That the note is really to be erased."""

    use_required_attribute = False

    sure = forms.BooleanField(
        label="Erase it for good: message and email address",
        error_messages={"required": "Tick the box if you want to erase it"},
    )
