"""The mails themselves: what they say, and all that they leave out."""

import email
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from email import policy
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from clinic.models import Clinic
from enquiries import outbox, receipt, workflow
from enquiries.jobs import tell_of_overdue
from enquiries.models import Enquiry, OutgoingMail
from tests.enquiries.conftest import answers
from tests.factories import make_condition, make_enquiry, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Committing = Callable[..., AbstractContextManager[Any]]
PRIVATE = ("Sam", "O’Neill", "sam@example.com", "900 982", "knee", "stairs", "Back pain", "back")


@pytest.fixture
def sent(visitor: Client, token: str, committing: Committing) -> Enquiry:
    """An enquiry whose mails went out."""
    make_condition(slug="back-pain", name="Back pain")
    with committing():
        visitor.post("/contact/", answers(form_token=token, condition="back-pain"))
    return Enquiry.objects.get()


def test_the_clinic_is_told_without_a_word_about_the_person(sent: Enquiry) -> None:
    notification = mail.outbox[0]
    assert notification.to == ["desk@fernhill.example"]
    assert notification.subject == f"New enquiry {sent.reference}"
    assert f"http://localhost/admin/enquiries/enquiry/{sent.pk}/change/" in notification.body
    assert "Monday 23 November at 10am" in notification.body
    raw = notification.message().as_string() + notification.body
    for private in PRIVATE:
        assert private not in raw


def test_the_sender_is_told_what_happens_next(sent: Enquiry) -> None:
    acknowledgement = mail.outbox[1]
    assert acknowledgement.to == ["sam@example.com"]
    assert acknowledgement.from_email == "website@localhost"
    assert acknowledgement.reply_to == ["desk@fernhill.example"]
    assert sent.reference in acknowledgement.subject
    for words in ("Monday 23 November at 10am", "01632 960123", "Call 999", "Call 111",
                  sent.reference, "Fernhill Clinic",
                  f"http://localhost{receipt.address(sent)}"):  # fmt: skip
        assert words in acknowledgement.body
    assert acknowledgement.message()["Auto-Submitted"] == "auto-replied"
    for private in ("Sam", "knee", "stairs", "Back pain", "900 982"):
        assert private not in acknowledgement.body + acknowledgement.subject
    assert len(mail.outbox) == 2


def test_each_mail_carries_the_message_id_of_its_row(sent: Enquiry) -> None:
    rows = dict(OutgoingMail.objects.values_list("kind", "message_id"))
    parsed = [each.message()["Message-ID"] for each in mail.outbox]
    assert parsed == [rows["notification"], rows["acknowledgement"]]
    assert all(each.startswith("<") and each.endswith("@localhost>") for each in parsed)


def test_a_corrected_version_is_announced_as_one(
    sent: Enquiry, visitor: Client, token: str, committing: Committing
) -> None:
    with committing():
        visitor.post("/contact/", answers(form_token=token, message="More."))
    assert f"corrected version of {sent.reference}" in mail.outbox[2].body


def test_a_warning_sign_hurries_the_reader_and_is_not_named(
    visitor: Client, token: str, committing: Committing
) -> None:
    message = "I am numb between my legs and cannot control my bladder."
    with committing():
        visitor.post("/contact/", answers(form_token=token, message=message))
    enquiry = Enquiry.objects.get()
    notification, acknowledgement = mail.outbox
    assert notification.subject == f"New enquiry {enquiry.reference}: please read it now"
    assert acknowledgement.subject == f"We have your enquiry {enquiry.reference}"
    for each in mail.outbox:
        raw = each.message().as_string()
        for word in ("numb", "legs", "bladder", "pee", "genitals"):
            assert word not in raw


@pytest.mark.parametrize(
    "name", ["Sam\r\nBcc: kim@example.com", "Sam\nSubject: x", "=?utf-8?q?x?=\u2028To: k@x.example"]
)
def test_no_header_can_be_put_in(
    visitor: Client, token: str, committing: Committing, name: str
) -> None:
    with committing():
        visitor.post("/contact/", answers(form_token=token, full_name=name, message=name))
    Enquiry.objects.update(suspected_spam=False)  # whatever it was taken for
    outbox.drain(limit=10)
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        parsed = email.message_from_bytes(message.message().as_bytes(), policy=policy.default)
        assert parsed["Bcc"] is None
        assert len(parsed.get_all("Subject")) == 1
        assert len(parsed.get_all("To")) == 1
        assert "kim" not in message.message().as_string()


def test_a_reply_says_what_staff_wrote_under_a_plain_subject(
    clinic: Clinic, committing: Committing
) -> None:
    enquiry = make_enquiry(email="sam@example.com", message="My knee hurts.")
    with committing():
        workflow.reply(make_user("Reception"), enquiry, "Come on Monday.", seen=0)
    reply = mail.outbox[0]
    assert reply.to == ["sam@example.com"]
    assert reply.reply_to == ["desk@fernhill.example"]
    assert reply.subject == f"Your enquiry {enquiry.reference}"
    assert reply.body.startswith("Come on Monday.")
    assert "01632 960123" in reply.body
    assert reply.message()["Auto-Submitted"] is None


def overdue_enquiry(**fields: Any) -> Enquiry:
    return make_enquiry(reply_by=timezone.now() - timedelta(minutes=1), **fields)


def test_managers_are_told_once_of_an_overdue_reply(
    clock: time_machine.Traveller, clinic: Clinic
) -> None:
    for name, role in (("mia", "Manager"), ("ray", "Reception"), ("old", "Manager")):
        make_user(role, username=name, email=f"{name}@x.example", is_active=name != "old")
    enquiry = overdue_enquiry(full_name="Sam", message="My knee hurts.")
    assert tell_of_overdue(timezone.now()) == 1
    clock.shift(timedelta(hours=1))
    assert tell_of_overdue(timezone.now()) == 0
    assert outbox.drain(limit=10) == 1
    notice = mail.outbox[0]
    assert notice.to == ["mia@x.example"]
    assert notice.subject == f"Enquiry {enquiry.reference} is overdue for a reply"
    assert f"/admin/enquiries/enquiry/{enquiry.pk}/change/" in notice.body
    for private in ("Sam", "knee"):
        assert private not in notice.message().as_string()


def test_without_managers_the_clinic_is_told(clock: time_machine.Traveller, clinic: Clinic) -> None:
    overdue_enquiry()
    tell_of_overdue(timezone.now())
    outbox.drain(limit=10)
    assert [each.to for each in mail.outbox] == [["desk@fernhill.example"]]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "waiting"}, {"status": "closed"}, {"suspected_spam": True}, {"is_test": True},
        {"reply_by": None},
    ],
)  # fmt: skip
def test_nobody_is_told_of_what_waits_for_no_reply_of_ours(
    clock: time_machine.Traveller, clinic: Clinic, fields: dict[str, Any]
) -> None:
    enquiry = overdue_enquiry()
    Enquiry.objects.filter(pk=enquiry.pk).update(**fields)
    assert tell_of_overdue(timezone.now()) == 0
