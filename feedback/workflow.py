"""What staff may do with a note. Every act is written to the audit log."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from feedback.models import Note
from feedback.retention import erase_on
from publishing.models.audit import name_of, record


def note_reading(user: Any, note: Note) -> None:
    """Log that somebody reads the note."""
    record(user, "read", note)


def finish(user: Any, note: Note, text: str) -> None:
    """Say that the note was dealt with, and how. It is erased sooner from then on."""
    _act(
        user, note, "done", state=Note.State.DONE, done_at=timezone.now(),
        done_by_name=name_of(user)[:160], done_note=text,
    )  # fmt: skip


def reopen(user: Any, note: Note) -> None:
    """Say that there is something to do after all."""
    _act(user, note, "opened again", state=Note.State.NEW, done_at=None, done_by_name="")


def mark_as_spam(user: Any, note: Note) -> None:
    """Say that it is spam: nothing is left to do, and it goes when spam goes."""
    _act(
        user, note, "marked as spam", suspected_spam=True, state=Note.State.DONE,
        done_at=timezone.now(), done_by_name=name_of(user)[:160],
    )  # fmt: skip


def rescue(user: Any, note: Note) -> None:
    """Say that suspected spam is none: it joins the others."""
    _act(
        user, note, "rescued", suspected_spam=False, state=Note.State.NEW, done_at=None,
        done_by_name="",
    )  # fmt: skip


def _act(user: Any, note: Note, act: str, **changes: Any) -> None:
    with transaction.atomic():
        locked = Note.objects.select_for_update().filter(pk=note.pk).first()
        if locked is None:  # erased in the meantime
            return
        for name, value in changes.items():
            setattr(locked, name, value)
        locked.erase_on = erase_on(locked)
        locked.save(update_fields=[*changes, "erase_on"])
        record(user, act, locked)
