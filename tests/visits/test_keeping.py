"""Counts are added up, by several processes too, and the tables stay small."""

import threading
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.visits.factories import make_missing_address, make_page_count
from visits import keeping, tally
from visits.keeping import add_counts
from visits.models import MissingAddress, PageCount

DAY, NEXT_DAY = date(2026, 7, 1), date(2026, 7, 2)


@pytest.mark.django_db
def test_counts_add_to_what_is_there_by_day_and_page() -> None:
    add_counts({(DAY, "/a/"): 2, (NEXT_DAY, "/a/"): 1}, {"/x/": 1})
    add_counts({(DAY, "/a/"): 3, (DAY, "/b/"): 1}, {"/x/": 4, "/y/": 1})
    rows = PageCount.objects.order_by("path", "day").values_list("path", "day", "times")
    assert list(rows) == [("/a/", DAY, 5), ("/a/", NEXT_DAY, 1), ("/b/", DAY, 1)]
    assert dict(MissingAddress.objects.values_list("path", "times")) == {"/x/": 5, "/y/": 1}
    assert not MissingAddress.objects.filter(is_dismissed=True).exists()


@pytest.mark.django_db
def test_what_was_dismissed_stays_so_when_asked_for_again() -> None:
    make_missing_address("/x/", is_dismissed=True)
    add_counts({}, {"/x/": 1})
    assert MissingAddress.objects.get().is_dismissed


@pytest.mark.django_db
def test_many_pages_are_written_at_once() -> None:
    add_counts({(DAY, f"/{number}/"): number for number in range(1, 501)}, {})
    assert PageCount.objects.count() == 500
    assert PageCount.objects.get(path="/437/").times == 437


@pytest.mark.django_db
def test_the_most_wanted_addresses_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MAX_MISSING", 3)
    make_missing_address("/old/", days_ago=5, times=1)
    make_missing_address("/wanted/", days_ago=5, times=9)
    add_counts({}, {"/new/": 1, "/newer/": 2})
    kept = set(MissingAddress.objects.values_list("path", flat=True))
    assert kept == {"/wanted/", "/newer/", "/new/"}


@pytest.mark.django_db
def test_a_flood_of_made_up_addresses_is_cut_off(own_tally: tally.Tally) -> None:
    for number in range(3000):
        tally.record_missing(f"/made-up-{number}/")
    tally.record_missing("/made-up-1/")
    tally.flush()
    assert MissingAddress.objects.count() == tally.MAX_MISSING_AT_ONCE
    assert MissingAddress.objects.get(path="/made-up-1/").times == 2


@pytest.mark.django_db
def test_housekeeping_removes_what_is_old() -> None:
    make_page_count("/old/", days_ago=3 * 365 + 2)
    make_page_count("/kept/", days_ago=3 * 365)
    make_missing_address("/forgotten/", days_ago=91)
    make_missing_address("/asked-for/", days_ago=90)
    call_command("housekeeping", verbosity=0)
    assert [each.path for each in PageCount.objects.all()] == ["/kept/"]
    assert [each.path for each in MissingAddress.objects.all()] == ["/asked-for/"]


def test_no_reading_is_lost_between_threads(
    own_tally: tally.Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    monkeypatch.setattr(
        "visits.tally.add_counts", lambda pages, missing: written.append(sum(pages.values()))
    )

    def read() -> None:
        for number in range(2000):
            tally.record("/a/")
            if number % 100 == 0:
                tally.flush()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.flush()
    assert sum(written) == 8000


@pytest.mark.django_db(transaction=True)
def test_several_writers_at_once_lose_nothing() -> None:
    """Each has a connection of its own, as processes have."""
    # Every connection to a database in memory has the same lock, and does not wait for it.
    is_shared = connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]
    writers = 1 if is_shared else 4
    faults: list[Exception] = []

    def write(first: int) -> None:
        pages = [f"/{number % 20}/" for number in range(first, first + 20)]
        try:
            for _ in range(10):
                add_counts({(DAY, page): 1 for page in pages}, dict.fromkeys(pages, 1))
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(7 * each,)) for each in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert set(PageCount.objects.values_list("times", flat=True)) == {10 * writers}
    assert set(MissingAddress.objects.values_list("times", flat=True)) == {10 * writers}


@pytest.mark.django_db(transaction=True)
def test_a_thread_writes_by_itself_when_it_is_switched_on(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = threading.Event()
    counts: list[int] = []

    def add(pages: dict[tuple[date, str], int], missing: dict[str, int]) -> None:
        counts.append(pages[timezone.localdate(), "/a/"])
        written.set()

    monkeypatch.setattr("visits.tally.add_counts", add)
    monkeypatch.setattr("visits.tally.Finalize", lambda *args, **options: None)
    settings.VISITS_FLUSH_SECONDS = 0.01  # type: ignore[attr-defined]
    tally.record("/a/")
    assert written.wait(10)
    settings.VISITS_FLUSH_SECONDS = 0  # type: ignore[attr-defined]
    writer = next(each for each in threading.enumerate() if each.name == "count readers")
    writer.join(10)
    assert not writer.is_alive()
    assert counts == [1]
