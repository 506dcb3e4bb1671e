"""A note on its way: what is kept, what is refused, and what protects the form."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client

from clinic.models import Clinic
from enquiries import form_token
from enquiries.models import Enquiry, RecentSubmission
from enquiries.public_form import HONEYPOT
from feedback.models import Note
from tests.enquiries.conftest import answers, soup_of, token_in
from tests.enquiries.reception import errors_of
from tests.enquiries.test_encryption import raw
from tests.feedback.conftest import FORM, Send, fields_of, main_of, told

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SELLING = "Buy cheap backlinks and SEO services now http://a.top http://b.top http://c.xyz"


def headings(response: Any) -> list[str]:
    return [each.get_text(" ", strip=True) for each in main_of(response).select("h1, h2")]


# --- what is kept ---------------------------------------------------------------------------------


def test_a_note_is_kept_encrypted_and_confirmed(send: Send, visitor: Client) -> None:
    response = send()
    assert response.status_code == 303
    note = Note.objects.get()
    assert (note.page, note.kind, note.state) == ("/conditions/", "mistake", "new")
    assert note.message == told()["message"]
    assert note.email == "sam@example.com"
    assert not note.suspected_spam
    for column in ("message", "email", "email_key", "red_flags"):
        stored = raw(Note, column)[0]
        assert "opening" not in stored
        assert "sam" not in stored
    assert len(raw(Note, "message")[0]) > 100
    confirmed = visitor.get(response["Location"])
    assert confirmed.status_code == 200
    assert headings(confirmed)[0] == "We have your note"


def test_the_address_of_the_confirmation_says_nothing_of_the_sender(
    send: Send, visitor: Client
) -> None:
    address = send(message="Nobody can read this, says Sam")["Location"]
    assert urlsplit(address).path == "/feedback/received/"
    assert not urlsplit(address).netloc
    for word in ("sam", "conditions", "read"):
        assert word not in address.lower()
    confirmed = visitor.get(address)
    assert "no-store" in confirmed["Cache-Control"]
    assert "noindex" in confirmed["X-Robots-Tag"]
    text = main_of(confirmed).get_text(" ", strip=True)
    assert "Nobody can read" not in text
    assert "sam@" not in text


@pytest.mark.parametrize("ref", ["", "N-7K4M-2P9Q", "N-7K4M-2P9Q:abc", "é", "x" * 500, "\x00"])
def test_a_made_up_confirmation_confirms_nothing(clinic: Clinic, visitor: Client, ref: str) -> None:
    response = visitor.get("/feedback/received/", {"ref": ref})
    assert headings(response)[0] == "Your note"


def test_an_enquirys_reference_does_not_confirm_a_note(send: Send, visitor: Client) -> None:
    address = send()["Location"]
    assert b"We have your enquiry" not in visitor.get(f"/contact/received/?{address[19:]}").content


def test_the_email_address_may_be_left_out(send: Send) -> None:
    assert send(email="").status_code == 303
    note = Note.objects.get()
    assert (note.email, note.email_key) == ("", "")


@pytest.mark.parametrize("page", ["https://evil.example/", "/no-such-page/", "/admin/", "<b>", ""])
def test_a_page_that_is_none_of_ours_is_not_kept(send: Send, page: str) -> None:
    assert send(page=page).status_code == 303
    assert Note.objects.get().page == ""


# --- what comes back ------------------------------------------------------------------------------


def test_mistakes_come_back_with_everything_that_was_typed(token: str, visitor: Client) -> None:
    sent = told(form_token=token, kind="", email="sam@", message="<b>It</b> & that\n“is” odd")
    response = visitor.post(FORM, sent)
    assert response.status_code == 422
    assert errors_of(response) == [
        "Select what is wrong",
        "Enter an email address in the correct format, like name@example.com",
    ]
    page = soup_of(response.content)
    assert page.title is not None
    assert page.title.get_text().strip().startswith("Error: ")
    kept = fields_of(page)
    assert {name: kept[name] for name in sent} == sent
    for link in page.select("[role=alert] a"):
        assert page.select_one(str(link["href"])) is not None
    assert not Note.objects.exists()
    assert visitor.post(FORM, kept | {"kind": "other", "email": ""}).status_code == 303


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"message": ""}, "Tell us what is wrong"),
        ({"message": " \u200b\n "}, "Tell us what is wrong"),
        ({"message": "x" * 2001}, "Message must be 2,000 characters or fewer"),
        ({"message": "x" * 60_000}, "Message must be 2,000 characters or fewer"),
        ({"kind": "rude"}, "Select what is wrong from the list"),
        ({"email": "x" * 300 + "@example.com"}, "Email address must be 254 characters or fewer"),
    ],
)
def test_what_will_not_do_is_said(
    token: str, visitor: Client, changes: dict[str, str], error: str
) -> None:
    response = visitor.post(FORM, told(form_token=token, **changes))
    assert response.status_code == 422
    assert errors_of(response) == [error]
    typed = changes.get("message", "").strip()
    assert typed in main_of(response).get_text()
    assert not Note.objects.exists()


def test_two_thousand_letters_are_taken(send: Send) -> None:
    assert send(message="é" * 2000).status_code == 303
    assert Note.objects.get().message == "é" * 2000


def test_null_bytes_and_half_characters_are_left_out(token: str, visitor: Client) -> None:
    body = (
        "form_token=" + token + "&kind=other&page=%00/conditions/"
        "&message=It+is%00+odd%ED%A0%80&email=sam%00@example.com"
    )
    response = visitor.post(FORM, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    note = Note.objects.get()
    assert note.message.startswith("It is odd")
    assert "\x00" not in note.message + note.email
    assert note.page == "/conditions/"


# --- the token ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["missing", "odd", "forged", "of an enquiry", "expired"])
def test_without_a_good_token_nothing_is_kept_and_nothing_lost(
    clock: time_machine.Traveller, token: str, visitor: Client, kind: str
) -> None:
    given = {
        "missing": "", "odd": "\x00<é>", "forged": token[:-2] + "xx",
        "of an enquiry": form_token.issue(), "expired": token,
    }[kind]  # fmt: skip
    if kind == "expired":
        clock.shift(timedelta(hours=25))
    response = visitor.post(FORM, told(form_token=given))
    assert response.status_code == 422
    assert "This form had been open too long" in errors_of(response)[0]
    assert "“Send note”" in errors_of(response)[0]
    assert not Note.objects.exists()
    kept = fields_of(soup_of(response.content))
    assert kept["message"] == told()["message"]
    clock.shift(5)
    assert visitor.post(FORM, kept).status_code == 303
    assert Note.objects.count() == 1


def test_a_token_of_a_note_sends_no_enquiry(token: str, visitor: Client) -> None:
    assert visitor.post("/contact/", answers(form_token=token)).status_code == 422
    assert not Enquiry.objects.exists()


def test_the_same_form_sent_again_is_one_note(
    clock: time_machine.Traveller, token: str, visitor: Client
) -> None:
    sent = told(form_token=token)
    first, second = (visitor.post(FORM, sent) for _ in range(2))
    clock.shift(timedelta(days=3))
    third = visitor.post(FORM, sent)
    assert [each.status_code for each in (first, second, third)] == [303, 303, 303]
    assert first["Location"] == second["Location"] == third["Location"]
    assert Note.objects.count() == 1


def test_other_words_from_the_same_form_are_another_note(token: str, visitor: Client) -> None:
    for message in ("The first link is dead", "The second link is dead"):
        visitor.post(FORM, told(form_token=token, message=message))
    assert Note.objects.count() == 2


def test_a_second_click_that_got_in_between_is_the_same_note(
    token: str, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = told(form_token=token)
    first = visitor.post(FORM, sent)
    from feedback import services

    look, looks = services.find_note, []

    def sees_nothing_at_first(*args: Any) -> Any:
        looks.append(args)
        return None if len(looks) == 1 else look(*args)

    monkeypatch.setattr(services, "find_note", sees_nothing_at_first)
    assert visitor.post(FORM, sent)["Location"] == first["Location"]
    assert Note.objects.count() == 1


def test_a_visitor_needs_no_cookie(token: str) -> None:
    stranger = Client(enforce_csrf_checks=True)
    response = stranger.post(FORM, told(form_token=token))
    assert response.status_code == 303
    assert not response.cookies
    assert not stranger.cookies


# --- spam -----------------------------------------------------------------------------------------


def test_suspected_spam_is_set_aside_and_sees_the_same_confirmation(
    send: Send, visitor: Client
) -> None:
    good = visitor.get(send()["Location"])
    response = send(message=SELLING, email="", **{HONEYPOT: "http://x.example"})
    assert response.status_code == 303
    note = Note.objects.get(message__isnull=False, suspected_spam=True)
    assert note.message == SELLING
    assert "hidden field" in note.spam_reasons
    assert headings(visitor.get(response["Location"])) == headings(good)
    assert list(Note.objects.spam()) == [note]
    assert note not in Note.objects.waiting()


def test_the_box_for_programs_is_out_of_everybody_elses_way(
    clinic: Clinic, visitor: Client
) -> None:
    box = main_of(visitor.get(FORM)).select_one(f"input[name={HONEYPOT}]")
    assert box is not None
    assert box["tabindex"] == "-1"
    assert box.find_parent(attrs={"aria-hidden": "true"}) is not None


def test_a_flood_from_one_network_is_set_aside_and_others_are_not(send: Send) -> None:
    for number in range(61):
        send(message=f"Line {number} of the page is odd to me", email="")
        RecentSubmission.objects.update(at=time_of_last())
    assert Note.objects.spam().count() == 1
    send(address="198.51.100.9", message="The picture is missing")
    assert Note.objects.spam().count() == 1


def time_of_last() -> Any:
    """Return when the newest note came: the whole flood came within the hour."""
    return Note.objects.latest("received_at").received_at


def test_notes_do_not_count_against_enquiries(send: Send, visitor: Client) -> None:
    for number in range(61):
        send(message=f"Line {number} of the page is odd to me", email="")
    RecentSubmission.objects.update(at=time_of_last())
    token = token_in(visitor.get("/contact/").content)
    visitor.post("/contact/", answers(form_token=token), REMOTE_ADDR="192.0.2.7")
    assert not Enquiry.objects.get().suspected_spam


# --- warning signs --------------------------------------------------------------------------------


def test_somebody_who_tells_of_an_emergency_is_led_to_help_first(
    send: Send, visitor: Client
) -> None:
    response = send(
        message="I have crushing chest pain and cannot breathe.", **{HONEYPOT: "http://x.example"}
    )
    note = Note.objects.get()
    assert note.urgency == Enquiry.Urgency.EMERGENCY
    assert not note.suspected_spam
    assert "chest" not in raw(Note, "red_flags")[0]
    confirmed = visitor.get(response["Location"])
    found = headings(confirmed)
    assert found[0] == "Please read this first"
    assert any("Call 999" in each for each in headings_of_cards(confirmed))
    assert found.index("When to get help") < found.index("We have your note")


def headings_of_cards(response: Any) -> list[str]:
    return [each.get_text(" ", strip=True) for each in main_of(response).select("h2, h3")]


def test_the_cards_are_gone_a_day_later(
    send: Send, visitor: Client, clock: time_machine.Traveller
) -> None:
    address = send(message="I have crushing chest pain and cannot breathe.")["Location"]
    clock.shift(timedelta(hours=13))
    assert headings(visitor.get(address))[0] == "We have your note"


@pytest.mark.parametrize("broken", ["enquiries.flagging.match", "enquiries.screening.judge"])
def test_no_fault_of_what_looks_at_a_note_costs_it(
    send: Send, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*args: Any) -> None:
        raise ValueError("odd")

    monkeypatch.setattr(broken, fail)
    assert send().status_code == 303
    assert Note.objects.count() == 1


# --- faults ---------------------------------------------------------------------------------------


@contextmanager
def every_query_fails() -> Iterator[None]:
    def fail(*args: Any) -> None:
        raise OperationalError("no connection, for sam@example.com")

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.parametrize("whole", [False, True])
def test_what_the_database_does_not_take_stays_on_the_page(
    token: str,
    visitor: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    whole: bool,
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("disk full: opening hours")

    sent = told(form_token=token)
    with caplog.at_level(logging.DEBUG), monkeypatch.context() as patch:
        if whole:
            with every_query_fails():
                response = visitor.post(FORM, sent)
        else:
            patch.setattr(Note, "save", fail)
            response = visitor.post(FORM, sent)
    assert response.status_code == 503
    assert "no-store" in response["Cache-Control"]
    page = soup_of(response.content)
    text = main_of(response).get_text(" ", strip=True)
    assert "Your note has not been sent" in text
    assert "01632 960123" in text
    assert fields_of(page) == sent
    assert "OperationalError" in caplog.text
    for private in ("sam@example.com", "opening hours"):
        assert private not in caplog.text
    assert visitor.post(FORM, fields_of(page)).status_code == 303
    assert Note.objects.count() == 1


def test_that_page_shows_no_foreign_address_either(clinic: Clinic, visitor: Client) -> None:
    with every_query_fails():
        response = visitor.post(FORM, told(form_token="", page="https://evil.example/"))
    assert b"evil" not in response.content


def test_nothing_of_a_note_stands_in_the_log(
    send: Send, visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        visitor.get(send()["Location"])
        send(kind="")
    for private in ("sam@example.com", "opening hours"):
        assert private not in caplog.text
