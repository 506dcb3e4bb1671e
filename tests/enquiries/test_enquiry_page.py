"""The page of one enquiry: read safely, on record, and with colleagues in mind."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enquiries import consent
from enquiries.flagging import flags_in
from enquiries.models import Enquiry, ReplyTemplate
from tests.enquiries.conftest import FRIDAY_10AM, soup_of
from tests.enquiries.reception import LIST, at, errors_of, log, offered, page, step, text_of
from tests.factories import make_clinic, make_condition, make_enquiry, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SignIn = Callable[..., Client]


@pytest.fixture
def rosa(db: None) -> User:
    make_clinic()
    return make_user("Reception", username="rosa", first_name="Rosa", last_name="Reed")


@pytest.fixture
def desk(rosa: User, signed_in: SignIn, clock: time_machine.Traveller) -> Client:
    """The browser of a receptionist, on Friday 20 November 2026 at 10am."""
    return signed_in(rosa)


@pytest.fixture
def omar(rosa: User, signed_in: SignIn) -> Client:
    """The browser of another receptionist."""
    return signed_in(make_user("Reception", username="omar"))


def flagged(message: str, **fields: object) -> Enquiry:
    """Make an enquiry whose message was matched to the red flags, as when it is received."""
    found = flags_in(message, None)
    return make_enquiry(
        message=message, urgency=found.urgency, red_flags=json.dumps(found.kept), **fields
    )


# --- what was sent --------------------------------------------------------------------------------


def test_one_enquiry_is_shown_whole_and_safely(desk: Client) -> None:
    enquiry = make_enquiry(
        message="First <script>alert(1)</script>\n\nألم", telephone="07700 900 982",
        may_leave_message=True, condition=make_condition(name="Knee pain"), reply_by=at(20, 9),
        health_consent_given_at=FRIDAY_10AM, health_consent_version=consent.CURRENT.version,
    )  # fmt: skip
    response = desk.get(page(enquiry))
    content = response.content.decode()
    assert "&lt;script&gt;" in content
    assert "<script>alert" not in content
    shown = soup_of(response.content).select_one(".enquiry-message")
    assert shown is not None
    assert shown["dir"] == "auto"
    assert "ألم" in shown.get_text()
    text = text_of(response)
    for words in (
        enquiry.full_name, enquiry.email, "07700 900 982 (may leave a message)", "Knee pain",
        "I agree that reception staff", "version 2026-11", "Overdue 20 November 2026, 9am",
        "Erased on 1 January 2099", "Nobody yet",
    ):  # fmt: skip
        assert words in text
    assert enquiry.full_name not in str(soup_of(response.content).title)


def test_words_of_a_warning_sign_are_marked_and_nothing_in_them_is_code(desk: Client) -> None:
    enquiry = flagged("<b>Bad</b> numbness between my legs & <i>more</i>. No chest pain.")
    response = desk.get(page(enquiry))
    shown = soup_of(response.content).select_one(".enquiry-message")
    assert shown is not None
    assert "numbness" in " ".join(mark.get_text() for mark in shown.select("mark"))
    assert shown.get_text() == enquiry.message
    assert shown.select("b, i") == []
    text = text_of(response)
    assert "May be an emergency" in text
    assert "which knows no medicine" in text


def test_warning_sign_that_is_denied_is_shown_as_denied(desk: Client) -> None:
    enquiry = flagged("I have no chest pain. My elbow aches.")
    assert enquiry.urgency == Enquiry.Urgency.MENTIONED
    notice = soup_of(desk.get(page(enquiry)).content).select_one(".enquiry__notice--urgent")
    assert notice is not None
    assert notice.select("em")


@pytest.mark.parametrize("kept", ["", "nonsense", '{"a": 1}', "[]"])
def test_message_is_shown_even_if_its_marks_cannot_be_read(desk: Client, kept: str) -> None:
    enquiry = make_enquiry(message="x", red_flags=kept, urgency=Enquiry.Urgency.URGENT)
    shown = soup_of(desk.get(page(enquiry)).content).select_one(".enquiry-message")
    assert shown is not None
    assert shown.get_text() == "x"


def test_versions_of_an_enquiry_and_others_of_the_person_are_linked(desk: Client) -> None:
    first = make_enquiry(email="sam@example.com")
    second = make_enquiry(email="SAM@example.com", corrects=first)
    by_phone = make_enquiry(email="", telephone="01632 960001")
    third = make_enquiry(email="sam@example.com", telephone="01632960001")
    stranger = make_enquiry()
    text = text_of(desk.get(page(third)))
    assert all(each.reference in text for each in (first, second, by_phone))
    assert stranger.reference not in text
    assert f"Corrects {first.reference}" in text_of(desk.get(page(second)))


@pytest.mark.parametrize("key", ["0", "999999", "nonsense", "9" * 30, "1'", "%00", "²"])
def test_enquiry_that_is_not_there_leads_back_to_the_worklist(desk: Client, key: str) -> None:
    response = desk.get(f"{LIST}{key}/change/", follow=True)
    assert "There is no such enquiry. It may have been erased." in text_of(response)


def test_step_with_an_erased_enquiry_says_that_it_is_gone(desk: Client) -> None:
    response = desk.post(f"{LIST}999999/step/reply/", {"reply-text": "Hello"}, follow=True)
    assert "It may have been erased." in text_of(response)


def test_page_asks_the_database_no_more_for_a_longer_thread(desk: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(page(enquiry))
        return len(captured)

    enquiry = make_enquiry()
    step(desk, enquiry, "reply", text="Hello")
    desk.get(page(enquiry))
    few = queries()
    for number in range(5):
        seen = enquiry.thread.last().pk
        step(desk, enquiry, "reply", text=f"Hello {number}", seen=seen)
        make_enquiry(email=enquiry.email)
    assert queries() == few


# --- on record ------------------------------------------------------------------------------------


def test_reading_is_logged_and_stops_the_clock_once(
    desk: Client, omar: Client, clock: time_machine.Traveller
) -> None:
    enquiry = make_enquiry(message="My knee")
    desk.get(page(enquiry))
    clock.shift(timedelta(minutes=5))
    desk.get(page(enquiry))
    omar.get(page(enquiry))
    clock.shift(timedelta(minutes=11))
    desk.get(page(enquiry))
    what = f"enquiry: {enquiry.reference}"
    assert log() == [
        ("Rosa Reed", "read", what, ""),
        ("omar", "read", what, ""),
        ("Rosa Reed", "read", what, ""),
    ]
    enquiry.refresh_from_db()
    assert enquiry.first_read_at == FRIDAY_10AM


def test_no_page_with_an_enquiry_is_kept_anywhere(
    rosa: User, signed_in: SignIn, clock: time_machine.Traveller
) -> None:
    manager = signed_in(make_user("Manager"))
    enquiry = make_enquiry(email="sam@example.com")
    who = {"email": "sam@example.com"}
    responses = [
        *(manager.get(path) for path in (
            LIST, f"{LIST}?q=sam", page(enquiry), f"{LIST}{enquiry.pk}/history/",
            f"{LIST}person/", f"{LIST}figures/", f"{LIST}figures.csv",
        )),
        step(manager, enquiry, "reply", text=""),
        step(manager, enquiry, "note", text="Called."),
        *(manager.post(f"{LIST}person/", who | extra)
          for extra in ({}, {"json": ""}, {"html": ""}, {"email": "x"})),
    ]  # fmt: skip
    for response in responses:
        assert "no-store" in response["Cache-Control"]


# --- colleagues -----------------------------------------------------------------------------------


def test_two_receptionists_are_told_of_each_other_for_a_while(
    desk: Client, omar: Client, clock: time_machine.Traveller
) -> None:
    enquiry = make_enquiry()
    assert "open too" not in text_of(desk.get(page(enquiry)))
    assert "Rosa Reed has this enquiry open too." in text_of(omar.get(page(enquiry)))
    assert "omar has this enquiry open too." in text_of(desk.get(page(enquiry)))
    assert "open too" not in text_of(desk.get(page(make_enquiry())))
    clock.shift(timedelta(minutes=11))
    assert "open too" not in text_of(desk.get(page(enquiry)))


@pytest.mark.parametrize(
    ("name", "answers", "words"),
    [
        ("reply", {"text": "Come on Monday."}, "Rosa Reed replied at 10:00"),
        ("call", {"text": "They come on Monday.", "reached": "yes"}, "Rosa Reed replied at 10:00"),
    ],
)
def test_answer_after_a_colleague_s_is_refused_once_with_the_text_kept(
    desk: Client, omar: Client, name: str, answers: dict[str, str], words: str
) -> None:
    enquiry = make_enquiry()
    seen = soup_of(omar.get(page(enquiry)).content).select_one(f"#id_{name}-seen")
    assert seen is not None
    step(desk, enquiry, "reply", text="Come on Tuesday.", seen=seen["value"])
    refused = step(omar, enquiry, name, **answers, seen=seen["value"])
    assert refused.status_code == 422
    (error,) = errors_of(refused)
    assert error.startswith(words)
    soup = soup_of(refused.content)
    kept = soup.select_one(f"#id_{name}-text")
    assert kept is not None
    assert kept.get_text(strip=True) == answers["text"]
    assert "Come on Tuesday." in text_of(refused)
    assert enquiry.thread.count() == 1
    assert enquiry.mail.count() == 1
    # Now they have read it, and may send theirs all the same.
    now_seen = soup.select_one(f"#id_{name}-seen")
    assert now_seen is not None
    again = step(omar, enquiry, name, **answers, seen=now_seen["value"])
    assert again.status_code == 302
    assert enquiry.thread.count() == 2


def test_own_words_and_notes_of_colleagues_hold_nobody_up(desk: Client, omar: Client) -> None:
    enquiry = make_enquiry()
    step(omar, enquiry, "note", text="Looks like a knee.")
    assert step(desk, enquiry, "reply", text="Hello", seen="0").status_code == 302
    assert step(desk, enquiry, "reply", text="One more thing", seen="0").status_code == 302


# --- steps on the page ----------------------------------------------------------------------------


def test_a_reply_template_is_filled_in_and_can_be_changed(desk: Client) -> None:
    template = ReplyTemplate.objects.create(
        name="Ours", text="Hello {name}, about {reference}: call {clinic} on {telephone}. {me} {x}"
    )
    enquiry = make_enquiry(full_name="Sam <O’Neill>", status=Enquiry.Status.WAITING)
    soup = soup_of(desk.get(page(enquiry)).content)
    assert "Ours" in [option.get_text() for option in soup.select("#template option")]
    soup = soup_of(desk.get(f"{page(enquiry)}?template={template.pk}").content)
    shown = soup.select_one("#id_reply-text")
    assert shown is not None
    assert shown.get_text(strip=True) == (
        f"Hello Sam <O’Neill>, about {enquiry.reference}: call Fernhill Clinic on 01632 960123."
        " Rosa Reed {x}"
    )
    assert soup.select("#step-reply[open]")


@pytest.mark.parametrize("chosen", ["0", "x", "%00", "9" * 30, "-1"])
def test_template_that_is_not_there_is_no_fault(desk: Client, chosen: str) -> None:
    response = desk.get(f"{page(make_enquiry())}?template={chosen}")
    assert response.status_code == 200
    shown = soup_of(response.content).select_one("#id_reply-text")
    assert shown is not None
    assert shown.get_text(strip=True) == ""


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "reply"),
        ({"reply_by_method": "telephone", "telephone": "01632 960001"}, "call"),
        ({"email": "", "telephone": "01632 960001"}, "call"),
        ({"status": "waiting"}, None),
        ({"status": "closed"}, None),
    ],
)
def test_what_comes_next_stands_open(
    desk: Client, fields: dict[str, str], expected: str | None
) -> None:
    soup = soup_of(desk.get(page(make_enquiry(**fields))).content)
    opened = [each["id"] for each in soup.select("details.enquiry__step[open]")]
    assert opened == ([f"step-{expected}"] if expected else [])


OPEN = {"wait", "spam", "reply", "call", "note", "assign", "close", "correct", "merge"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, OPEN),
        ({"email": "", "telephone": "01632 960001"}, OPEN - {"reply"}),
        ({"status": "waiting"}, OPEN - {"wait"} | {"reopen"}),
        ({"status": "closed", "outcome": "booked"}, {"reopen", "note", "correct"}),
        ({"suspected_spam": True}, {"rescue", "spam", "note"}),
        ({"suspected_spam": True, "status": "closed", "outcome": "spam"}, {"rescue", "note"}),
    ],
)
def test_page_offers_the_steps_that_make_sense(
    desk: Client, rosa: User, signed_in: SignIn, fields: dict[str, str], expected: set[str]
) -> None:
    enquiry = make_enquiry(**fields)
    assert set(offered(desk.get(page(enquiry)))) == expected
    manager = signed_in(make_user("Manager"))
    assert set(offered(manager.get(page(enquiry)))) == expected | {"hold", "erase"}
    Enquiry.objects.update(hold_reason="A complaint")
    assert set(offered(manager.get(page(enquiry)))) == expected | {"release", "erase"}


def test_who_may_only_read_is_offered_nothing(rosa: User, signed_in: SignIn) -> None:
    reader = make_user(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_enquiry"))
    enquiry = make_enquiry()
    response = signed_in(reader).get(page(enquiry))
    assert offered(response) == []
    assert "You may read enquiries, and change nothing." in text_of(response)
    assert step(signed_in(reader), enquiry, "note", text="x").status_code == 403


def test_unread_time_is_measured_until_the_first_reading(desk: Client) -> None:
    enquiry = make_enquiry(received_at=timezone.now() - timedelta(hours=2))
    assert "Read first 20 November 2026, 10am" in text_of(desk.get(page(enquiry)))
