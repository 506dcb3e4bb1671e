"""The feed of clinical changes: what pages newly tell readers, and nothing else."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pages.feeds import CHANGES_SHOWN
from publishing import workflow
from publishing.projection import look_again
from tests.factories import (
    make_article,
    make_clinic,
    make_condition,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ATOM = {"atom": "http://www.w3.org/2005/Atom"}
PATH = "/changes.atom"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr("publishing.checks._checks", [])
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def manager(db: None) -> Any:
    make_clinic()
    user = make_user("Manager")
    make_practitioner(user=user)
    return user


def change(page: Any, user: Any, note: str, *, words: str = "New words here.", **told: Any) -> Any:
    data = deepcopy(workflow.latest_version(page).data)
    data["fields"][page.SECTIONS[0].field] = words
    is_minor = told.pop("is_minor", False)
    workflow.save_draft(page, data, user, change_note=note, is_minor=is_minor)
    page.refresh_from_db()
    told.setdefault("unreviewed_reason", "For a test.")
    return workflow.publish(page, workflow.latest_version(page), user, **told)


def entries() -> list[dict[str, str]]:
    look_again()
    response = Client().get(PATH)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(response.content)  # noqa: S314  (our own)
    assert feed.tag == f"{{{ATOM['atom']}}}feed"
    return [
        {
            name: (each.findtext(f"atom:{name}", "", ATOM))
            for name in ("title", "summary", "id", "updated", "published")
        }
        | {"link": each.find("atom:link", ATOM).get("href", "")}  # type: ignore[union-attr]
        for each in feed.findall("atom:entry", ATOM)
    ]


def titles() -> list[str]:
    return [each["title"] for each in entries()]


def test_feed_without_changes_is_valid(manager: Any) -> None:
    assert entries() == []
    feed = ET.fromstring(Client().get(PATH).content)  # noqa: S314
    assert feed.findtext("atom:title", "", ATOM) == "Fernhill Clinic: clinical changes"
    for name in ("id", "updated", "title"):
        assert feed.findtext(f"atom:{name}", "", ATOM)


def test_changes_of_every_kind_stand_newest_first(manager: Any, clock: Any) -> None:
    makers = [make_article, make_condition, make_treatment, make_information_page]
    pages = [make(published_at=None) for make in makers]
    for page in [*pages, *reversed(pages)]:
        clock.shift(HOUR)
        change(page, manager, f"News of {page}", words=f"Of {page}, at {datetime.now(UTC)}")
    names = [str(each) for each in pages]
    assert titles() == [*names, *reversed(names)]
    found = entries()
    assert [each["updated"] for each in found] == sorted(
        (each["updated"] for each in found), reverse=True
    )
    assert found[0]["summary"] == f"News of {names[0]}"
    assert found[0]["link"].startswith(f"http://localhost{pages[0].get_absolute_url()}#change-")
    assert len({each["id"] for each in found}) == 8


def test_mended_spelling_is_no_change(manager: Any, clock: Any) -> None:
    page = make_article(published_at=None)
    change(page, manager, "", words="Recvoery takes weeks.")
    clock.shift(HOUR)
    change(page, manager, "", words="Recovery takes weeks.", is_minor=True)
    assert [each["summary"] for each in entries()] == ["Published"]


def test_drafts_and_plans_are_absent_until_their_time(manager: Any, clock: Any) -> None:
    draft = make_article(published_at=None)
    workflow.latest_version(draft)
    page = make_condition(published_at=None)
    change(page, manager, "It is here.", at=NOON + HOUR)
    assert entries() == []
    clock.shift(HOUR)
    assert titles() == [str(page)]


def test_plan_that_was_called_off_is_absent(manager: Any, clock: Any) -> None:
    page = make_condition(published_at=None)
    change(page, manager, "First.")
    planned = change(page, manager, "Second.", words="Other words.", at=NOON + HOUR)
    workflow.cancel(page, planned, manager)
    clock.shift(2 * HOUR)
    assert [each["summary"] for each in entries()] == ["First."]


def test_withdrawn_and_deleted_pages_take_their_changes_with_them(manager: Any, clock: Any) -> None:
    pages = [make_article(published_at=None) for _ in range(3)]
    for page in pages:
        change(page, manager, "News")
    clock.shift(HOUR)
    workflow.withdraw(pages[0], manager, reason="Old")
    workflow.delete(pages[1], manager)
    assert titles() == [str(pages[2])]


def test_feed_has_the_page_s_name_of_today(manager: Any, clock: Any) -> None:
    page = make_article(published_at=None, title="Knees & <hips>")
    change(page, manager, "Less than < more & “quoted”.")
    assert entries()[0]["title"] == "Knees & <hips>"
    assert entries()[0]["summary"] == "Less than < more & “quoted”."


@pytest.mark.parametrize(
    "odd",
    # PostgreSQL stores no NUL.
    ["\x0b", pytest.param("\x00", marks=pytest.mark.any_database), "\x1f", "\ufffe"],
)
def test_character_that_xml_cannot_hold_does_not_break_the_feed(odd: str, manager: Any) -> None:
    page = make_article(published_at=None)
    change(page, manager, f"One{odd}two")
    assert entries()[0]["summary"] == "One two"


def test_feed_is_as_long_as_it_may_be_and_costs_the_same(manager: Any) -> None:
    pages = [make_article(published_at=NOON - number * HOUR) for number in range(4)]
    for page in pages:
        workflow.adopt(page)
    entries()
    with CaptureQueriesContext(connection) as few:
        assert len(entries()) == 4
    for number in range(CHANGES_SHOWN):
        workflow.adopt(make_article(published_at=NOON - number * HOUR))
    with CaptureQueriesContext(connection) as many:
        assert len(entries()) == CHANGES_SHOWN
    assert len(many) == len(few)


def test_feed_sets_no_cookie_and_dates_are_the_moments(manager: Any, clock: Any) -> None:
    change(make_article(published_at=None), manager, "News")
    assert not Client().get(PATH).cookies
    told = datetime.fromisoformat(entries()[0]["updated"])
    assert (told, told.date()) == (NOON, date(2026, 11, 10))
