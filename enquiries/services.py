"""Receives an enquiry: stored first, then the clinic and the sender are told."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from clinic.models import Clinic
from enquiries import delivery
from enquiries.models import Enquiry
from enquiries.promise import promised_reply
from enquiries.submission import Submission, form_key, submission_key

# How often to look again when the database refuses a row that is there already.
_TRIES = 3


def find_enquiry(*, submission: Submission, nonce: str) -> Enquiry | None:
    """Return the enquiry that was stored for these answers from this form, if there is one."""
    return Enquiry.objects.filter(submission_key=submission_key(nonce, submission)).first()


def receive_enquiry(*, submission: Submission, nonce: str, consent_version: str) -> Enquiry:
    """Store the enquiry, unless it is stored already, and have the mails sent.

    `nonce` is the form's. The same answers from the same form are one enquiry however often and
    however quickly they arrive. Other answers from the same form are a new enquiry that points at
    the former one. Mail goes out after the row is safe, and cannot fail for the visitor. Raises
    django.db.DatabaseError when the row cannot be stored.
    """
    for _ in range(_TRIES):
        try:
            return find_enquiry(submission=submission, nonce=nonce) or _store(
                submission, nonce, consent_version
            )
        except IntegrityError:
            # Most likely another copy of this very form got in between: look again.
            continue
    return _store(submission, nonce, consent_version)


def _store(submission: Submission, nonce: str, consent_version: str) -> Enquiry:
    with transaction.atomic():
        # Read here, so that on SQLite the row we correct cannot appear after we looked.
        now = timezone.now()
        clinic = Clinic.current()
        form = form_key(nonce)
        enquiry = Enquiry.objects.create(
            **vars(submission),
            consent_given_at=now,
            consent_wording_version=consent_version,
            received_at=now,
            reply_by=promised_reply(clinic, now),
            mail_due_at=now,
            form_key=form,
            submission_key=submission_key(nonce, submission),
            corrects=Enquiry.objects.filter(form_key=form).order_by("-received_at", "-pk").first(),
        )
        # Robust: the row is safe by then, so nothing that goes wrong may reach the visitor.
        transaction.on_commit(lambda: delivery.deliver_soon(enquiry.pk), robust=True)
    return enquiry
