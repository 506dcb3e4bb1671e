"""What tests of enquiries share: a clinic, a visitor, and mail that goes out at once."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from clinic.models import Clinic
from enquiries import last_known
from tests.factories import make_clinic

LONDON = ZoneInfo("Europe/London")
# A Friday, an hour into opening time. The clinic is open nine to five and replies within 8 hours,
# so it promises Monday at 10am.
FRIDAY_10AM = datetime(2026, 11, 20, 10, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the clinic that an earlier test's page showed."""
    monkeypatch.setattr(last_known, "_known", {})


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Set the clock to Friday 20 November 2026, 10am in London. It stands still."""
    with time_machine.travel(FRIDAY_10AM, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clinic(db: None) -> Clinic:
    return make_clinic()


@pytest.fixture
def visitor() -> Client:
    """A browser that keeps no account and whose posts are checked as Django checks them."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def token(clock: time_machine.Traveller, clinic: Clinic, visitor: Client) -> str:
    """The token of a form that was opened on Friday at 10am."""
    return token_in(visitor.get("/contact/").content)


@pytest.fixture
def committing(
    django_capture_on_commit_callbacks: Callable[..., object],
) -> Callable[..., object]:
    """What follows a commit happens at the end of `with committing():`."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def soup_of(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "html.parser")


def token_in(content: bytes) -> str:
    """Return the token of the form on a page."""
    field = soup_of(content).select_one("input[name=form_token]")
    assert field is not None
    return str(field["value"])


def answers(**changes: str) -> dict[str, str]:
    """Return good answers to the form, with changes; an empty text leaves one out."""
    given = {
        "full_name": "Sam O’Neill-Ås",
        "email": "sam@example.com",
        "telephone": "+44 (0)7700 900 982",
        "reply_by_method": "email",
        "message": "My knee hurts on stairs.",
        "consent": "on",
    } | changes
    return {name: value for name, value in given.items() if value != ""}
