"""Receives an enquiry: the row and the mail to be sent are written together, or not at all."""

import json
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from clinic.models import Clinic
from enquiries import outbox, screening
from enquiries.flagging import flags_in
from enquiries.models import Enquiry, OutgoingMail
from enquiries.promise import promised_reply
from enquiries.retention import erase_on
from enquiries.spam.judgement import Judgement
from enquiries.submission import (
    Sending,
    Submission,
    answers_key,
    answers_keys,
    form_key,
    submission_key,
)

# How often to look again when the database refuses a row that is there already.
_TRIES = 3
# The same answers again within so long are the same enquiry, from whichever tab they come.
SAME_ANSWERS = timedelta(hours=24)


def find_enquiry(*, submission: Submission, nonce: str) -> Enquiry | None:
    """Return the enquiry that was stored for these answers, if there is one.

    The same form is known at any time, another copy of it with the same answers for a day.
    """
    own = Enquiry.objects.filter(submission_key=submission_key(nonce, submission)).first()
    return own or (
        Enquiry.objects.filter(
            answers_key__in=answers_keys(submission),
            received_at__gt=timezone.now() - SAME_ANSWERS,
        )
        .order_by("received_at")
        .first()
    )


def receive_enquiry(*, submission: Submission, sending: Sending) -> Enquiry:
    """Store the enquiry and its mail, unless they are stored already.

    The same answers are one enquiry however often and however quickly they arrive. Other answers
    from the same form are a new enquiry that points at the former one. Mail is sent after the
    rows are safe, and cannot fail for the visitor. Raises django.db.DatabaseError when the rows
    cannot be stored.
    """
    for _ in range(_TRIES):
        try:
            return find_enquiry(submission=submission, nonce=sending.nonce) or _store(
                submission, sending
            )
        except IntegrityError:
            # Most likely another copy of this very form got in between: look again.
            continue
    return _store(submission, sending)


def _store(submission: Submission, sending: Sending) -> Enquiry:
    with transaction.atomic():
        _wait_for_the_same_answers(answers_key(submission))
        stored = find_enquiry(submission=submission, nonce=sending.nonce)
        if stored is not None:
            return stored
        # Read here, so that on SQLite the row we correct cannot appear after we looked.
        now = timezone.now()
        clinic = Clinic.current()
        form = form_key(sending.nonce)
        agrees_on_health = submission.agrees_on_health
        found = flags_in(submission.message, submission.condition)
        judgement = screening.judge_submission(submission, sending, now)
        answers = {
            name: value for name, value in vars(submission).items() if name != "agrees_on_health"
        }
        enquiry = Enquiry(
            **answers,
            consent_given_at=now,
            consent_wording_version=sending.consent_version,
            health_consent_given_at=now if agrees_on_health else None,
            health_consent_version=sending.consent_version if agrees_on_health else "",
            received_at=now,
            reply_by=promised_reply(clinic, now),
            urgency=found.urgency,
            red_flags=json.dumps(found.kept) if found.kept else "",
            suspected_spam=_is_set_aside(judgement, found.urgency, sending),
            spam_reasons=judgement.words if judgement.is_suspected else "",
            is_test=sending.is_test,
            form_key=form,
            submission_key=submission_key(sending.nonce, submission),
            answers_key=answers_key(submission),
            corrects=Enquiry.objects.filter(form_key=form).order_by("-received_at", "-pk").first(),
        )
        enquiry.erase_on = erase_on(enquiry)
        enquiry.save()
        if not sending.is_test:
            # Our own tests are not counted against people who share their network.
            screening.remember(submission.message, sending, now)
        outbox.add(enquiry, OutgoingMail.Kind.NOTIFICATION)
        if enquiry.email and not sending.is_test:
            outbox.add(enquiry, OutgoingMail.Kind.ACKNOWLEDGEMENT)
        # Robust: the rows are safe by then, so nothing that goes wrong may reach the visitor.
        transaction.on_commit(outbox.drain_soon, robust=True)
    return enquiry


def _wait_for_the_same_answers(key: str) -> None:
    """Let two tabs that send the same at the same moment go on one after the other.

    On SQLite every transaction that writes already waits for the one before it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _is_set_aside(judgement: Judgement, urgency: int, sending: Sending) -> bool:
    """Say whether an enquiry is kept apart as suspected spam.

    A warning sign counts for more than any suspicion, and a test of our own goes the whole way.
    """
    is_exempt = sending.is_test or urgency >= Enquiry.Urgency.URGENT
    return judgement.is_suspected and not is_exempt
