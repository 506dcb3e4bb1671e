"""Every step with an enquiry: what it does to it, to the thread, the outbox and the audit log."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.test import Client

from enquiries.models import Enquiry, OutgoingMail, RetentionRule, ThreadEntry, Tombstone
from tests.enquiries.conftest import FRIDAY_10AM, soup_of
from tests.enquiries.reception import (
    LIST,
    at,
    errors_of,
    listed,
    log,
    offered,
    page,
    step,
    text_of,
    thread,
)
from tests.factories import make_clinic, make_enquiry, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Status = Enquiry.Status
TODAY = date(2026, 11, 20)
DAYS = {"": 200, "booked": 90, "answered": 60, "referred": 50, "no-contact": 40, "duplicate": 30,
        "spam": 20}  # fmt: skip


@pytest.fixture
def rosa(db: None) -> User:
    make_clinic()
    for outcome, days in DAYS.items():
        RetentionRule.objects.update_or_create(outcome=outcome, defaults={"days": days})
    return make_user("Reception", username="rosa")


@pytest.fixture
def desk(rosa: User, signed_in: Callable[..., Client], clock: time_machine.Traveller) -> Client:
    """The browser of a receptionist, on Friday 20 November 2026 at 10am."""
    return signed_in(rosa)


@pytest.fixture
def manager(rosa: User, signed_in: Callable[..., Client], clock: time_machine.Traveller) -> Client:
    return signed_in(make_user("Manager", username="mia"))


@pytest.fixture
def enquiry(rosa: User) -> Enquiry:
    """An enquiry that came on Wednesday."""
    return make_enquiry(
        full_name="Sam O’Neill", email="sam@example.com", received_at=at(18, 9), reply_by=at(20, 9)
    )


def days_from(day: date, outcome: str) -> date:
    return day + timedelta(days=DAYS[outcome])


def taken(response: Any) -> None:
    assert response.status_code == 302, errors_of(response)
    assert "enquiries/enquiry/" in response["Location"]


def told(enquiry: Enquiry, act: str) -> None:
    """Check that the last thing in the audit log is the act, without anybody's words."""
    (by, last, target, detail) = log()[-1]
    assert (last, target, detail) == (act, f"enquiry: {enquiry.reference}", "")
    assert by in {"rosa", "mia"}


# --- answering ------------------------------------------------------------------------------------


def test_reply_goes_to_the_thread_and_the_outbox_and_out(
    desk: Client, rosa: User, enquiry: Enquiry, committing: Callable[..., Any],
    mailoutbox: list[EmailMessage],
) -> None:  # fmt: skip
    with committing():
        taken(step(desk, enquiry, "reply", text="Hello Sam.\nYes, we do."))
    assert (enquiry.status, enquiry.owner) == (Status.WAITING, rosa)
    assert enquiry.first_replied_at == FRIDAY_10AM
    assert thread(enquiry) == [("reply", "rosa", "Hello Sam.\nYes, we do.")]
    mail = enquiry.mail.get()
    assert (mail.kind, mail.state, mail.to) == ("reply", "sent", "sam@example.com")
    (message,) = mailoutbox
    assert message.to == ["sam@example.com"]
    assert "Yes, we do." in message.body
    assert "knees" not in message.subject
    assert enquiry.erase_on == days_from(date(2026, 11, 18), "")
    told(enquiry, "replied")


def test_reply_that_cannot_be_sent_is_kept_shown_and_tried_again(
    desk: Client, enquiry: Enquiry, committing: Callable[..., Any], mailoutbox: list[EmailMessage]
) -> None:
    step(desk, enquiry, "reply", text="Hello")
    mail = enquiry.mail.get()
    OutgoingMail.objects.update(state="failed", last_error="TimeoutError", attempts=45)
    assert "Given up (TimeoutError; tries: 45)" in text_of(desk.get(page(enquiry)))
    again = f"{LIST}mail/{mail.pk}/again/"
    desk.get(again)
    mail.refresh_from_db()
    assert mail.state == "failed"
    with committing():
        assert desk.post(again)["Location"] == page(enquiry)
    mail.refresh_from_db()
    assert mail.state == "sent"
    with committing():
        desk.post(again)  # pressed twice
    assert len(mailoutbox) == 1
    assert desk.post(f"{LIST}mail/999999/again/").status_code == 404


def test_first_answer_is_remembered_and_its_writer_stays_the_owner(
    desk: Client, manager: Client, rosa: User, enquiry: Enquiry, clock: time_machine.Traveller
) -> None:
    step(desk, enquiry, "reply", text="One")
    clock.shift(timedelta(hours=1))
    desk.get(page(enquiry))
    seen = enquiry.thread.get().pk
    step(manager, enquiry, "call", reached="yes", text="", seen=seen)
    assert enquiry.first_replied_at == FRIDAY_10AM
    assert enquiry.owner == rosa


