"""Until when an enquiry is kept, and its erasure: every word of it, and what is left."""

from datetime import date, datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from enquiries import keepers
from enquiries.figures import fact_of
from enquiries.models import Enquiry, JobRun, RetentionRule, SpamPolicy, Tombstone

# For a clinic that has set no time for an outcome.
DAYS_WITHOUT_RULE = 180
WIPE = "wipe what was erased"


class Held(Exception):
    """A reason on record stops an enquiry from being erased."""


def erase_on(enquiry: Enquiry) -> date:
    """Return the day on which an enquiry is erased, as its outcome and the clinic's rules say.

    Suspected spam has a time of its own, from the day it came. What is closed counts from its
    closing, anything else from the day it came.
    """
    if enquiry.suspected_spam:
        return _days_after(enquiry.received_at, SpamPolicy.current().days_kept)
    rule = RetentionRule.objects.filter(outcome=enquiry.outcome).first()
    start = enquiry.closed_at if enquiry.outcome and enquiry.closed_at else enquiry.received_at
    return _days_after(start, rule.days if rule else DAYS_WITHOUT_RULE)


def _days_after(moment: datetime, days: int) -> date:
    return timezone.localdate(moment) + timedelta(days=days)


def reschedule() -> int:
    """Work out every enquiry's day anew, after a rule was changed; return how many moved."""
    moved = 0
    with transaction.atomic():
        fields = ("outcome", "closed_at", "received_at", "suspected_spam", "erase_on")
        for enquiry in Enquiry.objects.only("pk", *fields).iterator():
            day = erase_on(enquiry)
            if day != enquiry.erase_on:
                moved += Enquiry.objects.filter(pk=enquiry.pk).update(erase_on=day)
    return moved


def erase(enquiry: Enquiry, why: str, by_name: str = "") -> Tombstone | None:
    """Erase an enquiry with its thread, its mail and its keys; return what is left of it.

    A test of our own leaves nothing. Raises `Held` where a reason on record stops it.
    """
    with transaction.atomic():
        current = Enquiry.objects.select_for_update().filter(pk=enquiry.pk).first()
        if current is None:
            return Tombstone.objects.filter(reference=enquiry.reference).first()
        if current.is_held:
            raise Held(current.hold_reason)
        tombstone = None
        if not current.is_test:
            tombstone = Tombstone.objects.create(
                **_remains(current), why=why, erased_at=timezone.now(), erased_by_name=by_name
            )
        current.delete()
    return tombstone


def _remains(enquiry: Enquiry) -> dict[str, object]:
    fact = fact_of(enquiry)
    return {
        "reference": enquiry.reference,
        "received_week": fact.week,
        "condition_name": fact.condition,
        "practitioner_name": fact.practitioner,
        "outcome": fact.outcome,
        "minutes_to_reply": fact.minutes_to_reply,
        "was_in_time": fact.was_in_time,
    }


def purge(now: datetime) -> int:
    """Erase everything whose time is over, here and in other apps; return how much that was."""
    due = Enquiry.objects.due_for_erasure(timezone.localdate(now))
    count = 0
    for enquiry in list(due.only("pk", "reference")):
        try:
            erase(enquiry, Tombstone.Why.SCHEDULE)
        except Held:  # since we looked
            continue
        count += 1
    count += keepers.purge(now)
    # Even if there was nothing: a reader may have been in the way the last time.
    leave_no_trace()
    return count


def leave_no_trace() -> bool:
    """Have the database drop the bytes of erased rows that it still keeps; say whether it did.

    SQLite overwrites them at once (`secure_delete`), but its write-ahead log holds earlier copies
    of the pages until it is emptied, for which no reader may be in the way. PostgreSQL drops them
    at its next VACUUM; the README says how to run one at once.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = cursor.fetchone()
    return not is_busy


def wipe(now: datetime) -> bool:
    """Write the whole database anew if anything was erased since that was last done.

    When SQLite moves a row from one page to another, its former bytes may stay behind in the gap
    between others, where deleting the row does not reach them. Only a new copy of the database is
    sure to hold none.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    erased = Tombstone.objects.all()
    last = JobRun.objects.filter(name=WIPE).values_list("succeeded_at", flat=True).first()
    # An hour more, for what was erased while it was being done.
    since = last - timedelta(hours=1) if last is not None else None
    if since is not None:
        erased = erased.filter(erased_at__gt=since)
    if not erased.exists() and not keepers.has_erased_since(since):
        return False
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    if not leave_no_trace():
        raise OperationalError("a reader was in the way")
    return True
