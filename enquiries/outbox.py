"""Sends the mail that waits in the outbox, at least once each, and not twice in the ordinary case.

A sender claims a mail by moving its next try into the future, in one statement that only one of
several senders can win; a sender that dies leaves a mail that falls due again. The outbox is
drained after each enquiry by the process that took it, and every few seconds by `manage.py
run_jobs` (decision 0012).
"""

import logging
import secrets
import smtplib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.db.models import Q
from django.utils import timezone

from clinic.models import Clinic
from enquiries import emails
from enquiries.crypto import UNREADABLE
from enquiries.models import Enquiry, OutgoingMail, ThreadEntry
from enquiries.querysets import OutgoingMailQuerySet

logger = logging.getLogger(__name__)

# The first wait is longer than a sender can take over one mail, so that no two send the same.
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=4)
# After this many tries, over about a week, mail is given up and stays on the desk.
MAX_ATTEMPTS = 45
# A mail server that hangs must not gather a thread for every visitor. What finds no place here is
# sent by the next sender, or by the jobs.
_places = threading.BoundedSemaphore(2)


class NotAcceptedError(Exception):
    """A mail that cannot be sent as things are; the text says why and quotes nothing."""


class Unreachable(Exception):
    """The mail server does not answer, so there is no use in trying another mail now."""


def add(enquiry: Enquiry, kind: str, *, entry: ThreadEntry | None = None, to: str = "") -> None:
    """Write a mail about an enquiry to the outbox; a notice only once.

    To be called in the transaction that makes the mail necessary, so that neither is there without
    the other.
    """
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    values = {"to": to, "message_id": f"<{secrets.token_hex(12)}.{kind}@{host}>"}
    if entry is not None:
        OutgoingMail.objects.create(enquiry=enquiry, kind=kind, entry=entry, **values)
    else:
        OutgoingMail.objects.get_or_create(enquiry=enquiry, kind=kind, defaults=values)


def drain_soon() -> None:
    """Send what is due without keeping anybody waiting."""
    if not _places.acquire(blocking=False):
        return
    try:
        run_in_background(_drain_and_leave)
    except RuntimeError as error:  # no thread to be had
        _places.release()
        logger.warning("Mail has to wait for the jobs: %s", describe(error))


def run_in_background(work: Callable[[], None]) -> None:
    """Start the work in a thread that does not hold up a shutdown. Tests replace this function."""

    def work_and_disconnect() -> None:
        try:
            work()
        finally:
            connections.close_all()  # the thread's own

    threading.Thread(target=work_and_disconnect, name="outbox", daemon=True).start()


def _drain_and_leave() -> None:
    try:
        drain(limit=40)
    except Exception as error:  # there is nobody above to tell
        logger.error("The sender of enquiry mail stopped: %s", describe(error))
    finally:
        _places.release()


def drain(*, limit: int) -> int:
    """Send what is due, the longest waiting first, at most `limit` mails.

    Returns how many the mail server has taken. A server that cannot be reached ends the round: each
    further mail would wait for it too, and keep the other jobs from their work.
    """
    due = list(_due(timezone.now()).values_list("pk", flat=True)[:limit])
    taken = 0
    for pk in due:
        try:
            taken += _try(pk)
        except Unreachable:
            break
    return taken


def _due(now: datetime) -> OutgoingMailQuerySet:
    """Return the mails to be tried now.

    What was never tried, or would wait longer than we ever wait, is due as well: the clock was set
    back since.
    """
    is_beyond = Q(attempts=0) | Q(due_at__gt=now + _LONGEST_WAIT)
    return OutgoingMail.objects.due(now) | OutgoingMail.objects.waiting().filter(is_beyond)


def _try(pk: int) -> bool:
    """Try to send one mail; one that another sender has just claimed is left to it.

    Raises `Unreachable` after noting it, where it is the mail server that does not answer.
    """
    now = timezone.now()
    mail = _due(now).select_related("enquiry", "entry").filter(pk=pk).first()
    if mail is None or not _claim(mail):
        return False
    tried = OutgoingMail.objects.filter(pk=pk)
    State = OutgoingMail.State  # noqa: N806  (a class, shorter to read)
    try:
        message = emails.message_of(mail, Clinic.current())
        if not any(message.to):
            raise NotAcceptedError("no address to send to")
        if UNREADABLE in message.to or UNREADABLE in message.body:
            raise NotAcceptedError("it cannot be read: its key is missing")
        message.send()
    except Exception as error:  # whatever it is, the mail is kept
        # No traceback: the mail server's answer quotes the address.
        problem = describe(error)
        logger.warning("Mail about enquiry %s: %s", mail.enquiry.reference, problem)
        is_over = _is_final(error) or mail.attempts + 1 >= MAX_ATTEMPTS
        tried.update(last_error=problem[:200], state=State.FAILED if is_over else State.WAITING)
        if _is_no_answer(error):
            raise Unreachable from error
        return False
    tried.update(state=State.SENT, sent_at=timezone.now(), last_error="")
    return True


def _claim(mail: OutgoingMail) -> bool:
    """Take a mail for this sender, if nobody else has taken it since it was read."""
    wait = min(_FIRST_WAIT * 2 ** min(mail.attempts, 10), _LONGEST_WAIT)
    unclaimed = OutgoingMail.objects.filter(
        pk=mail.pk, state=OutgoingMail.State.WAITING, attempts=mail.attempts, due_at=mail.due_at
    )
    return bool(unclaimed.update(attempts=mail.attempts + 1, due_at=timezone.now() + wait))


def try_again(mail: OutgoingMail) -> None:
    """Put a mail that was given up, or came back, into the outbox once more."""
    OutgoingMail.objects.filter(pk=mail.pk).given_up().update(
        state=OutgoingMail.State.WAITING, attempts=0, due_at=timezone.now(), last_error=""
    )


def note_bounce(message_id: str, reason: str) -> bool:
    """Note that a mail came back; say whether it was one of ours."""
    return bool(
        OutgoingMail.objects.filter(message_id=message_id).update(
            state=OutgoingMail.State.BOUNCED, last_error=reason[:200]
        )
    )


def _is_no_answer(error: Exception) -> bool:
    """Say whether the mail server could not be reached, hung or hung up."""
    if isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError):
        return True
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)


def _is_final(error: Exception) -> bool:
    """Say whether the mail server refused the recipient for good (5xx), so that no try helps."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(500 <= code < 600 for code, _ in error.recipients.values())


def describe(error: Exception) -> str:
    """Return an error's kind and code; its text may quote an address, so that stays out."""
    kind = type(error).__name__
    if isinstance(error, NotAcceptedError):
        return str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _ in error.recipients.values()})
        return f"{kind} {', '.join(codes)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{kind} {error.smtp_code}"
    return kind
