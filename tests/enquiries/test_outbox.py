"""The outbox: mail is tried until it is taken, and its trouble is never the visitor's."""

import logging
import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from clinic.models import Clinic
from enquiries import emails, outbox, workflow
from enquiries.crypto import UNREADABLE, new_key
from enquiries.models import Enquiry, OutgoingMail, ThreadEntry
from tests.enquiries.conftest import answers
from tests.factories import make_enquiry, make_user

pytestmark = pytest.mark.django_db

Committing = Callable[..., AbstractContextManager[Any]]
Kind, State = OutgoingMail.Kind, OutgoingMail.State
PRIVATE = ("Sam", "O’Neill", "sam@example.com", "900 982", "knee", "stairs")
REFUSED = smtplib.SMTPRecipientsRefused({"sam@example.com": (550, b"no sam@example.com")})
LATER = smtplib.SMTPRecipientsRefused({"sam@example.com": (451, b"greylisted sam@example.com")})


def refuse(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def send(self: EmailMessage, **kwargs: Any) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)


def written(kind: str = Kind.NOTIFICATION, **fields: Any) -> OutgoingMail:
    """A mail that waits, about an enquiry that came now."""
    enquiry = make_enquiry(received_at=timezone.now(), **{"email": "sam@example.com"} | fields)
    outbox.add(enquiry, kind)
    return OutgoingMail.objects.get(enquiry=enquiry)


def drain() -> int:
    return outbox.drain(limit=100)


def test_an_enquiry_and_its_mail_are_written_together_and_then_sent(
    visitor: Client, token: str, committing: Committing
) -> None:
    with committing():
        visitor.post("/contact/", answers(form_token=token))
        rows = OutgoingMail.objects.values_list("kind", "state", "attempts")
        assert sorted(rows) == [("acknowledgement", "waiting", 0), ("notification", "waiting", 0)]
        assert not mail.outbox
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert {row.sent_at for row in OutgoingMail.objects.all()} == {timezone.now()}
    assert len(mail.outbox) == 2
    assert drain() == 0


def test_somebody_without_an_email_address_gets_none(
    visitor: Client, token: str, committing: Committing
) -> None:
    with committing():
        visitor.post("/contact/", answers(form_token=token, email="", reply_by_method="telephone"))
    assert [each.to for each in mail.outbox] == [["desk@fernhill.example"]]


def test_sending_the_form_twice_sends_no_mail_twice(
    visitor: Client, token: str, committing: Committing
) -> None:
    for _ in range(3):
        with committing():
            visitor.post("/contact/", answers(form_token=token))
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (ConnectionRefusedError("no server for sam@example.com"), "ConnectionRefusedError"),
        (TimeoutError(), "TimeoutError"),
        (LATER, "SMTPRecipientsRefused 451"),
        (smtplib.SMTPDataError(451, b"sam@example.com: later"), "SMTPDataError 451"),
        (ValueError("sam@example.com"), "ValueError"),
    ],
)
def test_mail_that_fails_is_kept_for_later_and_quotes_nobody(
    visitor: Client,
    token: str,
    committing: Committing,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    shown: str,
) -> None:
    refuse(error, monkeypatch)
    with committing(), caplog.at_level(logging.DEBUG):
        response = visitor.post("/contact/", answers(form_token=token))
        outbox.drain(limit=10)  # for the second mail, where the first found nobody there
    assert response.status_code == 303
    for row in OutgoingMail.objects.all():
        assert (row.state, row.attempts, row.last_error) == ("waiting", 1, shown)
        assert row.due_at == timezone.now() + timedelta(minutes=5)
    assert Enquiry.objects.get().reference in caplog.text
    for private in PRIVATE:
        assert private not in caplog.text
    assert b"We have your enquiry" in visitor.get(response["Location"]).content