@pytest.mark.parametrize(
    ("reached", "words", "status"),
    [
        ("yes", "Spoke to them.\nComes on Monday.", Status.WAITING),
        ("no", "Tried to call; could not speak to them.\nComes on Monday.", Status.NEW),
    ],
)
def test_call_counts_as_the_answer_if_it_reached_them(
    desk: Client, enquiry: Enquiry, reached: str, words: str, status: str
) -> None:
    taken(step(desk, enquiry, "call", reached=reached, text="Comes on Monday."))
    assert enquiry.status == status
    assert (enquiry.first_replied_at is not None) is (reached == "yes")
    assert thread(enquiry) == [("call", "rosa", words)]
    assert not enquiry.mail.exists()
    told(enquiry, "called")


def test_note_changes_nothing_but_the_thread(desk: Client, enquiry: Enquiry) -> None:
    before = Enquiry.objects.values().get()
    taken(step(desk, enquiry, "note", text=[b" Caf\xc3\xa9\x00 \xed\xa0\x80 "]))
    assert Enquiry.objects.values().get() == before
    ((kind, writer, words),) = thread(enquiry)
    assert (kind, writer) == ("note", "rosa")
    assert words.startswith("Café")
    assert "\x00" not in words
    told(enquiry, "noted")


# --- where it stands ------------------------------------------------------------------------------


def test_assigning_names_an_owner_who_can_answer(
    desk: Client, rosa: User, enquiry: Enquiry
) -> None:
    make_user(username="outsider")
    make_user("Editor", username="ed")
    gone = make_user("Reception", username="gone", is_active=False)
    omar = make_user("Reception", username="omar", first_name="Omar", last_name="Ott")
    options = soup_of(desk.get(page(enquiry)).content).select("#id_assign-owner option")
    assert [option.get_text() for option in options] == ["Nobody yet", "rosa", "Omar Ott"]
    taken(step(desk, enquiry, "assign", owner=omar.pk))
    assert (enquiry.owner, enquiry.status) == (omar, Status.IN_PROGRESS)
    told(enquiry, "assigned")
    taken(step(desk, enquiry, "assign", owner=""))
    assert (enquiry.owner, enquiry.status) == (None, Status.IN_PROGRESS)
    assert [words for _, _, words in thread(enquiry)] == [
        "Omar Ott answers it.", "Nobody answers it at the moment.",
    ]  # fmt: skip
    assert step(desk, enquiry, "assign", owner=gone.pk).status_code == 422


def test_waiting_and_back(desk: Client, enquiry: Enquiry) -> None:
    taken(step(desk, enquiry, "wait"))
    assert enquiry.status == Status.WAITING
    told(enquiry, "set to waiting")
    assert listed(desk, "?queue=overdue") == []
    taken(step(desk, enquiry, "reopen"))
    assert enquiry.status == Status.IN_PROGRESS
    told(enquiry, "opened again")


@pytest.mark.parametrize("outcome", ["booked", "answered", "referred", "no-contact"])
def test_closing_says_how_it_ended_and_until_when_it_is_kept(
    desk: Client, enquiry: Enquiry, outcome: str
) -> None:
    taken(step(desk, enquiry, "close", outcome=outcome))
    assert (enquiry.status, enquiry.outcome) == (Status.CLOSED, outcome)
    assert enquiry.closed_at == FRIDAY_10AM
    assert enquiry.erase_on == days_from(TODAY, outcome)
    assert thread(enquiry)[0][2] == f"Closed: {enquiry.get_outcome_display()}."
    told(enquiry, "closed")
    taken(step(desk, enquiry, "reopen"))
    assert (enquiry.status, enquiry.outcome, enquiry.closed_at) == ("in-progress", "", None)
    assert enquiry.erase_on == days_from(date(2026, 11, 18), "")


# --- spam and doubles -----------------------------------------------------------------------------


