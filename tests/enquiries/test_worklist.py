"""The worklist: what waits for reception, found in time and found again."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enquiries.models import Enquiry, OutgoingMail
from tests.enquiries.conftest import FRIDAY_10AM, soup_of
from tests.enquiries.reception import LIST, at, listed, log, page, text_of, thread
from tests.factories import make_clinic, make_condition, make_enquiry, make_user

pytestmark = pytest.mark.django_db

Status, Urgency = Enquiry.Status, Enquiry.Urgency


@pytest.fixture
def rosa(db: None) -> User:
    make_clinic()
    return make_user("Reception", username="rosa")


@pytest.fixture
def desk(rosa: User, signed_in: Callable[..., Client], clock: time_machine.Traveller) -> Client:
    """The browser of a receptionist, on Friday 20 November 2026 at 10am."""
    return signed_in(rosa)


def mail(enquiry: Enquiry, state: str, kind: str = "notification") -> OutgoingMail:
    return OutgoingMail.objects.create(
        enquiry=enquiry, kind=kind, state=state, message_id=f"<{enquiry.pk}.{kind}>",
        last_error="TimeoutError",
    )  # fmt: skip


def chosen(client: Client, action: str, *enquiries: Enquiry, queue: str = "open") -> str:
    """Take an action with enquiries of a queue, and return what the list says then."""
    sent = {"action": action, "_selected_action": [each.pk for each in enquiries]}
    return text_of(client.post(f"{LIST}?queue={queue}", sent, follow=True))


# --- its parts ------------------------------------------------------------------------------------


@pytest.fixture
def rows(rosa: User) -> dict[str, Enquiry]:
    """An enquiry for every part of the worklist, and some that are on none."""
    return {
        "fresh": make_enquiry(received_at=at(18, 9)),
        "late": make_enquiry(reply_by=at(20, 9), received_at=at(18, 10)),
        "mine": make_enquiry(owner=rosa, status=Status.IN_PROGRESS, received_at=at(18, 11)),
        "other’s": make_enquiry(
            owner=make_user("Reception"), status=Status.IN_PROGRESS, received_at=at(18, 12)
        ),
        "waiting": make_enquiry(
            status=Status.WAITING, reply_by=at(20, 8), received_at=at(18, 13)
        ),
        "spam": make_enquiry(suspected_spam=True, reply_by=at(20, 9)),
        "closed": make_enquiry(status=Status.CLOSED, outcome="answered", reply_by=at(20, 9)),
        "closed spam": make_enquiry(status=Status.CLOSED, outcome="spam", suspected_spam=True),
        "test": make_enquiry(is_test=True, reply_by=at(20, 9)),
    }  # fmt: skip


PARTS = {
    "": ["waiting", "late", "fresh", "mine", "other’s"],
    "?queue=open": ["waiting", "late", "fresh", "mine", "other’s"],
    "?queue=no-such": ["waiting", "late", "fresh", "mine", "other’s"],
    "?queue=new": ["late", "fresh"],
    "?queue=mine": ["mine"],
    "?queue=overdue": ["late"],
    "?queue=waiting": ["waiting"],
    "?queue=unsent": ["fresh", "mine"],
    "?queue=spam": ["spam"],
    "?queue=closed": ["closed", "closed spam"],
}


@pytest.mark.parametrize("query", PARTS)
def test_every_part_lists_its_enquiries(desk: Client, rows: dict[str, Enquiry], query: str) -> None:
    mail(rows["fresh"], "failed")
    mail(rows["mine"], "bounced")
    mail(rows["mine"], "failed", "acknowledgement")
    mail(rows["late"], "waiting")
    mail(rows["closed"], "failed")
    found = listed(desk, query)
    names = {row.reference: name for name, row in rows.items()}
    assert [names[each] for each in found] == PARTS[query]


def test_every_part_says_how_many_it_has(desk: Client, rows: dict[str, Enquiry]) -> None:
    mail(rows["fresh"], "failed")
    mail(rows["fresh"], "bounced", "acknowledgement")
    soup = soup_of(desk.get(f"{LIST}?queue=mine").content)
    parts = [" ".join(link.get_text(" ").split()) for link in soup.select(".queues__link")]
    assert parts == [
        "Open 5", "Warning signs, not read 0", "New 2", "Mine 1", "Overdue 1",
        "Waiting for the sender 1", "Mail not delivered 1", "Suspected spam 1", "Closed 2",
    ]  # fmt: skip
    (current,) = soup.select(".queues__link[aria-current]")
    assert current["href"] == "?queue=mine"


def test_the_most_urgent_comes_first_and_then_what_is_promised_first(desk: Client) -> None:
    no_time = make_enquiry()
    later = make_enquiry(reply_by=at(23, 10))
    sooner = make_enquiry(reply_by=at(20, 9))
    mentioned = make_enquiry(urgency=Urgency.MENTIONED)
    urgent = make_enquiry(urgency=Urgency.URGENT, reply_by=at(25, 9))
    emergency = make_enquiry(urgency=Urgency.EMERGENCY, reply_by=at(25, 9))
    emergency_before = make_enquiry(urgency=Urgency.EMERGENCY, reply_by=at(24, 9))
    order = [emergency_before, emergency, urgent, mentioned, sooner, later, no_time]
    assert listed(desk) == [each.reference for each in order]


def test_a_row_says_what_is_late_and_how_long_a_warning_sign_lies_unread(desk: Client) -> None:
    make_enquiry(
        full_name="Sam <b>", reply_by=at(20, 9), received_at=at(20, 7),
        urgency=Urgency.EMERGENCY, condition=make_condition(name="Back pain"),
    )  # fmt: skip
    make_enquiry(urgency=Urgency.URGENT, first_read_at=at(20, 9))
    make_enquiry(urgency=Urgency.MENTIONED)
    table = soup_of(desk.get(LIST).content).select_one("#result_list")
    assert table is not None
    text = " ".join(table.get_text(" ").split())
    for words in (
        "May be an emergency , unread for 3 hours", "Overdue 20 November 2026, 9am",
        "20 November 2026, 7am", "Sam <b>", "Back pain", "No time promised",
        "A warning sign is mentioned, as past or as not there",
    ):  # fmt: skip
        assert words in text
    assert text.count("unread") == 1
    assert len(table.select(".overdue")) == 3


def test_the_list_asks_the_database_no_more_for_more_enquiries(desk: Client) -> None:
    def queries(query: str = "") -> int:
        with CaptureQueriesContext(connection) as captured:
            listed(desk, query)
        return len(captured)

    condition, owner = make_condition(), make_user("Reception")
    make_enquiry(condition=condition, owner=owner, full_name="Ada")
    few = [queries(), queries("?q=ada")]
    for _ in range(7):
        make_enquiry(condition=make_condition(), owner=owner, full_name="Ada")
    assert [queries(), queries("?q=ada")] == few


# --- searching ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "E-7K4M-2P9Q", "e7k4m2p9q", " 7K4M 2P9Q", "E–7k4m–2p9q",
        "sam@example.com", "SAM@Example.COM", " sam@example.com ",
        "07700 900 982", "07700900982", "+44 (0)7700 900982", "0044 7700-900-982",
        "O’Neill", "o’neill", "neill", "sam o",
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [Status.NEW, Status.CLOSED])
def test_an_enquiry_is_found_wherever_it_stands(desk: Client, query: str, status: str) -> None:
    enquiry = make_enquiry(
        reference="E-7K4M-2P9Q", full_name="Sam O’Neill", email="sam@example.com",
        telephone="07700 900 982", status=status,
    )  # fmt: skip
    make_enquiry(telephone="07700 900 983")
    assert listed(desk, f"?q={quote(query)}") == [enquiry.reference]
    assert listed(desk, f"?queue=mine&q={quote(query)}") == [enquiry.reference]


@pytest.mark.parametrize("query", ["sam@example.co", "900 982", "am@example.com", "knee"])
def test_a_part_of_a_contact_or_a_word_of_a_message_finds_nothing(desk: Client, query: str) -> None:
    make_enquiry(email="sam@example.com", telephone="07700 900 982", message="My knee")
    assert listed(desk, f"?q={quote(query)}") == []


@pytest.mark.parametrize(
    "query",
    ["%ED%A0%80", "%ED%A0%80%ED%B0%80", "9" * 3000, "x" * 3000, "ABCD2345",
     "'\";--", "%25", "_", "()", "🦴", "%F0%9D%94%B8", "%E2%80%AE"],
)  # fmt: skip
def test_an_odd_search_breaks_nothing_and_finds_nobody_else(desk: Client, query: str) -> None:
    make_enquiry(full_name="Kim", email="", telephone="01632 960001")
    assert listed(desk, f"?q={query}") == []


@pytest.mark.parametrize("query", ["%00", "Kim%00", "+" * 50])
def test_a_search_for_nothing_shows_the_open_ones(desk: Client, query: str) -> None:
    enquiry = make_enquiry(full_name="Kim")
    make_enquiry(suspected_spam=True)
    assert listed(desk, f"?q={query}") == [enquiry.reference]


def test_what_is_looked_at_and_for_is_logged_without_the_words(desk: Client) -> None:
    make_enquiry(full_name="Sam O’Neill", email="sam@example.com", reference="E-7K4M-2P9Q")
    for query in ("", "?queue=spam", "?q=sam%40example.com", "?q=07700900982", "?q=neill",
                  "?q=E-7K4M-2P9Q"):  # fmt: skip
        desk.get(LIST + query)
    assert log() == [
        ("rosa", "listed", "", "enquiries: open"),
        ("rosa", "listed", "", "enquiries: spam"),
        *[("rosa", "searched", "", "enquiries: by email, telephone or name")] * 3,
        ("rosa", "searched", "", "enquiries: by reference"),
    ]


# --- actions --------------------------------------------------------------------------------------


def test_what_is_taken_is_mine_and_no_longer_new(desk: Client, rosa: User) -> None:
    fresh, waiting = make_enquiry(), make_enquiry(status=Status.WAITING)
    other = make_enquiry()
    assert "Enquiries that are now yours: 2." in chosen(desk, "take", fresh, waiting)
    for enquiry in (fresh, waiting, other):
        enquiry.refresh_from_db()
    assert (fresh.owner, fresh.status) == (rosa, Status.IN_PROGRESS)
    assert (waiting.owner, waiting.status) == (rosa, Status.WAITING)
    assert (other.owner, other.status) == (None, Status.NEW)
    assert thread(fresh) == [("event", "rosa", "rosa answers it.")]
    assert {target for _, _, target, _ in log("assigned")} == {
        f"enquiry: {waiting}",
        f"enquiry: {fresh}",
    }


def test_closed_enquiries_are_not_taken_and_it_is_said_why(desk: Client) -> None:
    closed = make_enquiry(status=Status.CLOSED, outcome="answered")
    text = chosen(desk, "take", closed, queue="closed")
    assert f"{closed}: This enquiry is closed. Open it again first." in text
    closed.refresh_from_db()
    assert (closed.owner, closed.status) == (None, Status.CLOSED)


def test_suspected_spam_is_rescued_from_the_list(
    desk: Client, committing: Callable[..., object], mailoutbox: list[object]
) -> None:
    spam, other = make_enquiry(suspected_spam=True, received_at=FRIDAY_10AM), make_enquiry()
    mail(spam, "waiting")
    with committing():  # type: ignore[attr-defined]
        assert "Enquiries rescued: 1." in chosen(desk, "not_spam", spam, other, queue="spam")
    spam.refresh_from_db()
    assert (spam.suspected_spam, spam.status) == (False, Status.NEW)
    assert spam.mail.get().state == "sent"
    assert len(mailoutbox) == 1
    assert thread(other) == []


def test_spam_is_closed_from_the_list_and_kept_for_its_time(desk: Client) -> None:
    enquiry = make_enquiry(received_at=FRIDAY_10AM)
    assert "Enquiries closed as spam: 1." in chosen(desk, "spam", enquiry)
    enquiry.refresh_from_db()
    assert (enquiry.suspected_spam, enquiry.status, enquiry.outcome) == (True, "closed", "spam")
    assert enquiry.erase_on == timezone.localdate() + timedelta(days=30)


def test_an_enquiry_is_neither_added_nor_deleted_here(desk: Client) -> None:
    enquiry = make_enquiry()
    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.post(f"{LIST}{enquiry.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen(desk, "delete_selected", enquiry)
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor"])
def test_who_answers_no_enquiries_sees_none(
    rosa: User, staff: Callable[[str], Client], role: str
) -> None:
    enquiry = make_enquiry()
    client = staff(role)
    assert client.get(LIST).status_code == 403
    assert client.get(page(enquiry)).status_code == 403
    assert client.get(f"{LIST}?q={enquiry.reference}").status_code == 403
    assert (
        client.post(LIST, {"action": "take", "_selected_action": [enquiry.pk]}).status_code == 403
    )
    assert log() == []
