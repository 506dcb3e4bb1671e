"""Whether the clinic is open, in words that are true at the moment of reading."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from clinic.models import Clinic
from pages.opening import coming_closures, day_in_words, opening_status, weekly_hours
from tests.factories import make_clinic, make_closure

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

LONDON = ZoneInfo("Europe/London")


def status(moment: str) -> tuple[bool, str]:
    found = opening_status(Clinic.current(), datetime.fromisoformat(moment).replace(tzinfo=LONDON))
    return found.is_open, found.text


# 19 November 2026 is a Thursday.
@pytest.mark.parametrize(
    ("moment", "is_open", "words"),
    [
        ("2026-11-19T10:00", True, "Open now until 5pm"),
        ("2026-11-19T16:59", True, "Open now until 5pm"),
        ("2026-11-19T06:00", False, "Closed now. Opens today at 9am"),
        ("2026-11-19T17:00", False, "Closed now. Opens tomorrow at 9am"),
        ("2026-11-20T18:00", False, "Closed now. Opens on Monday at 9am"),
        ("2026-07-01T16:59", True, "Open now until 5pm"),  # summer time
    ],
)
def test_state_of_an_ordinary_week(moment: str, is_open: bool, words: str) -> None:
    make_clinic()
    assert status(moment) == (is_open, words)


def test_lunch_break_is_closed_until_it_ends() -> None:
    make_clinic(hours=[(3, time(9), time(12)), (3, time(13, 30), time(17, 30))])
    assert status("2026-11-19T11:00") == (True, "Open now until midday")
    assert status("2026-11-19T12:15") == (False, "Closed now. Opens today at 1:30pm")
    assert status("2026-11-19T14:00") == (True, "Open now until 5:30pm")


def test_closure_is_named_and_the_day_after_it_too() -> None:
    clinic = make_clinic()
    make_closure(clinic, date(2026, 12, 25), date(2026, 12, 28), name="Christmas")
    assert status("2026-12-24T12:00") == (True, "Open now until 5pm")
    assert status("2026-12-25T12:00") == (
        False,
        "Closed now for Christmas. Opens on Tuesday at 9am",
    )
    assert status("2026-12-28T12:00") == (
        False,
        "Closed now for Christmas. Opens tomorrow at 9am",
    )


def test_long_closure_gives_the_whole_date() -> None:
    clinic = make_clinic()
    make_closure(clinic, date(2026, 11, 19), date(2026, 12, 2), name="building works")
    assert status("2026-11-19T12:00") == (
        False,
        "Closed now for building works. Opens on Thursday 3 December 2026 at 9am",
    )


def test_clinic_without_hours_says_nothing() -> None:
    make_clinic(hours=[])
    assert status("2026-11-19T12:00") == (False, "")


def test_clinic_before_set_up_says_nothing() -> None:
    assert status("2026-11-19T12:00") == (False, "")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 19), "today"),
        (date(2026, 11, 20), "tomorrow"),
        (date(2026, 11, 21), "on Saturday"),
        (date(2026, 11, 25), "on Wednesday"),
        (date(2026, 11, 26), "on Thursday 26 November 2026"),
    ],
)
def test_day_in_words(day: date, words: str) -> None:
    assert day_in_words(day, date(2026, 11, 19)) == words


def test_table_has_a_row_for_each_day() -> None:
    make_clinic(
        hours=[
            (0, time(9), time(17)),
            (1, time(9), time(12)),
            (1, time(13, 30), time(17)),
        ]
    )
    rows = [(row.day, row.text) for row in weekly_hours(Clinic.current())]
    assert rows[:3] == [
        ("Monday", "9am to 5pm"),
        ("Tuesday", "9am to midday and 1:30pm to 5pm"),
        ("Wednesday", "Closed"),
    ]
    assert len(rows) == 7


def test_closures_of_the_coming_six_weeks_are_announced() -> None:
    clinic = make_clinic()
    make_closure(clinic, date(2026, 11, 18), name="past")
    for first, last, name in [
        (date(2026, 11, 1), date(2026, 11, 19), "ending today"),
        (date(2026, 12, 25), date(2026, 12, 25), "coming"),
        (date(2026, 12, 31), date(2027, 1, 1), "beginning on the last day"),
        (date(2027, 1, 1), date(2027, 1, 1), "too far off"),
    ]:
        make_closure(clinic, first, last, name=name)
    found = coming_closures(Clinic.current(), date(2026, 11, 19))
    assert [row.name for row in found] == ["ending today", "coming", "beginning on the last day"]


def test_every_page_says_it_at_the_moment_of_asking(client: Client) -> None:
    make_clinic(
        urgent_notice="Our telephones are down.",
        urgent_notice_ends_at=datetime(2026, 11, 19, 12, tzinfo=UTC),
    )

    def page(moment: str) -> str:
        with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=LONDON), tick=False):
            response: Any = client.get("/conditions/")
        return " ".join(response.content.decode().split())

    before, after = page("2026-11-19T11:59"), page("2026-11-19T17:30")
    assert "Open now until 5pm" in before
    assert "Our telephones are down." in before
    assert "Opens tomorrow at 9am" in after
    assert "Our telephones are down." not in after
