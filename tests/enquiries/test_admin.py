"""Reception's side: find, take, note, close; never change what somebody sent."""

from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enquiries.models import Enquiry, EnquiryNote
from tests.enquiries.conftest import LONDON, soup_of
from tests.factories import make_clinic, make_condition, make_enquiry, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/enquiries/enquiry/"
SignIn = Callable[[User], Client]


@pytest.fixture
def receptionist(db: None) -> User:
    make_clinic()
    return make_user("Reception", username="rosa")


@pytest.fixture
def desk(receptionist: User, signed_in: SignIn, clock: time_machine.Traveller) -> Client:
    """The browser of a receptionist, on Friday 20 November 2026 at 10am."""
    return signed_in(receptionist)


def page(enquiry: Enquiry) -> str:
    return f"{LIST}{enquiry.pk}/change/"


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=LONDON)


def listed(client: Client, query: str = "") -> list[str]:
    """Return the references on the worklist, in order."""
    content = client.get(LIST + query).content
    return [link.get_text() for link in soup_of(content).select("#result_list tbody th a")]


def test_the_list_shows_what_is_promised_first_and_what_is_late(desk: Client) -> None:
    no_time = make_enquiry()
    later = make_enquiry(reply_by=at(23, 10))
    late = make_enquiry(
        full_name="Sam <b>", reply_by=at(20, 9), received_at=at(19, 9),
        condition=make_condition(name="Back pain"),
    )  # fmt: skip
    assert listed(desk) == [late.reference, later.reference, no_time.reference]
    table = soup_of(desk.get(LIST).content).select_one("#result_list")
    assert table is not None
    text = table.get_text(" ", strip=True)
    for words in ("Overdue 20 November 2026, 9am", "19 November 2026, 9am", "New", "Sam <b>",
                  "Back pain", "No time promised"):  # fmt: skip
        assert words in text
    assert len(table.select(".overdue")) == 1


