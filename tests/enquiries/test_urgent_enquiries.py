"""A warning sign in a message: stored and mailed like any, read first, and answered at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import Tag
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from enquiries import flagging
from enquiries.crypto import new_key
from enquiries.models import Enquiry, RedFlag
from tests.enquiries.conftest import answers, soup_of
from tests.enquiries.test_encryption import raw
from tests.factories import make_enquiry

pytestmark = pytest.mark.django_db

Committing = Callable[..., AbstractContextManager[Any]]
Urgency = Enquiry.Urgency
EMERGENCY = "Since yesterday I am numb between my legs and cannot control my bladder."
DENIED = "My back hurts. I do not have chest pain."


def sent(visitor: Client, token: str, committing: Committing, message: str) -> str:
    with committing():
        response = visitor.post("/contact/", answers(form_token=token, message=message))
    assert response.status_code == 303
    return str(response["Location"])


def main_of(visitor: Client, address: str) -> Tag:
    main = soup_of(visitor.get(address).content).main
    assert main is not None
    return main


@pytest.mark.parametrize(
    ("message", "urgency"),
    [(EMERGENCY, Urgency.EMERGENCY), (DENIED, Urgency.MENTIONED), ("My knee.", Urgency.NONE)],
)
def test_it_is_always_stored_and_mailed(
    visitor: Client, token: str, committing: Committing, message: str, urgency: int
) -> None:
    sent(visitor, token, committing, message)
    enquiry = Enquiry.objects.get()
    assert enquiry.urgency == urgency
    assert enquiry.message == message
    assert len(mail.outbox) == 2
    assert ("please read it now" in mail.outbox[0].subject) is (urgency >= Urgency.URGENT)


def test_the_confirmation_leads_with_the_card(
    visitor: Client, token: str, committing: Committing
) -> None:
    main = main_of(visitor, sent(visitor, token, committing, EMERGENCY))
    text = main.get_text(" ", strip=True)
    places = [
        text.index(words)
        for words in (
            "Please read this first", "Call 999 or go to A&E now",
            "you cannot control when you pee or poo", "We have your enquiry", "What happens next",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    card = main.select_one(".care-card")
    assert card is not None
    assert "care-card--emergency" in card["class"]
    # The signs are the clinic's words; what somebody wrote is not repeated.
    assert "between my legs" not in text
    assert "bladder" not in text


def test_a_sign_that_was_denied_is_asked_about_all_the_same(
    visitor: Client, token: str, committing: Committing
) -> None:
    main = main_of(visitor, sent(visitor, token, committing, DENIED))
    assert "chest pain" in main.select_one(".care-card").get_text()  # type: ignore[union-attr]
    assert [each.get_text() for each in main.select("h1")] == ["We have your enquiry"]
    flags = flagging.flags_of(Enquiry.objects.get())
    assert all(flag["is_weakened"] for flag in flags)
    assert flags


def test_an_ordinary_message_shows_the_general_routes_only(
    visitor: Client, token: str, committing: Committing
) -> None:
    main = main_of(visitor, sent(visitor, token, committing, "Do you treat knees?"))
    assert not main.select(".care-card")
    assert "Call 999" in main.get_text()


def test_the_card_is_shown_for_twelve_hours_and_then_no_more(
    clock: time_machine.Traveller, visitor: Client, token: str, committing: Committing
) -> None:
    address = sent(visitor, token, committing, EMERGENCY)
    clock.shift(timedelta(hours=12))
    assert main_of(visitor, address).select(".care-card")
    clock.shift(timedelta(seconds=1))
    assert not main_of(visitor, address).select(".care-card")
    assert "Call 999" in main_of(visitor, address).get_text()


def test_a_flag_out_of_use_matches_nothing(
    visitor: Client, token: str, committing: Committing
) -> None:
    RedFlag.objects.update(is_active=False)
    sent(visitor, token, committing, EMERGENCY)
    assert Enquiry.objects.get().urgency == Urgency.NONE


def test_what_was_found_is_kept_encrypted(
    visitor: Client, token: str, committing: Committing
) -> None:
    sent(visitor, token, committing, EMERGENCY)
    assert flagging.flags_of(Enquiry.objects.get())
    assert raw(Enquiry, "red_flags")[0].startswith("gAAAA")


def test_the_words_are_marked_and_everything_is_escaped(
    visitor: Client, token: str, committing: Committing
) -> None:
    sent(visitor, token, committing, f"<script>x</script> & more.\n{EMERGENCY}")
    html = flagging.marked(Enquiry.objects.get())
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "<br>" in html
    marks = " ".join(each.get_text() for each in soup_of(html.encode()).select("mark"))
    assert "numb" in marks
    assert "bladder" in marks
    assert soup_of(html.encode()).get_text().endswith("bladder.")


def test_the_urgent_stand_first_on_the_worklist(
    clock: time_machine.Traveller, visitor: Client, token: str, committing: Committing
) -> None:
    make_enquiry(urgency=Urgency.NONE)
    make_enquiry(urgency=Urgency.MENTIONED)
    sent(visitor, token, committing, EMERGENCY)
    order = list(Enquiry.objects.values_list("urgency", flat=True))
    assert order == [Urgency.EMERGENCY, Urgency.MENTIONED, Urgency.NONE]
    assert Enquiry.objects.flagged_unread().count() == 1


def test_without_its_key_the_confirmation_still_works(
    visitor: Client, token: str, committing: Committing, settings: LazySettings
) -> None:
    address = sent(visitor, token, committing, EMERGENCY)
    settings.ENQUIRY_KEYS = [new_key()]
    assert visitor.get(address).status_code == 200
    assert flagging.flags_of(Enquiry.objects.get()) == []