def test_spam_is_closed_and_rescued_in_one_click(
    desk: Client, enquiry: Enquiry, committing: Callable[..., Any], mailoutbox: list[EmailMessage]
) -> None:
    OutgoingMail.objects.create(enquiry=enquiry, kind="acknowledgement", message_id="<1@x>")
    with committing():
        taken(step(desk, enquiry, "spam"))
    assert (enquiry.status, enquiry.outcome, enquiry.suspected_spam) == ("closed", "spam", True)
    assert enquiry.erase_on == date(2026, 11, 18) + timedelta(days=30)
    assert mailoutbox == []
    told(enquiry, "marked as spam")
    button = soup_of(desk.get(page(enquiry)).content).select_one("form#step-rescue")
    assert button is not None
    assert button.find_parent("details") is None
    with committing():
        taken(step(desk, enquiry, "rescue"))
    assert (enquiry.status, enquiry.outcome, enquiry.suspected_spam) == ("new", "", False)
    assert enquiry.closed_at is None
    assert [message.to for message in mailoutbox] == [["sam@example.com"]]
    told(enquiry, "rescued")


def test_merging_closes_the_double_and_both_point_at_each_other(
    desk: Client, enquiry: Enquiry
) -> None:
    double = make_enquiry(email="SAM@example.com", received_at=at(19, 9))
    written = enquiry.reference.lower().replace("-", " ")
    taken(step(desk, double, "merge", reference=written))
    assert (double.status, double.outcome, double.merged_into) == ("closed", "duplicate", enquiry)
    assert double.erase_on == days_from(TODAY, "duplicate")
    told(double, "merged")
    assert f"Same as {enquiry}" in text_of(desk.get(page(double)))
    enquiry.refresh_from_db()
    assert enquiry.status == Status.NEW
    assert thread(enquiry)[0][2] == f"{double} is the same and was merged into this one."
    (error,) = errors_of(step(desk, enquiry, "merge", reference=double.reference))
    assert error == f"{double} was already merged into this one."
    step(desk, double, "reopen")
    assert double.merged_into is None


# --- what we hold ---------------------------------------------------------------------------------


def test_correcting_contact_details_finds_the_person_under_the_new_ones(
    desk: Client, enquiry: Enquiry
) -> None:
    new = {"full_name": "Sam O’Neil", "email": "sam2@example.com", "telephone": "01632 960001"}
    taken(step(desk, enquiry, "correct", **new))
    assert {name: getattr(enquiry, name) for name in new} == new
    # What changed is on record, and the words are not.
    told(enquiry, "corrected")
    assert thread(enquiry)[0][2] == "Corrected: name, email address, telephone number."
    assert listed(desk, "?q=SAM2@example.com") == [enquiry.reference]
    assert listed(desk, "?q=01632960001") == [enquiry.reference]
    assert listed(desk, "?q=sam@example.com") == []
    taken(step(desk, enquiry, "correct", **new))
    assert len(log("corrected")) == 1


def test_what_is_held_is_not_erased_until_it_is_released(manager: Client, enquiry: Enquiry) -> None:
    taken(step(manager, enquiry, "hold", reason="Complaint of May"))
    assert (enquiry.hold_reason, enquiry.held_by_name) == ("Complaint of May", "mia")
    told(enquiry, "held")
    assert "Kept: Complaint of May (mia)" in text_of(manager.get(page(enquiry)))
    refused = step(manager, enquiry, "erase", sure="on")
    assert refused.status_code == 422
    assert errors_of(refused) == ["It is kept because: Complaint of May. Release it first."]
    assert log("erased") == []
    assert not Tombstone.objects.exists()
    taken(step(manager, enquiry, "release"))
    assert not enquiry.is_held
    told(enquiry, "released")


def test_erasing_leaves_a_tombstone_and_a_line_in_the_log(
    manager: Client, enquiry: Enquiry
) -> None:
    step(manager, enquiry, "reply", text="Hello Sam")
    what = f"enquiry: {enquiry.reference}"
    response = step(manager, enquiry, "erase", sure="on")
    assert response["Location"] == LIST
    assert not Enquiry.objects.exists()
    assert not ThreadEntry.objects.exists()
    assert not OutgoingMail.objects.exists()
    stone = Tombstone.objects.get()
    assert (stone.reference, stone.why, stone.erased_by_name) == (
        enquiry.reference, "staff", "mia",
    )  # fmt: skip
    assert log()[-1] == ("mia", "erased", what, "")
    assert "Sam" not in str(log())


@pytest.mark.parametrize("name", ["hold", "release", "erase"])
def test_reception_may_neither_hold_nor_erase(desk: Client, enquiry: Enquiry, name: str) -> None:
    OutgoingMail.objects.all().delete()
    before = Enquiry.objects.values().get()
    response = step(desk, enquiry, name, reason="Mine", sure="on")
    assert response.status_code == 403
    assert Enquiry.objects.values().get() == before
    assert name not in offered(desk.get(page(enquiry)))


# --- refused --------------------------------------------------------------------------------------

