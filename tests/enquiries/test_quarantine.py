"""Suspected spam is set aside and kept; its sender notices nothing, and patients are not caught."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from clinic.models import Clinic
from enquiries import screening, workflow
from enquiries.models import Enquiry, RecentSubmission, SpamPolicy
from enquiries.views import HONEYPOT
from tests.enquiries.conftest import answers, soup_of
from tests.enquiries.test_encryption import raw
from tests.factories import make_user

pytestmark = pytest.mark.django_db

Committing = Callable[..., AbstractContextManager[Any]]
SAME = "Please tell me whether you treat shoulders after an operation and what a visit costs."
SELLING = "We bring your website to the first page of every search. Reply for our prices."
Send = Callable[..., Any]


@pytest.fixture
def send(
    visitor: Client, clinic: Clinic, clock: time_machine.Traveller, committing: Committing
) -> Send:
    """Open the form, take a minute over it and send it."""

    def open_and_send(*, seconds: int = 60, address: str = "192.0.2.7", **changes: str) -> Any:
        token = visitor.get("/contact/").context["form_token"]
        clock.shift(timedelta(seconds=seconds))
        with committing():
            return visitor.post(
                "/contact/", answers(form_token=token, **changes), REMOTE_ADDR=address
            )

    return open_and_send


def test_the_box_for_programs_is_out_of_everybody_elses_way(
    clinic: Clinic, visitor: Client
) -> None:
    page = soup_of(visitor.get("/contact/").content)
    box = page.select_one(f"input[name={HONEYPOT}]")
    assert box is not None
    assert box["tabindex"] == "-1"
    assert box["autocomplete"] == "off"
    assert box.find_parent(attrs={"aria-hidden": "true"}) is not None
    label = page.select_one(f"label[for={box['id']}]")
    assert label is not None
    assert label.get_text() == "Leave this box empty"


def test_what_fills_it_is_set_aside_and_sees_the_same_confirmation(
    send: Send, visitor: Client
) -> None:
    good = visitor.get(send()["Location"])
    Enquiry.objects.all().delete()
    mail.outbox.clear()
    response = send(message=SELLING, **{HONEYPOT: "http://x.example"})
    assert response.status_code == 303
    enquiry = Enquiry.objects.get()
    assert enquiry.suspected_spam
    assert "hidden field" in enquiry.spam_reasons
    assert enquiry.message == SELLING
    assert enquiry.mail.count() == 2
    assert not mail.outbox
    bad = visitor.get(response["Location"])
    headings = [
        [each.get_text() for each in soup_of(page.content).select("main h1, main h2")]
        for page in (good, bad)
    ]
    assert headings[0] == headings[1]
    assert list(Enquiry.objects.spam()) == [enquiry]
    assert not Enquiry.objects.open().exists()


def test_one_click_rescues_it_and_its_mail_goes(send: Send, committing: Committing) -> None:
    send(message=SELLING, **{HONEYPOT: "http://x.example"})
    with committing():
        workflow.rescue(make_user("Reception"), Enquiry.objects.get())
    assert Enquiry.objects.open().count() == 1
    assert {each.to[0] for each in mail.outbox} == {"desk@fernhill.example", "sam@example.com"}


def test_what_a_browser_filled_in_by_itself_is_no_spam(send: Send) -> None:
    send(**{HONEYPOT: "Sam O’Neill-Ås"})
    assert not Enquiry.objects.get().suspected_spam


def test_a_warning_sign_is_never_set_aside(send: Send) -> None:
    SpamPolicy.objects.create(pk=1, threshold=1)
    send(message="I have crushing chest pain and cannot breathe.", **{HONEYPOT: "http://x.example"})
    enquiry = Enquiry.objects.get()
    assert enquiry.urgency == Enquiry.Urgency.EMERGENCY
    assert not enquiry.suspected_spam
    assert "hidden field" in enquiry.spam_reasons  # staff see it all the same
    assert len(mail.outbox) == 2


def test_patients_who_share_an_address_are_not_suspected(send: Send) -> None:
    for number in range(15):  # a hospital's ward round
        send(email=f"sam{number}@example.com", message=f"My knee hurts on stairs, {number} weeks.")
    assert Enquiry.objects.filter(suspected_spam=False).count() == 15


def test_words_of_a_patient_count_for_more_than_the_box(send: Send) -> None:
    send(**{HONEYPOT: "http://x.example"})
    assert not Enquiry.objects.get().suspected_spam


def test_one_who_sends_fast_is_not_suspected(send: Send) -> None:
    send(seconds=1)
    assert not Enquiry.objects.get().suspected_spam


@pytest.mark.parametrize(("repeats", "suspected"), [(2, True), (100, False)])
def test_the_clinics_own_limits_are_the_ones_that_count(
    send: Send, repeats: int, suspected: bool
) -> None:
    SpamPolicy.objects.create(pk=1, threshold=3, repeats_per_day=repeats, per_network_per_hour=1000)
    for number in range(3):
        send(email=f"sam{number}@example.com", message=SAME, seconds=2)
    assert Enquiry.objects.filter(email_key="").count() == 0
    last = Enquiry.objects.order_by("pk").last()
    assert last is not None
    assert last.suspected_spam is suspected


def test_another_network_counts_for_itself(send: Send) -> None:
    send(address="192.0.2.7")
    send(address="192.0.2.200", message="Same network.")
    send(address="198.51.100.7", message="Another network.")
    assert len(set(raw(RecentSubmission, "network_key"))) == 2


def test_what_is_counted_holds_only_hashes_and_is_forgotten_after_a_day(
    send: Send, clock: time_machine.Traveller
) -> None:
    send(message=SAME)
    row = RecentSubmission.objects.values().get()
    assert set(row) == {"id", "at", "network_key", "text_key"}
    for key in ("network_key", "text_key"):
        assert len(row[key]) == 64
        assert set(row[key]) <= set("0123456789abcdef")
    clock.shift(timedelta(hours=23))
    assert screening.forget(timezone.now()) == 0
    clock.shift(timedelta(hours=2))
    assert screening.forget(timezone.now()) == 1
    assert not RecentSubmission.objects.exists()


def test_a_repeat_of_the_same_form_is_not_counted_twice(visitor: Client, token: str) -> None:
    for _ in range(4):
        visitor.post("/contact/", answers(form_token=token))
    assert RecentSubmission.objects.count() == 1
