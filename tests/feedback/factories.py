"""Notes on pages, as if they had come in."""

from datetime import date
from itertools import count
from typing import Any

from feedback.models import Note

_numbers = count(1)


def make_note(**fields: Any) -> Note:
    """Make a note about the list of conditions that nobody has dealt with."""
    fields = {
        "page": "/conditions/",
        "kind": Note.Kind.MISTAKE,
        "message": "The second date is wrong.",
        "erase_on": date(2099, 1, 1),
        "submission_key": f"note {next(_numbers)}",
    } | fields
    return Note.objects.create(**fields)