REFUSED = [
    ("reply", {"text": " "}, {}, "Write the reply"),
    ("reply", {"text": "x" * 10_001}, {}, "at most 10000 characters"),
    ("reply", {"text": "Hello"}, {"email": "", "telephone": "1"}, "They gave no email address."),
    ("reply", {"text": "Hello"}, {"status": "closed"}, "Open it again before you reply."),
    ("call", {"text": "Hello"}, {}, "Choose whether you spoke to them"),
    ("note", {"text": ""}, {}, "Write the note"),
    ("assign", {"owner": "x"}, {}, "valid choice"),
    ("assign", {"owner": ""}, {"status": "closed"}, "closed. Open it again first."),
    ("wait", {}, {"status": "closed"}, "closed. Open it again first."),
    ("close", {}, {}, "Choose how it ended"),
    ("close", {"outcome": "spam"}, {}, "valid choice"),
    ("close", {"outcome": "booked"}, {"status": "closed"}, "closed. Open it again first."),
    ("spam", {}, {"status": "closed"}, "closed. Open it again first."),
    ("rescue", {}, {"status": "waiting"}, "among the others already"),
    ("reopen", {}, {"status": "closed", "suspected_spam": True}, "Choose “This is not spam”"),
    ("merge", {"reference": ""}, {}, "Enter the reference of the other enquiry"),
    ("merge", {"reference": "E-0000-0000"}, {}, "There is no enquiry with this reference."),
    ("merge", {"reference": [b"\x00\xed\xa0\x80"]}, {}, "ull characters are not allowed"),
    ("merge", {"reference": "9" * 3000}, {}, "at most 40 characters"),
    ("merge", {"reference": "E-7K4M-2P9Q"}, {}, "another email address and telephone number"),
    ("merge", {"reference": "E-1111-1111"}, {}, "That is this enquiry itself."),
    ("correct", {"full_name": "", "email": "a@example.com"}, {}, "Enter the full name"),
    ("correct", {"full_name": "Kim", "email": "a@b"}, {}, "email"),
    ("correct", {"full_name": "Kim"}, {}, "Leave an email address, a telephone number or both."),
    ("hold", {"reason": ""}, {}, "Say why it has to be kept"),
    ("erase", {}, {}, "Tick the box if you want to erase it"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answers", "fields", "why"), REFUSED)
def test_refused_step_says_why_keeps_what_was_typed_and_changes_nothing(
    manager: Client, name: str, answers: dict[str, Any], fields: dict[str, Any], why: str
) -> None:
    make_enquiry(reference="E-7K4M-2P9Q")
    enquiry = make_enquiry(reference="E-1111-1111", **fields)
    manager.get(page(enquiry))
    before = list(Enquiry.objects.order_by("pk").values())
    response = step(manager, enquiry, name, **answers)
    assert response.status_code == 422
    assert why in " ".join(errors_of(response))
    assert list(Enquiry.objects.order_by("pk").values()) == before
    assert not ThreadEntry.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert {act for _, act, _, _ in log()} == {"read"}
    soup = soup_of(response.content)
    assert str(soup.title).startswith("<title>Error: ")
    assert soup.select_one(f"#step-{name}") is not None
    typed = " ".join(str(each) for each in soup.select(f"#step-{name} textarea, input"))
    for words in answers.values():
        if (
            isinstance(words, str)
            and words.strip()
            and name != "assign"
            and "outcome" not in answers
        ):
            assert words in typed
    for link in soup.select("[role=alert] a"):
        assert soup.select_one(str(link["href"]).replace("#", "[id='") + "']") is not None


@pytest.mark.parametrize("name", ["reply", "note", "erase", "no-such"])
def test_address_of_a_step_leads_to_the_enquiry(
    manager: Client, enquiry: Enquiry, name: str
) -> None:
    assert manager.get(f"{LIST}{enquiry.pk}/step/{name}/")["Location"] == page(enquiry)
    assert manager.post(f"{LIST}{enquiry.pk}/step/no-such/")["Location"] == page(enquiry)
    assert Enquiry.objects.exists()


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor", ""])
@pytest.mark.parametrize("name", ["reply", "note", "spam", "erase", "no-such"])
def test_nobody_else_takes_a_step(
    enquiry: Enquiry, staff: Callable[[str], Client], role: str, name: str
) -> None:
    client = staff(role) if role else Client()
    before = Enquiry.objects.values().get()
    response = step(client, enquiry, name, text="Hello", sure="on")
    assert response.status_code in ({302, 403} if not role else {403})
    assert client.post(f"{LIST}mail/1/again/").status_code in {302, 403}
    assert Enquiry.objects.values().get() == before
    assert log() == []
