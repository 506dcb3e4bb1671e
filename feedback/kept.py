"""Notes as what we keep of a person: found by email address, erased on time (enquiries/keepers)."""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone

from enquiries.flagging import flags_of
from enquiries.keepers import Keeper, KeptRow
from feedback import retention
from feedback.models import Note


def rows_of(email: str) -> list[KeptRow]:
    """Return the notes that came from an email address, oldest first."""
    notes = Note.objects.from_email(email).order_by("received_at", "pk")
    return [
        KeptRow(
            row=note,
            title=f"Note on a page {note.reference}",
            address=reverse("admin:feedback_note_change", args=[note.pk]),
            erase_on=note.erase_on,
            data=as_data(note),
            erase=partial(_erase, note),
        )
        for note in notes
    ]


def _erase(note: Note, user: Any) -> None:
    retention.erase_now(user, note)


def as_data(note: Note) -> dict[str, Any]:
    """Return all that a note holds about its sender, under names that people understand."""
    return {
        "reference": note.reference,
        "received": _moment(note.received_at),
        "page": note.page,
        "what is wrong": note.get_kind_display(),
        "message": note.message,
        "email address": note.email,
        "warning signs that were found": "; ".join(flag["sign"] for flag in flags_of(note)),
        "thought to be spam because": note.spam_reasons,
        "status": note.get_state_display(),
        "done": _moment(note.done_at),
        "what was done": note.done_note,
        "erased on": note.erase_on.isoformat(),
    }


def _moment(moment: Any) -> str:
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else ""


KEEPER = Keeper(
    name="notes on pages",
    of_person=rows_of,
    purge=retention.purge,
    has_erased_since=retention.has_erased_since,
)