def test_what_waits_for_its_sender_or_is_closed_is_not_overdue(desk: Client) -> None:
    for status in Enquiry.Status:
        make_enquiry(status=status, reply_by=at(20, 9))
    assert len(listed(desk, "?overdue=yes")) == 2
    assert {each.status for each in Enquiry.objects.overdue()} == {"new", "in-progress"}
    assert [each.is_overdue() for each in Enquiry.objects.order_by("pk")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert Enquiry.objects.open().count() == 3


def test_the_list_is_narrowed_by_status_owner_and_mail(desk: Client, receptionist: User) -> None:
    mine = make_enquiry(owner=receptionist)
    waiting = make_enquiry(status=Enquiry.Status.WAITING)
    unsent = make_enquiry(mail_error="to the clinic: TimeoutError")
    make_enquiry(mail_error="to the clinic: TimeoutError", status=Enquiry.Status.CLOSED)
    assert listed(desk, f"?owner__id__exact={receptionist.pk}") == [mine.reference]
    assert listed(desk, "?status__exact=waiting") == [waiting.reference]
    assert listed(desk, "?mail_failed=yes") == [unsent.reference]


@pytest.mark.parametrize(
    "query",
    [
        "O’Neill",
        "o’neill",
        "sam@example.com",
        "07700 900",
        "e7k4m2p9q",
        "E-7K4M-2P9Q",
        " 7K4M 2P9Q",
    ],
)
def test_an_enquiry_is_found_by_reference_name_email_or_telephone(desk: Client, query: str) -> None:
    enquiry = make_enquiry(
        reference="E-7K4M-2P9Q", full_name="Sam O’Neill", email="sam@example.com",
        telephone="07700 900 982",
    )  # fmt: skip
    make_enquiry()
    assert listed(desk, f"?q={query}") == [enquiry.reference]


@pytest.mark.parametrize("query", ["%00", "%ED%A0%80", "9" * 3000, "ABCD2345", "'\";--"])
def test_an_odd_search_finds_nothing_and_breaks_nothing(desk: Client, query: str) -> None:
    make_enquiry(full_name="Sam")
    assert desk.get(f"{LIST}?q={query}").status_code == 200


def test_the_list_asks_the_database_no_more_for_more_enquiries(desk: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(LIST)
        return len(captured)

    condition, owner = make_condition(), make_user("Reception")
    make_enquiry(condition=condition, owner=owner)
    few = queries()
    for _ in range(7):
        make_enquiry(condition=make_condition(), owner=owner)
    assert queries() == few


def test_one_enquiry_is_shown_whole_and_safely(desk: Client) -> None:
    enquiry = make_enquiry(
        message="First <script>alert(1)</script>\n\nألم", telephone="07700 900 982",
        may_leave_message=True,
    )  # fmt: skip
    response = desk.get(page(enquiry))
    content = response.content.decode()
    assert "&lt;script&gt;" in content
    assert "<script>alert" not in content
    shown = soup_of(response.content).select_one(".enquiry-message")
    assert shown is not None
    assert shown["dir"] == "auto"
    assert "ألم" in shown.get_text()
    assert "07700 900 982 (may leave a message)" in content
    assert "I agree that reception staff" in content
    assert "(version 2026-11)" in content


def test_no_page_with_an_enquiry_is_kept_anywhere(desk: Client) -> None:
    enquiry = make_enquiry()
    for path in (LIST, page(enquiry), f"{LIST}{enquiry.pk}/history/"):
        assert "no-store" in desk.get(path)["Cache-Control"]


def notes(**changes: str) -> dict[str, str]:
    """Return the management fields of the notes, with changes."""
    return {
        "notes-TOTAL_FORMS": "1", "notes-INITIAL_FORMS": "0", "notes-0-text": "",
    } | changes  # fmt: skip


def test_what_was_sent_cannot_be_changed(desk: Client, receptionist: User) -> None:
    enquiry = make_enquiry(full_name="Sam", message="Knee")
    forged = {
        "status": "in-progress", "owner": str(receptionist.pk), "full_name": "Kim",
        "message": "Hip", "email": "kim@example.com", "reference": "E-0000-0000",
        "consent_given_at_0": "2020-01-01", "corrects": str(enquiry.pk),
    }  # fmt: skip
    response = desk.post(page(enquiry), forged | notes())
    assert response.status_code == 302
    changed = Enquiry.objects.get()
    assert (changed.status, changed.owner) == (Enquiry.Status.IN_PROGRESS, receptionist)
    for field in ("full_name", "message", "email", "reference", "consent_given_at", "corrects"):
        assert getattr(changed, field) == getattr(enquiry, field)


def test_an_enquiry_is_neither_added_nor_deleted_here(desk: Client) -> None:
    enquiry = make_enquiry()
    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.post(f"{LIST}{enquiry.pk}/delete/", {"post": "yes"}).status_code == 403
    desk.post(LIST, {"action": "delete_selected", "_selected_action": [enquiry.pk], "post": "yes"})
    assert Enquiry.objects.count() == 1


def test_only_staff_can_own_an_enquiry(desk: Client) -> None:
    make_user(username="outsider")
    make_user("Reception", username="gone", is_active=False)
    options = soup_of(desk.get(page(make_enquiry())).content).select("#id_owner option")
    assert [option.get_text() for option in options] == ["---------", "rosa"]


def test_notes_are_added_with_their_author_and_never_changed(
    desk: Client, receptionist: User
) -> None:
    enquiry = make_enquiry()
    old = EnquiryNote.objects.create(enquiry=enquiry, text="Called, no answer.")
    sent = {"status": "new", "owner": ""} | notes(
        **{
            "notes-TOTAL_FORMS": "2", "notes-INITIAL_FORMS": "1", "notes-0-id": str(old.pk),
            "notes-0-text": "Altered", "notes-0-DELETE": "on", "notes-0-enquiry": str(enquiry.pk),
            "notes-1-text": "Called again.", "notes-1-enquiry": str(enquiry.pk),
        }
    )  # fmt: skip
    assert desk.post(page(enquiry), sent).status_code == 302
    first, second = EnquiryNote.objects.all()
    assert first.text == "Called, no answer."
    assert (second.text, second.author) == ("Called again.", receptionist)
    assert second.created_at == timezone.now()
    assert enquiry.reference in str(second)


def test_take_it_makes_me_the_owner_and_close_closes(desk: Client, receptionist: User) -> None:
    chosen, other = make_enquiry(full_name="Sam"), make_enquiry()
    for action in ("take", "close"):
        desk.post(LIST, {"action": action, "_selected_action": [chosen.pk]})
    chosen.refresh_from_db()
    other.refresh_from_db()
    assert (chosen.owner, chosen.status) == (receptionist, Enquiry.Status.CLOSED)
    assert (other.owner, other.status) == (None, Enquiry.Status.NEW)
    log = LogEntry.objects.filter(user=receptionist)
    assert [entry.object_repr for entry in log] == [chosen.reference] * 2


def test_what_is_taken_is_no_longer_new(desk: Client) -> None:
    fresh = make_enquiry()
    waiting = make_enquiry(status=Enquiry.Status.WAITING)
    desk.post(LIST, {"action": "take", "_selected_action": [fresh.pk, waiting.pk]})
    fresh.refresh_from_db()
    waiting.refresh_from_db()
    assert fresh.status == Enquiry.Status.IN_PROGRESS
    assert waiting.status == Enquiry.Status.WAITING


def test_versions_of_an_enquiry_point_at_each_other(desk: Client) -> None:
    first = make_enquiry()
    second = make_enquiry(corrects=first)
    one = soup_of(desk.get(page(first)).content).get_text(" ", strip=True)
    two = soup_of(desk.get(page(second)).content).get_text(" ", strip=True)
    assert f"Replaced by a corrected version, {second.reference}" in one
    assert f"Corrected version of {first.reference}" in two
    assert "Corrected version of" in soup_of(desk.get(LIST).content).get_text()


def test_an_editor_sees_no_enquiry(receptionist: User, signed_in: SignIn) -> None:
    editor = signed_in(make_user("Editor"))
    assert editor.get(LIST).status_code == 403
    assert editor.get(page(make_enquiry())).status_code == 403


def test_a_visitor_is_asked_to_sign_in(receptionist: User) -> None:
    response = Client().get(page(make_enquiry()))
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def todo(client: Client) -> dict[str, str]:
    """Return what the desk lists about enquiries: text and address."""
    links = soup_of(client.get("/admin/").content).select("a[href*='enquiries/enquiry/?']")
    return {" ".join(link.get_text(" ").split()): str(link["href"]) for link in links}


def test_the_desk_says_what_waits(desk: Client) -> None:
    assert todo(desk) == {}
    make_enquiry(reply_by=at(20, 9))
    make_enquiry(reply_by=at(23, 9))
    make_enquiry(status=Enquiry.Status.WAITING, mail_error="to the sender: TimeoutError")
    make_enquiry(status=Enquiry.Status.CLOSED, mail_error="to the sender: TimeoutError")
    found = todo(desk)
    assert len(found) == 3
    for start, count in (
        ("1 enquiry overdue for a reply", 1),
        ("2 new enquiries", 2),
        ("1 enquiry with mail that could not be sent", 1),
    ):
        (address,) = [link for text, link in found.items() if text.startswith(start)]
        assert len(listed(desk, "?" + address.partition("?")[2])) == count


def test_the_desk_of_an_editor_says_nothing_about_enquiries(
    receptionist: User, signed_in: SignIn
) -> None:
    make_enquiry(reply_by=at(1, 9))
    assert todo(signed_in(make_user("Editor"))) == {}
