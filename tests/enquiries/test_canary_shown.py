"""The desk, the admin and the contact page show how the last tests of the enquiry form went."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clinic.models import Clinic
from enquiries.models import CanaryRun
from publishing.desk import todo_items
from tests.enquiries.conftest import soup_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def ran(hours_ago: float, problem: str = "") -> None:
    CanaryRun.objects.create(at=timezone.now() - timedelta(hours=hours_ago), problem=problem)


def on_the_desk(rf: Any) -> list[str]:
    request = rf.get("/admin/")
    request.user = make_user("Manager")
    return [item.text for item in todo_items(request) if "enquiry form" in item.text]


@pytest.mark.parametrize(
    ("runs", "overdue", "words"),
    [
        ([], False, ""),
        ([(1, "")], False, ""),
        ([(30, ""), (1, "x")], True, "should have succeeded by now"),
        ([(3, ""), (1, "x")], False, "that failed: the last to succeed was 3\xa0hours ago"),
        ([(1, "x")], True, "none has succeeded"),
        ([(27, "")], True, "should have succeeded by now"),
    ],
)
def test_the_desk_and_the_contact_page_know(
    clinic: Clinic, rf: Any, runs: list[tuple[float, str]], overdue: bool, words: str
) -> None:
    for run in runs:
        ran(*run)
    found = on_the_desk(rf)
    assert (words in found[0]) if words else not found
    page = soup_of(Client().get("/contact/").content)
    assert page.main is not None
    text = page.main.get_text(" ", strip=True)
    assert ("Call us if you can" in text) is overdue
    assert page.select_one("form [name=form_token]")


def test_the_telephone_comes_first_when_the_form_is_doubtful(clinic: Clinic) -> None:
    ran(27)
    page = soup_of(Client().get("/contact/").content)
    assert page.main is not None
    text = " ".join(page.main.get_text(" ").split())
    places = [text.index(each) for each in ("Call us if you can", "999", "Your message")]
    assert places == sorted(places)
    assert page.select_one(".inset a")["href"] == "tel:01632960123"  # type: ignore[index]
    # What may come late is not promised for a time.
    assert "we will reply by" not in text.split("Call us if you can")[0]


def test_a_doubtful_form_without_a_telephone_is_just_a_form(clinic: Clinic) -> None:
    Clinic.objects.update(telephone="")
    ran(27)
    assert "Call us if you can" not in Client().get("/contact/").content.decode()


def test_managers_read_the_result_in_the_admin(staff: Callable[[str], Client]) -> None:
    ran(2)
    ran(1, "The mail waited.")
    page = staff("Manager").get("/admin/enquiries/canaryrun/").content.decode()
    assert "The mail waited." in page
    assert "All well" in page
