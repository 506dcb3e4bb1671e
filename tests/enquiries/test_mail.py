"""The mails: what they leave out, and that a mail server's trouble is never the visitor's."""

import email
import logging
import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from email import policy
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from clinic.models import Clinic
from enquiries import delivery, emails
from enquiries.models import Enquiry
from enquiries.querysets import MAX_MAIL_ATTEMPTS
from tests.enquiries.conftest import answers
from tests.factories import make_condition, make_enquiry

pytestmark = pytest.mark.django_db

Committing = Callable[..., AbstractContextManager[Any]]
PRIVATE = ("Sam", "O’Neill", "sam@example.com", "900 982", "knee", "stairs", "Back pain", "back")


@pytest.fixture
def sent(visitor: Client, token: str, committing: Committing) -> Enquiry:
    """An enquiry whose mails went out."""
    make_condition(slug="back-pain", name="Back pain")
    with committing():
        visitor.post("/contact/", answers(form_token=token, condition="back-pain"))
    return Enquiry.objects.get()


def refuse(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def send(self: EmailMessage, **kwargs: Any) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)


def unsent(clock: time_machine.Traveller) -> Enquiry:
    """An enquiry stored now, with no mail tried yet."""
    now = timezone.now()
    return make_enquiry(
        notified_at=None, acknowledged_at=None, mail_due_at=now, received_at=now,
        email="sam@example.com",
    )  # fmt: skip


def test_the_clinic_is_told_without_a_word_about_the_person(sent: Enquiry) -> None:
    notification = mail.outbox[0]
    assert notification.to == ["desk@fernhill.example"]
    assert notification.subject == f"New enquiry {sent.reference}"
    assert f"http://localhost/admin/enquiries/enquiry/{sent.pk}/change/" in notification.body
    assert "Monday 23 November at 10am" in notification.body
    raw = notification.message().as_string() + notification.body
    for private in PRIVATE:
        assert private not in raw
    assert sent.notified_at is not None


def test_the_sender_is_told_what_happens_next(sent: Enquiry) -> None:
    acknowledgement = mail.outbox[1]
    assert acknowledgement.to == ["sam@example.com"]
    assert acknowledgement.from_email == "website@localhost"
    assert acknowledgement.reply_to == ["desk@fernhill.example"]
    assert sent.reference in acknowledgement.subject
    for words in ("Monday 23 November at 10am", "01632 960123", "Call 999", "Call 111",
                  sent.reference, "Fernhill Clinic"):  # fmt: skip
        assert words in acknowledgement.body
    assert acknowledgement.message()["Auto-Submitted"] == "auto-replied"
    for private in ("Sam", "knee", "stairs", "Back pain", "900 982"):
        assert private not in acknowledgement.body + acknowledgement.subject
    assert sent.acknowledged_at is not None
    assert sent.mail_due_at is None
    assert len(mail.outbox) == 2


def test_somebody_without_an_email_address_gets_none(
    visitor: Client, token: str, committing: Committing
) -> None:
    with committing():
        visitor.post("/contact/", answers(form_token=token, email="", reply_by_method="telephone"))
    assert [each.to for each in mail.outbox] == [["desk@fernhill.example"]]
    assert Enquiry.objects.get().mail_due_at is None


def test_sending_the_form_twice_sends_no_mail_twice(
    visitor: Client, token: str, committing: Committing
) -> None:
    for _ in range(3):
        with committing():
            visitor.post("/contact/", answers(form_token=token))
    assert len(mail.outbox) == 2


def test_a_corrected_version_is_announced_as_one(
    sent: Enquiry, visitor: Client, token: str, committing: Committing
) -> None:
    with committing():
        visitor.post("/contact/", answers(form_token=token, message="More."))
    assert f"corrected version of {sent.reference}" in mail.outbox[2].body


def test_nothing_is_mailed_before_the_row_is_safe(visitor: Client, token: str) -> None:
    visitor.post("/contact/", answers(form_token=token))  # its transaction is never committed
    assert not mail.outbox


