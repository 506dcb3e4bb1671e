"""What is kept of what people search for, and what never is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from search import terms
from search.models import SearchTally, SearchTerm
from tests.factories import make_article, make_user
from tests.search.conftest import Committed
from visits import tally
from visits.models import PageCount

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def search(words: str, *, day: int = 0, times: int = 1) -> None:
    """Have the words searched for, so many days after the first, and written."""
    with time_machine.travel(NOON + timedelta(days=day), tick=False):
        for _ in range(times):
            terms.note(words, 0)
        terms.write()


def kept() -> dict[str, int]:
    return dict(SearchTerm.objects.values_list("words", "times"))


def test_kept_in_words_only_when_seen_five_times_on_two_days() -> None:
    search("Wry neck", times=40)
    assert kept() == {}
    search("wry  neck!", day=1)
    assert kept() == {"wry neck": 41}
    search("wry neck", day=1, times=2)
    assert kept() == {"wry neck": 43}


def test_five_times_are_needed_however_many_the_days() -> None:
    for day in range(4):
        search("wry neck", day=day)
    assert kept() == {}
    search("wry neck", day=4)
    assert kept() == {"wry neck": 5}


def test_until_then_no_word_is_in_the_database() -> None:
    search("wry neck", times=9)
    assert [field.name for field in SearchTally._meta.fields] == [
        "id", "digest", "times", "days", "first_on", "last_on",
    ]  # fmt: skip
    row = SearchTally.objects.values().get()
    assert "wry" not in str(row)
    assert "neck" not in str(row)
    search("wry neck", day=1)
    assert not SearchTally.objects.exists()


def test_what_stands_for_the_words_is_another_with_another_key(settings: Any) -> None:
    search("wry neck")
    settings.SECRET_KEY = "another-key-" + "y" * 40
    search("wry neck")
    assert SearchTally.objects.count() == 2


@pytest.mark.parametrize(
    "typed",
    ["jane@example.org", "jane @ example", "01632 960123", "NHS 943 476 5919", "", "???", "x" * 90,
     "a long story of my own, with more in it than anybody would type to find a page of this site"],
)  # fmt: skip
def test_what_may_be_somebodys_own_is_never_counted(typed: str) -> None:
    search(typed, times=9)
    search(typed, day=1, times=9)
    assert kept() == {}
    assert not SearchTally.objects.exists()


def test_nothing_about_the_visitor_is_kept() -> None:
    fields = {field.name for field in SearchTerm._meta.fields}
    assert fields == {"id", "words", "times", "results", "last_on", "is_dismissed"}


def test_how_many_pages_were_found_last_is_told(reader: Client, committed: Committed) -> None:
    for day in range(2):
        search("quokka", day=day, times=3)
    assert SearchTerm.objects.get().results == 0
    with committed():
        make_article(title="Quokka")
    reader.get("/search/?q=quokka")
    terms.write()
    assert SearchTerm.objects.get().results == 1


def test_searching_counts_once_and_writes_apart_from_the_request(reader: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        reader.get("/search/?q=wry+neck")
    assert not [each for each in queries if "tally" in each["sql"]]
    reader.get("/search/?q=wry+neck&page=2")
    reader.get("/search/")
    tally.flush()
    assert SearchTally.objects.get().times == 1


def test_programs_and_staff_are_not_counted(signed_in: Callable[..., Client]) -> None:
    Client(headers={"User-Agent": "Googlebot/2.1"}).get("/search/?q=wry+neck")
    Client(headers={"User-Agent": ""}).get("/search/?q=wry+neck")
    browser = {"User-Agent": "Mozilla/5.0 Firefox/140.0"}
    signed_in(make_user("Editor"), headers=browser).get("/search/?q=wry+neck")
    tally.flush()
    assert not SearchTally.objects.exists()


def test_what_could_not_be_written_is_written_the_next_time(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> None:
        raise DatabaseError("no")

    terms.note("wry neck", 0)
    with monkeypatch.context() as patch:
        patch.setattr("search.terms._add", fail)
        tally.flush()
    assert "Counts could not be written" in caplog.text
    terms.note("wry neck", 0)
    tally.flush()
    assert SearchTally.objects.get().times == 2


def test_one_app_that_cannot_write_keeps_no_other_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError("no")

    monkeypatch.setattr("visits.tally._writers", [fail, terms.write])
    terms.note("wry neck", 0)
    tally.record("/contact/")
    tally.flush()
    assert SearchTally.objects.count() == PageCount.objects.count() == 1


def test_the_first_search_starts_what_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[bool] = []
    monkeypatch.setattr("visits.tally._tally.see_to_flushing", lambda: started.append(True))
    terms.note("wry neck", 0)
    assert started


def test_a_flood_of_different_words_takes_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.terms.MOST_AT_ONCE", 3)
    for word in ("a", "b", "c", "d", "a"):
        terms.note(word, 0)
    terms.write()
    assert sorted(SearchTally.objects.values_list("times", flat=True)) == [1, 1, 2]


def test_what_did_not_become_common_is_forgotten_after_a_month() -> None:
    search("wry neck")
    first = date(2026, 7, 1)
    assert terms.forget(first + timedelta(days=31)) == 0
    assert terms.forget(first + timedelta(days=32)) == 1
    assert not SearchTally.objects.exists()


def test_terms_that_nobody_types_any_more_are_forgotten() -> None:
    SearchTerm.objects.create(words="old", times=9, last_on=date(2024, 1, 1))
    SearchTerm.objects.create(words="new", times=9, last_on=date(2026, 1, 1))
    terms.forget(date(2026, 7, 1))
    assert list(kept()) == ["new"]
