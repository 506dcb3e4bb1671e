"""What staff may do with an enquiry. Every act is written to its thread and to the audit log."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from enquiries import outbox, retention
from enquiries.models import Enquiry, OutgoingMail, ThreadEntry, Tombstone, Viewing
from publishing.models.audit import name_of, record

# Somebody who loaded the page so long ago is taken to be still looking at it.
STILL_LOOKING = timedelta(minutes=10)

_Kind = ThreadEntry.Kind
_Status = Enquiry.Status


class Refused(Exception):
    """An act that is not possible; the text says why and what can be done."""


# --- reading --------------------------------------------------------------------------------------


def note_reading(user: Any, enquiry: Enquiry) -> None:
    """Log that somebody reads the enquiry, and stop the clock of how long it lay unread.

    Coming back to the page within a few minutes is one reading.
    """
    now = timezone.now()
    with transaction.atomic():
        former = Viewing.objects.filter(enquiry=enquiry, user=user).first()
        if former is None or former.seen_at < now - STILL_LOOKING:
            record(user, "read", enquiry)
        Viewing.objects.update_or_create(enquiry=enquiry, user=user, defaults={"seen_at": now})
        if enquiry.first_read_at is None:
            Enquiry.objects.filter(pk=enquiry.pk, first_read_at=None).update(first_read_at=now)
            enquiry.first_read_at = now


def others_looking(user: Any, enquiry: Enquiry) -> list[str]:
    """Return who else has had the enquiry before them in the last few minutes."""
    recent = Viewing.objects.filter(
        enquiry=enquiry, seen_at__gt=timezone.now() - STILL_LOOKING
    ).exclude(user=user)
    return [name_of(viewing.user) for viewing in recent.select_related("user")]


def newest_entry(enquiry: Enquiry) -> int:
    """Return the number of the newest entry of the thread; 0 if there is none."""
    return enquiry.thread.order_by("-pk").values_list("pk", flat=True).first() or 0


def _refuse_if_answered_meanwhile(user: Any, enquiry: Enquiry, seen: int) -> None:
    newer = enquiry.thread.filter(pk__gt=seen, kind__in=[_Kind.REPLY, _Kind.CALL])
    other = newer.exclude(author=user).last()
    if other is not None:
        what = "replied" if other.kind == _Kind.REPLY else "wrote down a call"
        raise Refused(
            f"{other.author_name} {what} at {timezone.localtime(other.created_at):%H:%M}, after you"
            " opened this page. Read it in the thread, then send yours if it is still needed."
        )


# --- answering ------------------------------------------------------------------------------------


def add_note(user: Any, enquiry: Enquiry, text: str) -> None:
    """Add a note that only staff see."""
    with transaction.atomic():
        _write(user, enquiry, _Kind.NOTE, text)
        record(user, "noted", enquiry)


def reply(user: Any, enquiry: Enquiry, text: str, *, seen: int) -> None:
    """Write a reply by email: to the thread and to the outbox together.

    `seen` is the newest entry that the writer had before them.
    """
    if not enquiry.email:
        raise Refused("They gave no email address. Call them, and record the call.")
    if not enquiry.is_open:
        raise Refused("This enquiry is closed. Open it again before you reply.")
    with transaction.atomic():
        locked = _lock(enquiry)
        _refuse_if_answered_meanwhile(user, locked, seen)
        entry = _write(user, locked, _Kind.REPLY, text)
        outbox.add(locked, OutgoingMail.Kind.REPLY, entry=entry, to=locked.email)
        _answered(user, locked)
        record(user, "replied", enquiry)
        transaction.on_commit(outbox.drain_soon, robust=True)


def record_call(user: Any, enquiry: Enquiry, text: str, *, reached: bool, seen: int) -> None:
    """Record a telephone call. One that reached the sender counts as the answer."""
    with transaction.atomic():
        locked = _lock(enquiry)
        _refuse_if_answered_meanwhile(user, locked, seen)
        start = "Spoke to them." if reached else "Tried to call; could not speak to them."
        _write(user, locked, _Kind.CALL, f"{start}\n{text}".strip())
        if reached:
            _answered(user, locked)
        record(user, "called", enquiry)


def _answered(user: Any, enquiry: Enquiry) -> None:
    changes: dict[str, Any] = {"status": _Status.WAITING}
    if enquiry.first_replied_at is None:
        changes["first_replied_at"] = timezone.now()
    if enquiry.owner_id is None:
        changes["owner"] = user
    _change(enquiry, **changes)


# --- where it stands ------------------------------------------------------------------------------


def assign(user: Any, enquiry: Enquiry, owner: Any) -> None:
    """Say who answers the enquiry; nobody, if `owner` is none. What is taken is no longer new."""
    _refuse_closed(enquiry)
    status = enquiry.status
    if owner is not None and status == _Status.NEW:
        status = _Status.IN_PROGRESS
    words = f"{name_of(owner)} answers it." if owner else "Nobody answers it at the moment."
    _act(user, enquiry, "assigned", words, owner=owner, status=status)


def wait_for_sender(user: Any, enquiry: Enquiry) -> None:
    """Say that the next word is the sender's."""
    _refuse_closed(enquiry)
    _act(user, enquiry, "set to waiting", "Waits for the sender.", status=_Status.WAITING)


def back_to_work(user: Any, enquiry: Enquiry) -> None:
    """Say that the next word is ours: after waiting, or after it was closed too early."""
    if enquiry.suspected_spam:
        raise Refused("This is kept apart as spam. Choose “This is not spam” instead.")
    _act(
        user, enquiry, "opened again", "Open again: the next word is ours.",
        status=_Status.IN_PROGRESS, outcome=Enquiry.Outcome.OPEN, closed_at=None,
        merged_into=None,
    )  # fmt: skip


