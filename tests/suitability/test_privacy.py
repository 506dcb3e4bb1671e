"""The page keeps nothing, logs nothing and sets nothing of what somebody answers."""

import logging
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from suitability.models import Caution
from tests.suitability.conftest import read
from tests.suitability.factories import ADDRESS, answered

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# What can be asked of the page, by name: what is sent, and the status of the response.
REQUESTS: dict[str, tuple[Callable[[Client], HttpResponse], int]] = {
    "questions": (lambda visitor: visitor.get(ADDRESS), 200),
    "head": (lambda visitor: visitor.head(ADDRESS), 200),
    "mistakes": (
        lambda visitor: visitor.post(ADDRESS, {"caution-blood-thinner": "not-sure"}),
        422,
    ),
    "see GP": (lambda visitor: visitor.post(ADDRESS, answered(blood_thinner="yes")), 200),
    "tell us": (lambda visitor: visitor.post(ADDRESS, answered("not-sure")), 200),
    "ask us": (lambda visitor: visitor.post(ADDRESS, answered()), 200),
    "change": (lambda visitor: visitor.post(ADDRESS, answered("yes") | {"change": "yes"}), 200),
    "too many": (
        lambda visitor: visitor.post(ADDRESS, {f"x{number}": "yes" for number in range(2000)}),
        400,
    ),
    "too large": (lambda visitor: visitor.post(ADDRESS, {"x": "blood-thinner" * 1_000_000}), 400),
    "broken": (
        lambda visitor: visitor.post(ADDRESS, b"blood-thinner", content_type="multipart/form-data"),
        400,
    ),
    "wrong method": (lambda visitor: visitor.delete(ADDRESS), 405),
}


@pytest.fixture(params=REQUESTS)
def ask(request: pytest.FixtureRequest, visitor: Client, cautions: list[Caution]):
    """Each way of asking in turn, with what it answers."""
    send, status = REQUESTS[request.param]

    def sent() -> HttpResponse:
        response = send(visitor)
        assert response.status_code == status
        return response

    return sent


def row_counts() -> dict[str, int]:
    tables = apps.get_models(include_auto_created=True)
    return {each._meta.label: each._base_manager.count() for each in tables if each._meta.managed}


def test_nothing_is_written_to_the_database(ask: Callable[[], HttpResponse]) -> None:
    before = row_counts()
    with CaptureQueriesContext(connection) as queries:
        ask()
    for query in queries:
        assert query["sql"].lstrip().upper().startswith("SELECT"), query["sql"]
    assert row_counts() == before


def test_no_cookie_is_set(ask: Callable[[], HttpResponse], visitor: Client) -> None:
    response = ask()
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    assert not visitor.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


def test_no_copy_is_kept(ask: Callable[[], HttpResponse]) -> None:
    directives = ask().headers["Cache-Control"].replace(" ", "").split(",")
    assert {"no-store", "private"} <= set(directives)


@pytest.fixture
def records() -> Iterator[list[logging.LogRecord]]:
    """Everything that any logger says at any level, handed on or not."""
    heard: list[logging.LogRecord] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record)

    ear, root = Ear(), logging.getLogger()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield heard
    root.removeHandler(ear)
    root.setLevel(level)


def test_no_log_holds_an_answer(
    ask: Callable[[], HttpResponse], records: list[logging.LogRecord]
) -> None:
    ask()
    told = [record.getMessage() for record in records]
    told += [str(record.args) for record in records if record.name != "django.db.backends"]
    for line in told:
        for answer in ("blood-thinner", "not-sure", "caution-", "yes"):
            assert answer not in line


def test_failure_of_ours_holds_no_answer(
    visitor: Client,
    cautions: list[Caution],
    records: list[logging.LogRecord],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr("suitability.views.outcome_of", fail)
    response = visitor.post(ADDRESS, answered("not-sure"))
    assert response.status_code == 500
    plain = logging.Formatter()
    assert [each for each in records if each.exc_info]
    assert [each for each in records if "not-sure" in plain.format(each)] == []
    assert b"not-sure" not in response.content


def test_answers_stand_in_no_address(ask: Callable[[], HttpResponse]) -> None:
    response = ask()
    assert "Location" not in response.headers
    page = read(response)
    addresses = [
        str(each[name]) for name in ("href", "action") for each in page.select(f"[{name}]")
    ]
    asked = "/is-needling-suitable/"
    for address in addresses:
        # The link that tells staff of a mistake names the page, and nothing that was answered.
        told = urlsplit(address).query.removeprefix(f"page={asked}")
        assert not told, address
    others = [each for each in page.select("form") if each["method"] != "post"]
    for each in others:  # the search, with its empty box
        assert each["role"] == "search"
        assert [box.get("value") for box in each.select("input")] == [None]
