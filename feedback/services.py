"""Receives a note: matched to the red flags, judged by the spam checks, and stored once."""

import json
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from enquiries import screening
from enquiries.flagging import flags_in
from enquiries.models import Enquiry
from enquiries.submission import Sending, submission_key
from feedback.models import Note
from feedback.retention import erase_on

# By which the arrivals of notes are told from those of enquiries.
_FORM = "note "


@dataclass(frozen=True, kw_only=True)
class Written:
    """The checked answers of one form."""

    page: str
    kind: str
    message: str
    email: str


def find_note(written: Written, nonce: str) -> Note | None:
    """Return the note that was stored for these answers from this form, if there is one."""
    found: Note | None = Note.objects.filter(submission_key=submission_key(nonce, written)).first()
    return found


def receive_note(written: Written, sending: Sending) -> Note:
    """Store the note, unless it is stored already: a form that is sent twice is one note.

    Neither a red flag nor the suspicion of spam stops it. Raises django.db.DatabaseError when it
    cannot be stored.
    """
    stored = find_note(written, sending.nonce)
    if stored is not None:
        return stored
    try:
        return _store(written, sending)
    except IntegrityError:
        # Most likely a second click got in between.
        stored = find_note(written, sending.nonce)
        if stored is None:
            raise
        return stored


@transaction.atomic
def _store(written: Written, sending: Sending) -> Note:
    now = timezone.now()
    found = flags_in(written.message)
    judgement = screening.judge_message(
        written.message, sending, now, form=_FORM, email=written.email
    )
    note = Note(
        **vars(written),
        received_at=now,
        urgency=found.urgency,
        red_flags=json.dumps(found.kept) if found.kept else "",
        # A warning sign counts for more than any suspicion.
        suspected_spam=judgement.is_suspected and found.urgency < Enquiry.Urgency.URGENT,
        spam_reasons=judgement.words if judgement.is_suspected else "",
        submission_key=submission_key(sending.nonce, written),
    )
    note.erase_on = erase_on(note)
    note.save()
    screening.remember(written.message, sending, now, form=_FORM)
    return note