def close(user: Any, enquiry: Enquiry, outcome: str) -> None:
    """Close the enquiry with its outcome, which says until when it is kept."""
    if not outcome:
        raise Refused("Choose how it ended: it decides how long the enquiry is kept.")
    _refuse_closed(enquiry)
    label = Enquiry.Outcome(outcome).label
    _act(
        user, enquiry, "closed", f"Closed: {label}.",
        status=_Status.CLOSED, outcome=outcome, closed_at=timezone.now(),
    )  # fmt: skip


def _refuse_closed(enquiry: Enquiry) -> None:
    if not enquiry.is_open:
        what = "closed as spam" if enquiry.suspected_spam else "closed"
        raise Refused(f"This enquiry is {what}. Open it again first.")


# --- spam and doubles -----------------------------------------------------------------------------


def rescue(user: Any, enquiry: Enquiry) -> None:
    """Say that suspected spam is none: it joins the others, and its mail goes out."""
    if not enquiry.suspected_spam:
        raise Refused("This enquiry is among the others already.")
    with transaction.atomic():
        _act(
            user, enquiry, "rescued", "Not spam.",
            suspected_spam=False, status=_Status.NEW, outcome=Enquiry.Outcome.OPEN,
            closed_at=None,
        )  # fmt: skip
        transaction.on_commit(outbox.drain_soon, robust=True)


def mark_as_spam(user: Any, enquiry: Enquiry) -> None:
    """Say that it is spam: it is closed, its mail stays, and it goes when spam goes."""
    _refuse_closed(enquiry)
    _act(
        user, enquiry, "marked as spam", "Spam.",
        suspected_spam=True, status=_Status.CLOSED, outcome=Enquiry.Outcome.SPAM,
        closed_at=timezone.now(),
    )  # fmt: skip


def merge(user: Any, double: Enquiry, into: Enquiry) -> None:
    """Close an enquiry as the same as another one. Both threads stay, and point at each other."""
    if double.pk == into.pk:
        raise Refused("That is this enquiry itself. Enter the reference of the other one.")
    _refuse_closed(double)
    if into.merged_into_id == double.pk:
        raise Refused(f"{into} was already merged into this one.")
    if not (shares_contact(double, into)):
        raise Refused(
            f"{into} has another email address and telephone number. Merge only what one person"
            " sent; correct the contact details first if they are wrong."
        )
    with transaction.atomic():
        _act(
            user, double, "merged", f"The same as {into}.",
            merged_into=into, status=_Status.CLOSED, outcome=Enquiry.Outcome.DUPLICATE,
            closed_at=timezone.now(),
        )  # fmt: skip
        _write(user, into, _Kind.EVENT, f"{double} is the same and was merged into this one.")


def shares_contact(one: Enquiry, other: Enquiry) -> bool:
    """Say whether two enquiries have an email address or a telephone number in common."""
    return bool(
        (one.email_key and one.email_key == other.email_key)
        or (one.telephone_key and one.telephone_key == other.telephone_key)
    )


# --- how long it is kept --------------------------------------------------------------------------


def hold(user: Any, enquiry: Enquiry, reason: str) -> None:
    """Keep the enquiry past its date, for a reason on record."""
    if not reason.strip():
        raise Refused("Say why it has to be kept, for example: complaint of 3 May, not settled.")
    _act(
        user, enquiry, "held", "Kept past its date.",
        hold_reason=reason.strip(), held_by_name=name_of(user),
    )  # fmt: skip


def release(user: Any, enquiry: Enquiry) -> None:
    """Let the enquiry be erased on its date again."""
    _act(user, enquiry, "released", "Erased on its date again.", hold_reason="", held_by_name="")


def erase_now(user: Any, enquiry: Enquiry) -> None:
    """Erase the enquiry at once, for good."""
    try:
        with transaction.atomic():
            record(user, "erased", enquiry)
            retention.erase(enquiry, Tombstone.Why.STAFF, name_of(user))
    except retention.Held as held:
        raise Refused(f"It is kept because: {held}. Release it first.") from None
    retention.leave_no_trace()


def correct(user: Any, enquiry: Enquiry, **contact: str) -> None:
    """Correct name, email address or telephone number, at the sender's word."""
    changed = [name for name, value in contact.items() if getattr(enquiry, name) != value]
    if not changed:
        return
    if not (contact["email"] or contact["telephone"]):
        raise Refused("Leave an email address, a telephone number or both.")
    names = {"full_name": "name", "email": "email address", "telephone": "telephone number"}
    words = ", ".join(names[name] for name in changed)
    _act(user, enquiry, "corrected", f"Corrected: {words}.", **contact)


# --- how an act is written ------------------------------------------------------------------------


def _act(user: Any, enquiry: Enquiry, act: str, words: str, **changes: Any) -> None:
    with transaction.atomic():
        _change(_lock(enquiry), **changes)
        _write(user, enquiry, _Kind.EVENT, words)
        record(user, act, enquiry)
    enquiry.refresh_from_db()


def _lock(enquiry: Enquiry) -> Enquiry:
    """Return the row as it is now, for this transaction alone."""
    locked: Enquiry | None = Enquiry.objects.select_for_update().filter(pk=enquiry.pk).first()
    if locked is None:
        raise Refused("This enquiry has been erased in the meantime.")
    return locked


def _change(enquiry: Enquiry, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(enquiry, name, value)
    enquiry.erase_on = retention.erase_on(enquiry)
    enquiry.save(update_fields=[*changes, "erase_on"])


def _write(user: Any, enquiry: Enquiry, kind: str, text: str) -> ThreadEntry:
    return ThreadEntry.objects.create(
        enquiry=enquiry, kind=kind, author=user, author_name=name_of(user)[:160], text=text
    )
