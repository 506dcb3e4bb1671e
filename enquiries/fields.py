"""Form fields that take whatever people type and never cut it off while they type.

None sets `maxlength`: a browser would then drop the end of what is pasted without a word. What is
too long comes back with an error and the whole text.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from enquiries.characters import count_characters, has_visible_character
from publishing.text import clean_line, clean_paste

MESSAGE_LIMIT = 4000
# Cleaning takes time that grows with the text, so what is far too long is refused before it is
# cleaned. A single character that people see can be ten code points long, but hardly ever is.
_CODE_POINTS_EACH = 10

# Marks that steer the direction of text come along when an address or a number is copied from
# elsewhere.
_INVISIBLE_SIGNS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]")


class LineField(forms.CharField):
    """One line of text. `name` is what errors call it: "Full name"."""

    def __init__(self, *, name: str, limit: int, missing: str = "", **kwargs: Any) -> None:
        self.too_long = ValidationError(f"{name} must be {limit} characters or fewer")
        self.missing = missing
        self.limit = limit
        super().__init__(required=bool(missing), error_messages={"required": missing}, **kwargs)

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        if len(text) > self.limit * _CODE_POINTS_EACH:
            raise self.too_long
        text = self.tidy(text)
        if len(text) > self.limit:
            raise self.too_long
        return text if has_visible_character(text) else ""

    def tidy(self, text: str) -> str:
        """Return the text without what nobody typed on purpose."""
        return clean_line(text)


class EmailLineField(LineField):
    """An email address."""

    default_validators = [
        EmailValidator(
            message="Enter an email address in the correct format, like name@example.com"
        )
    ]

    def tidy(self, text: str) -> str:
        return clean_line(_INVISIBLE_SIGNS.sub("", text))


class TelephoneField(LineField):
    """A telephone number from anywhere, as people write it.

    It is kept as it was typed. Words are welcome beside the digits ("ext 12", "after 5pm"),
    because it is a person who rings. Digits of any script count.
    """

    FEWEST_DIGITS = 7
    MOST_DIGITS = 20

    def tidy(self, text: str) -> str:
        return clean_line(_INVISIBLE_SIGNS.sub("", text))

    def validate(self, value: Any) -> None:
        super().validate(value)
        digits = sum(mark.isdecimal() for mark in value)
        is_number = self.FEWEST_DIGITS <= digits <= self.MOST_DIGITS and "@" not in value
        if value and not is_number:
            raise ValidationError(
                "Enter a telephone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192"
            )


class MessageField(forms.CharField):
    """The message, with a limit counted in characters as a person would count them."""

    widget = forms.Textarea

    def __init__(self, *, limit: int = MESSAGE_LIMIT, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        if len(text) > self.limit * _CODE_POINTS_EACH:
            raise self._too_long()
        text = clean_paste(text).strip()
        if count_characters(text) > self.limit:
            raise self._too_long()
        return text if has_visible_character(text) else ""

    def _too_long(self) -> ValidationError:
        return ValidationError(f"Message must be {self.limit:,} characters or fewer")


class PractitionerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Who somebody would like to see. People who take nobody new stay for those who know them."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj) if obj.taking_new_patients else f"{obj} (not taking new patients)"
