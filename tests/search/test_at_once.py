"""Several processes search, write and rebuild at the same moment, on a real database."""

import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.db import connection, transaction

from search import upkeep
from search.models import SearchEntry, SearchWord, StaleEntry
from search.upkeep import rebuild
from tests.enquiries.threads import in_threads, shared_database
from tests.factories import make_article, make_category
from tests.search.asking import found

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def real_database(tmp_path: Path) -> Iterator[None]:
    with shared_database(tmp_path):
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA journal_mode=WAL")
        yield


def test_readers_meet_the_old_index_until_the_new_one_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_article(title="Quokka")
    half_way, looked = threading.Event(), threading.Event()
    documents = upkeep.every_document

    def slowly() -> Iterator[object]:
        half_way.set()  # everything old is gone, as far as this transaction sees
        assert looked.wait(20)
        yield from documents()

    monkeypatch.setattr("search.upkeep.every_document", slowly)
    building = threading.Thread(target=lambda: in_threads(1, rebuild))
    building.start()
    try:
        assert half_way.wait(20)
        assert found("quokka") == ["Quokka"]
    finally:
        looked.set()
        building.join()
    assert found("quokka") == ["Quokka"]


def test_many_changes_at_once_all_get_in_and_the_words_are_counted_right() -> None:
    numbers, category = count(), make_category()
    other = make_article(title="Wombat", category=category)

    def work() -> None:
        number = next(numbers)
        make_article(title=f"Quokka {number}", slug=f"quokka-{number}", category=category)
        with transaction.atomic():
            type(other).objects.get(pk=other.pk).save()

    assert in_threads(6, work) == [None] * 6
    assert len(found("quokka")) == 6
    assert not StaleEntry.objects.exists()
    assert SearchWord.objects.get(word="quokka").entries == 6
    assert SearchWord.objects.get(word="wombat").entries == 1


def test_a_change_while_its_page_is_taken_in_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_article(title="Quokka")
    article = type(page)
    has_saved, may_commit = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            mine = article.objects.get(pk=page.pk)
            mine.title = "Wombat"
            mine.save()
            has_saved.set()
            # SQLite lets nobody else write meanwhile, so there is nothing to wait for.
            assert connection.vendor == "sqlite" or may_commit.wait(20)

    StaleEntry.objects.create(key=f"articles.article:{page.pk}")
    changing = threading.Thread(target=lambda: in_threads(1, change))
    changing.start()
    assert has_saved.wait(20)
    threading.Timer(0.3, may_commit.set).start()
    upkeep.refresh(f"articles.article:{page.pk}")
    changing.join()
    assert [entry.title for entry in SearchEntry.objects.filter(kind="article")] == ["Wombat"]


def test_two_rebuilds_at_once_are_one() -> None:
    make_article(title="Quokka")
    results = in_threads(2, rebuild)
    assert any(isinstance(each, int) for each in results)
    assert found("quokka") == ["Quokka"]