def test_a_recipient_that_is_refused_for_good_is_given_up_at_once(
    clock: time_machine.Traveller, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = written(Kind.ACKNOWLEDGEMENT)
    with monkeypatch.context() as patch:
        refuse(REFUSED, patch)
        assert drain() == 0
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.FAILED, 1)
    assert row.last_error == "SMTPRecipientsRefused 550"
    assert list(Enquiry.objects.with_mail_failed()) == [row.enquiry]
    clock.shift(timedelta(days=30))
    assert drain() == 0
    assert not mail.outbox


def test_the_wait_between_tries_grows_and_ends(
    clock: time_machine.Traveller, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(ConnectionRefusedError(), monkeypatch)
    row = written()
    waits = []
    for number in range(1, outbox.MAX_ATTEMPTS + 1):
        assert row.state == State.WAITING
        assert drain() == 0
        assert drain() == 0  # nothing is due any more
        row.refresh_from_db()
        assert row.attempts == number
        waits.append((row.due_at - timezone.now()).total_seconds() / 60)
        clock.move_to(row.due_at)
    assert waits[:8] == [5, 10, 20, 40, 80, 160, 240, 240]
    assert timedelta(days=6) < timedelta(minutes=sum(waits)) < timedelta(days=8)
    assert row.state == State.FAILED
    assert list(OutgoingMail.objects.given_up()) == [row]
    clock.shift(timedelta(days=30))
    drain()
    row.refresh_from_db()
    assert row.attempts == outbox.MAX_ATTEMPTS


def test_only_the_mail_that_failed_is_sent_again(
    clock: time_machine.Traveller, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = written()
    outbox.add(row.enquiry, Kind.ACKNOWLEDGEMENT)
    with monkeypatch.context() as patch:
        patch.setattr(
            emails, "acknowledgement", lambda *args: (_ for _ in ()).throw(ValueError("no"))
        )
        assert drain() == 1
    clock.shift(timedelta(minutes=6))
    assert drain() == 1
    assert [each.to[0] for each in mail.outbox] == ["desk@fernhill.example", "sam@example.com"]
    assert set(OutgoingMail.objects.values_list("state", "last_error")) == {("sent", "")}


def test_the_longest_waiting_are_sent_first_and_no_more_than_told(
    clock: time_machine.Traveller, clinic: Clinic
) -> None:
    newer, older = written(), written()
    OutgoingMail.objects.filter(pk=older.pk).update(due_at=timezone.now() - timedelta(hours=1))
    assert outbox.drain(limit=1) == 1
    assert older.enquiry.reference in mail.outbox[0].subject
    assert outbox.drain(limit=1) == 1
    assert newer.enquiry.reference in mail.outbox[1].subject


def test_a_second_sender_leaves_alone_what_the_first_has_claimed(
    clock: time_machine.Traveller, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    written()
    plain_send = EmailMessage.send

    def send(self: EmailMessage, **kwargs: Any) -> int:
        # While the first sender is at it, a second one comes by.
        if not mail.outbox:
            assert drain() == 0
        return plain_send(self, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send)
    assert drain() == 1
    assert len(mail.outbox) == 1


def test_two_who_read_the_same_row_do_not_both_claim_it(clinic: Clinic) -> None:
    row = written()
    first, second = (OutgoingMail.objects.get(pk=row.pk) for _ in range(2))
    assert outbox._claim(first)
    assert not outbox._claim(second)


def test_what_a_killed_sender_had_claimed_falls_due_again(
    clock: time_machine.Traveller, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(self: EmailMessage, **kwargs: Any) -> int:
        raise Killed

    row = written()
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", die)
        with pytest.raises(Killed):
            drain()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.WAITING, 1)
    assert drain() == 0
    clock.shift(timedelta(minutes=5))
    assert drain() == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("was_tried", [False, True])
def test_a_clock_that_was_set_back_holds_up_no_mail(
    clock: time_machine.Traveller,
    clinic: Clinic,
    monkeypatch: pytest.MonkeyPatch,
    was_tried: bool,
) -> None:
    written()
    if was_tried:
        with monkeypatch.context() as patch:
            refuse(TimeoutError(), patch)
            drain()
    clock.shift(timedelta(days=-40))
    assert drain() == 1
    assert len(mail.outbox) == 1


def test_suspected_spams_mail_waits_until_it_is_rescued(
    clinic: Clinic, committing: Committing
) -> None:
    row = written(suspected_spam=True)
    assert drain() == 0
    with committing():
        workflow.rescue(make_user("Reception"), row.enquiry)
    assert len(mail.outbox) == 1
    row.refresh_from_db()
    assert row.state == State.SENT


def test_a_mail_that_was_given_up_can_be_tried_again(
    clock: time_machine.Traveller, clinic: Clinic
) -> None:
    row = written()
    OutgoingMail.objects.update(
        state=State.FAILED, attempts=45, last_error="x", due_at=timezone.now() + timedelta(hours=4)
    )
    assert drain() == 0
    outbox.try_again(row)
    assert drain() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == (State.SENT, 1, "")


def test_a_bounce_is_noted_beside_its_enquiry_and_no_other(clinic: Clinic) -> None:
    row, other = written(Kind.ACKNOWLEDGEMENT), written(Kind.ACKNOWLEDGEMENT)
    drain()
    assert outbox.note_bounce(row.message_id, "550 5.1.1 " + "x" * 300)
    row.refresh_from_db()
    other.refresh_from_db()
    assert row.state == State.BOUNCED
    assert row.last_error.startswith("550 5.1.1")
    assert other.state == State.SENT
    assert list(Enquiry.objects.with_mail_failed()) == [row.enquiry]
    assert not outbox.note_bounce("<nobody@example.com>", "550")


def test_a_clinic_without_an_address_is_no_reason_to_lose_mail(
    clock: time_machine.Traveller, db: None
) -> None:
    row = written()
    outbox.add(row.enquiry, Kind.ACKNOWLEDGEMENT)
    assert drain() == 1
    row.refresh_from_db()
    assert (row.state, row.last_error) == (State.WAITING, "no address to send to")
    assert [each.to for each in mail.outbox] == [["sam@example.com"]]
    assert mail.outbox[0].reply_to == []


def test_a_reply_that_cannot_be_read_is_not_sent_until_its_key_is_back(
    clock: time_machine.Traveller, clinic: Clinic, settings: LazySettings
) -> None:
    enquiry = make_enquiry(email="sam@example.com")
    entry = ThreadEntry.objects.create(enquiry=enquiry, kind="reply", text="Come on Monday.")
    outbox.add(enquiry, Kind.REPLY, entry=entry, to=enquiry.email)
    outbox.add(enquiry, Kind.ACKNOWLEDGEMENT)
    good = settings.ENQUIRY_KEYS
    settings.ENQUIRY_KEYS = [new_key()]
    assert drain() == 0
    assert not mail.outbox
    errors = set(OutgoingMail.objects.values_list("last_error", flat=True))
    assert errors == {"it cannot be read: its key is missing"}
    settings.ENQUIRY_KEYS = good
    clock.shift(timedelta(minutes=5))
    assert drain() == 2
    reply = next(each for each in mail.outbox if each.body.startswith("Come on Monday."))
    assert reply.to == ["sam@example.com"]
    assert UNREADABLE not in reply.body


def test_a_thread_that_cannot_start_is_not_the_visitors_trouble(
    visitor: Client, token: str, committing: Committing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(work: object) -> None:
        raise RuntimeError("can't start new thread")

    for number in range(5):  # more often than there are places
        with monkeypatch.context() as patch, committing():
            patch.setattr(outbox, "run_in_background", cannot)
            token = visitor.get("/contact/").context["form_token"]
            sent = answers(form_token=token, message=f"Knee {number}")
            response = visitor.post("/contact/", sent)
        assert response.status_code == 303
    assert drain() == 10


def test_a_fault_in_our_own_sender_stays_inside(
    visitor: Client,
    token: str,
    committing: Committing,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def break_down(*, limit: int) -> int:
        raise LookupError("sam@example.com")

    monkeypatch.setattr(outbox, "drain", break_down)
    with committing():
        assert visitor.post("/contact/", answers(form_token=token)).status_code == 303
    assert "LookupError" in caplog.text
    assert "sam@example.com" not in caplog.text
