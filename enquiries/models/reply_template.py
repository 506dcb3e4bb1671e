"""Replies that staff have worded ahead."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import models

# What a template may leave open, and what stands there in a reply.
PLACEHOLDERS = {
    "name": "the sender’s name as they wrote it",
    "reference": "the enquiry’s reference",
    "clinic": "the clinic’s name",
    "telephone": "the clinic’s telephone number",
    "me": "your own name",
}
_PLACE = re.compile(r"\{([^{}\n]*)\}")


class ReplyTemplate(models.Model):
    """A text to start a reply from. It is filled in, and then changed like any text."""

    name = models.CharField(max_length=80, unique=True, help_text="What staff choose it by.")
    text = models.TextField(
        help_text=(
            "These are filled in: {name}, {reference}, {clinic}, {telephone}, {me}. Anybody on the"
            " way can read email, so leave details of anybody’s health out."
        )
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower numbers come first.")

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        unknown = [name for name in _PLACE.findall(self.text) if name not in PLACEHOLDERS]
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise ValidationError(
                {"text": f"{{{unknown[0]}}} cannot be filled in. These can: {known}."}
            )

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the text with its places filled; what is not known stays as it stands."""
        return _PLACE.sub(lambda place: values.get(place[1], place[0]), self.text)
