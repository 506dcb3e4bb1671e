"""Sends the mails about enquiries: at once in the background, and again later where that failed.

The row of the enquiry is the queue. A sender claims a row by moving its next try into the future,
in one statement that only one of several senders can win; a sender that dies leaves a row that
falls due again.
"""

import logging
import smtplib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import connections
from django.utils import timezone

from clinic.models import Clinic
from enquiries import emails
from enquiries.models import Enquiry

logger = logging.getLogger(__name__)

# The first wait is longer than one sender can take over two mails, so that no two send the same.
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=4)
# A mail server that hangs must not gather a thread for every visitor. What finds no place here is
# sent by the next sender, or by the command.
_places = threading.BoundedSemaphore(2)


class NotAcceptedError(Exception):
    """A mail that there is nobody to send to."""


def deliver_soon(pk: int) -> None:
    """Send the mails of one enquiry, and others that are due, without keeping anybody waiting."""
    if not _places.acquire(blocking=False):
        return
    try:
        run_in_background(lambda: _deliver_and_leave(pk))
    except RuntimeError as error:  # no thread to be had
        _places.release()
        logger.warning("Mail has to wait for the command: %s", describe(error))


def run_in_background(work: Callable[[], None]) -> None:
    """Start the work in a thread that does not hold up a shutdown. Tests replace this function."""

    def work_and_disconnect() -> None:
        try:
            work()
        finally:
            connections.close_all()  # the thread's own

    threading.Thread(target=work_and_disconnect, name="enquiry-mail", daemon=True).start()


def _deliver_and_leave(pk: int) -> None:
    try:
        deliver(pk)
        send_pending(limit=20)
    except Exception as error:  # there is nobody above to tell
        logger.error("The sender of enquiry mail stopped: %s", describe(error))
    finally:
        _places.release()


def send_pending(*, limit: int) -> int:
    """Send what is due, oldest first, at most the mails of `limit` enquiries.

    Returns how many enquiries have had all their mail.
    """
    due = list(Enquiry.objects.mail_due().values_list("pk", flat=True)[:limit])
    return sum(deliver(pk) for pk in due)


def deliver(pk: int) -> bool:
    """Send what an enquiry still owes; say whether nothing is left to send.

    An enquiry that another sender has just taken is left to it.
    """
    now = timezone.now()
    enquiry = Enquiry.objects.mail_due(now).filter(pk=pk).first()
    if enquiry is None or not _claim(enquiry, now):
        return False
    clinic = Clinic.current()
    problems = []
    if enquiry.wants_notification:
        problem = _send(enquiry, lambda: emails.notification(enquiry, clinic), "to the clinic")
        problems.append(problem)
        if not problem:
            Enquiry.objects.filter(pk=pk).update(notified_at=timezone.now())
    if enquiry.wants_acknowledgement:
        problem = _send(enquiry, lambda: emails.acknowledgement(enquiry, clinic), "to the sender")
        problems.append(problem)
        if not problem:
            Enquiry.objects.filter(pk=pk).update(acknowledged_at=timezone.now())
    left = "; ".join(filter(None, problems))
    if left:
        Enquiry.objects.filter(pk=pk).update(mail_error=left)
    else:
        Enquiry.objects.filter(pk=pk).update(mail_error="", mail_due_at=None)
    return not left


def _claim(enquiry: Enquiry, now: datetime) -> bool:
    """Take the enquiry's mail for this sender, if nobody else has taken it since it was read."""
    attempts = enquiry.mail_attempts
    wait = min(_FIRST_WAIT * 2 ** min(attempts, 10), _LONGEST_WAIT)
    return bool(
        Enquiry.objects.mail_due(now)
        .filter(pk=enquiry.pk, mail_attempts=attempts)
        .order_by()
        .update(mail_attempts=attempts + 1, mail_due_at=now + wait)
    )


def _send(enquiry: Enquiry, build: Callable[[], EmailMessage], whom: str) -> str:
    """Send one mail; return what went wrong, without naming anybody, or nothing."""
    try:
        message = build()
        if not any(message.to):
            raise NotAcceptedError("no address to send to")
        message.send()
    except Exception as error:  # whatever it is, the enquiry is kept and tried again
        problem = f"{whom}: {describe(error)}"
        # No traceback: the mail server's answer quotes the address.
        logger.warning("Mail about enquiry %s %s", enquiry.reference, problem)
        return problem
    return ""


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
