"""Until when a note is kept, and its erasure."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from enquiries.models import SpamPolicy
from enquiries.retention import leave_no_trace
from feedback.models import Note
from publishing.models import AuditEntry
from publishing.models.audit import record

# As an enquiry for which the clinic has set no time. A note is about the page as it was: after half
# a year the page has been changed or reviewed, or the note will not change it any more.
DAYS_KEPT = 180
# Long enough to see whether the change held, and to answer a reader who writes again.
DAYS_AFTER_DONE = 90
_BY_ITSELF = "its time was over"


def erase_on(note: Note) -> date:
    """Return the day on which a note is erased: whichever of its limits comes first."""
    days = SpamPolicy.current().days_kept if note.suspected_spam else DAYS_KEPT
    limits = [_days_after(note.received_at, min(days, DAYS_KEPT))]
    if note.done_at:
        limits.append(_days_after(note.done_at, DAYS_AFTER_DONE))
    return min(limits)


def _days_after(moment: datetime, days: int) -> date:
    return timezone.localdate(moment) + timedelta(days=days)


def erase(note: Note, user: Any = None) -> None:
    """Erase a note for good: by somebody, or by itself when its time is over."""
    with transaction.atomic():
        current = Note.objects.select_for_update().filter(pk=note.pk).first()
        if current is None:
            return
        record(user, "erased", current, by_name="" if user else _BY_ITSELF)
        current.delete()


def erase_now(user: Any, note: Note) -> None:
    """Erase a note at once, at the word of staff, with its bytes."""
    erase(note, user)
    leave_no_trace()


def purge(now: datetime) -> int:
    """Erase every note whose time is over; return how many."""
    due = list(Note.objects.filter(erase_on__lte=timezone.localdate(now)).only("pk"))
    for note in due:
        erase(note)
    return len(due)


def has_erased_since(moment: datetime | None) -> bool:
    """Say whether a note was erased since the moment, or ever: the audit log knows."""
    erased = AuditEntry.objects.filter(
        act="erased", content_type__app_label="feedback", content_type__model="note"
    )
    if moment is not None:
        erased = erased.filter(at__gt=moment)
    return bool(erased.exists())
