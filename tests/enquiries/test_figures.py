"""Figures for the manager: right, with those that were erased, and about nobody."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from enquiries import retention
from enquiries.figures import figures, monday_of
from enquiries.models import Enquiry, Tombstone
from tests.enquiries.reception import LIST, at, log, text_of
from tests.factories import make_clinic, make_condition, make_enquiry, make_practitioner, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None, signed_in: Callable[[User], Client], clock: time_machine.Traveller) -> Client:
    """The browser of a manager, on Friday 20 November 2026."""
    make_clinic()
    return signed_in(make_user("Manager"))


def answered(minutes: int, **fields: Any) -> Enquiry:
    """Make an enquiry of Wednesday that was answered after so many minutes."""
    start = at(18, 9)
    return make_enquiry(
        **{"received_at": start, "reply_by": at(18, 17)} | fields,
        first_replied_at=start + timedelta(minutes=minutes),
    )


def erased(enquiry: Enquiry) -> Enquiry:
    retention.erase(enquiry, Tombstone.Why.SCHEDULE)
    return enquiry


def rows(client: Client) -> list[list[str]]:
    response = client.get(f"{LIST}figures.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_figures_are_the_same_before_and_after_erasing(manager: Client) -> None:
    knee, asha = make_condition(name="Knee pain"), make_practitioner(name="Asha")
    kept = [
        answered(10, condition=knee, outcome="booked", status="closed"),
        answered(30, condition=knee, practitioner=asha),
        answered(100),
        answered(600, outcome="answered", status="closed"),  # after five o'clock
        make_enquiry(received_at=at(9, 9)),
    ]
    for fields in ({"suspected_spam": True}, {"outcome": "spam", "status": "closed"},
                   {"is_test": True}):  # fmt: skip
        answered(5000, **fields)
    before = figures(4, timezone.now())
    assert before.number == 5
    assert (before.answered, before.in_time) == (4, 3)
    assert (before.median_minutes, before.worst_minutes) == (65, 600)
    assert [(f"{week:%-d %b}", number) for week, number in before.by_week] == [
        ("26 Oct", 0), ("2 Nov", 0), ("9 Nov", 1), ("16 Nov", 4),
    ]  # fmt: skip
    assert before.by_condition == [("Something else", 3), ("Knee pain", 2)]
    assert before.by_practitioner == [("Anyone", 4), ("Asha", 1)]
    assert dict(before.by_outcome) == {
        "Not closed yet": 3, "Came to us: booked or already a patient": 1,
        "Answered, nothing more to do": 1,
    }  # fmt: skip
    for enquiry in kept:
        erased(enquiry)
    assert figures(4, timezone.now()) == before
    for enquiry in Enquiry.objects.all():
        erased(enquiry)
    assert figures(4, timezone.now()) == before


def test_weeks_begin_on_monday_in_the_clinic_s_time_and_end_at_the_oldest(
    manager: Client,
) -> None:
    make_enquiry(received_at=at(16, 0))
    make_enquiry(received_at=at(15, 23))
    erased(make_enquiry(received_at=at(15, 23)))
    assert f"{monday_of(at(16, 0)):%-d}" == "16"
    assert [number for _, number in figures(2, timezone.now()).by_week] == [2, 1]
    assert figures(1, timezone.now()).number == 1


def test_page_says_it_in_hours_and_names_nobody(manager: Client) -> None:
    assert "Nothing answered yet" in text_of(manager.get(f"{LIST}figures/"))
    enquiry = answered(90, full_name="Sam O’Neill")
    text = text_of(manager.get(f"{LIST}figures/"))
    assert "1, of them by the promised time: 1" in text
    assert "(median)" in text
    for words in (enquiry.full_name, enquiry.reference, enquiry.email):
        assert words not in text


def test_spreadsheet_has_the_figures_and_calculates_nothing(manager: Client) -> None:
    for name in ("=1+1", "+44", "-1", "@SUM(A1)", "\t=1", " =1", 'say "hi", all'):
        answered(10, condition=make_condition(name=name))
    found = rows(manager)
    assert found[0] == ["what", "which", "number"]
    assert ["enquiries", "all", "7"] in found
    assert ["minutes to first reply", "median", "10"] in found
    cells = {which: number for what, which, number in found if what == "by condition"}
    assert cells.keys() == {
        "'=1+1", "'+44", "'-1", "'@SUM(A1)", "'\t=1", "' =1", 'say "hi", all',
    }  # fmt: skip
    for row in found:
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)


@pytest.mark.parametrize("role", ["Reception", "Author", "Clinical reviewer", "Editor", ""])
def test_only_managers_see_figures(db: None, staff: Callable[[str], Client], role: str) -> None:
    make_clinic()
    client = staff(role) if role else Client()
    for address in ("figures/", "figures.csv"):
        assert client.get(LIST + address).status_code == (403 if role else 302)
    if role == "Reception":
        assert "Figures" not in text_of(client.get(LIST))
        assert log("exported") == []