@pytest.mark.parametrize(
    "name", ["Sam\r\nBcc: kim@example.com", "Sam\nSubject: x", "=?utf-8?q?x?=\u2028To: k@x.example"]
)
def test_no_header_can_be_put_in(
    visitor: Client, token: str, committing: Committing, name: str
) -> None:
    with committing():
        visitor.post("/contact/", answers(form_token=token, full_name=name, message=name))
    for message in mail.outbox:
        parsed = email.message_from_bytes(message.message().as_bytes(), policy=policy.default)
        assert parsed["Bcc"] is None
        assert len(parsed.get_all("Subject")) == 1
        assert len(parsed.get_all("To")) == 1
        assert "kim" not in message.message().as_string()


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (ConnectionRefusedError("no server for sam@example.com"), "ConnectionRefusedError"),
        (TimeoutError(), "TimeoutError"),
        (
            smtplib.SMTPRecipientsRefused({"sam@example.com": (550, b"no sam@example.com")}),
            "SMTPRecipientsRefused 550",
        ),
        (smtplib.SMTPDataError(451, b"sam@example.com: later"), "SMTPDataError 451"),
        (ValueError("sam@example.com"), "ValueError"),
    ],
)
def test_mail_that_fails_is_kept_for_later_and_told_to_nobody_but_staff(
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
    assert response.status_code == 303
    enquiry = Enquiry.objects.get()
    assert enquiry.mail_error == f"to the clinic: {shown}; to the sender: {shown}"
    assert enquiry.mail_attempts == 1
    assert enquiry.mail_due_at == timezone.now() + timedelta(minutes=5)
    assert enquiry.reference in caplog.text
    for private in PRIVATE:
        assert private not in caplog.text
    assert b"We have your enquiry" in visitor.get(response["Location"]).content


def test_a_thread_that_cannot_start_is_not_the_visitors_trouble(
    visitor: Client, token: str, committing: Committing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(work: object) -> None:
        raise RuntimeError("can't start new thread")

    for _ in range(5):  # more often than there are places
        with monkeypatch.context() as patch, committing():
            patch.setattr(delivery, "run_in_background", cannot)
            page = visitor.get("/contact/")
            response = visitor.post("/contact/", answers(form_token=page.context["form_token"]))
        assert response.status_code == 303
    call_command("send_pending_mail", stdout=StringIO())
    assert len(mail.outbox) == 10


def test_a_fault_in_our_own_sender_stays_inside(
    visitor: Client,
    token: str,
    committing: Committing,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def break_down(limit: int) -> int:
        raise LookupError("sam@example.com")

    monkeypatch.setattr(delivery, "send_pending", break_down)
    with committing():
        assert visitor.post("/contact/", answers(form_token=token)).status_code == 303
    assert "LookupError" in caplog.text
    assert "sam@example.com" not in caplog.text


def test_only_the_mail_that_failed_is_sent_again(
    clock: time_machine.Traveller, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    enquiry = unsent(clock)
    with monkeypatch.context() as patch:
        patch.setattr(
            emails, "acknowledgement", lambda *args: (_ for _ in ()).throw(ValueError("no"))
        )
        assert not delivery.deliver(enquiry.pk)
    enquiry.refresh_from_db()
    assert enquiry.notified_at is not None
    assert enquiry.mail_error == "to the sender: ValueError"
    clock.shift(timedelta(minutes=6))
    assert delivery.deliver(enquiry.pk)
    assert [each.to[0] for each in mail.outbox] == ["desk@fernhill.example", "sam@example.com"]
    enquiry.refresh_from_db()
    assert enquiry.mail_error == ""
    assert enquiry.mail_due_at is None


def test_the_command_sends_what_is_due_oldest_first_and_no_more_than_told(
    clock: time_machine.Traveller, clinic: Clinic
) -> None:
    newer, older = unsent(clock), unsent(clock)
    Enquiry.objects.filter(pk=older.pk).update(received_at=timezone.now() - timedelta(hours=1))
    waiting = unsent(clock)
    Enquiry.objects.filter(pk=waiting.pk).update(mail_due_at=timezone.now() + timedelta(minutes=1))
    output = StringIO()
    call_command("send_pending_mail", "--limit=1", stdout=output)
    assert [each.subject for each in mail.outbox] == [
        f"New enquiry {older.reference}", f"We have your enquiry {older.reference}",
    ]  # fmt: skip
    call_command("send_pending_mail", stdout=output)
    assert len(mail.outbox) == 4
    assert newer.reference in mail.outbox[2].subject
    call_command("send_pending_mail", stdout=output)
    assert len(mail.outbox) == 4
    assert "Mail complete for 1 enquiries" in output.getvalue()


def test_the_wait_between_tries_grows_and_ends(
    clock: time_machine.Traveller, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(ConnectionRefusedError(), monkeypatch)
    enquiry = unsent(clock)
    waits = []
    for _ in range(MAX_MAIL_ATTEMPTS):
        assert not delivery.deliver(enquiry.pk)
        enquiry.refresh_from_db()
        assert enquiry.mail_due_at is not None
        waits.append((enquiry.mail_due_at - timezone.now()).total_seconds() / 60)
        clock.move_to(enquiry.mail_due_at)
    assert waits[:8] == [5, 10, 20, 40, 80, 160, 240, 240]
    assert timedelta(days=6) < timedelta(minutes=sum(waits)) < timedelta(days=8)
    clock.shift(timedelta(days=30))
    delivery.deliver(enquiry.pk)
    enquiry.refresh_from_db()
    assert enquiry.mail_attempts == MAX_MAIL_ATTEMPTS
    assert Enquiry.objects.mail_failed().get() == enquiry


def test_two_senders_do_not_send_the_same_mail(
    clock: time_machine.Traveller, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    enquiry = unsent(clock)
    plain_send = EmailMessage.send

    def send(self: EmailMessage, **kwargs: Any) -> int:
        # While the first sender is at it, a second one comes by.
        if not mail.outbox:
            assert delivery.send_pending(limit=10) == 0
        return plain_send(self, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send)
    assert delivery.deliver(enquiry.pk)
    assert len(mail.outbox) == 2


def test_a_clinic_without_an_address_is_no_reason_to_lose_mail(
    clock: time_machine.Traveller, db: None
) -> None:
    enquiry = unsent(clock)
    assert not delivery.deliver(enquiry.pk)
    enquiry.refresh_from_db()
    assert enquiry.mail_error == "to the clinic: no address to send to"
    assert [each.to for each in mail.outbox] == [["sam@example.com"]]
    assert mail.outbox[0].reply_to == []
