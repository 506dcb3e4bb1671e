"""An index that cannot be read or written costs no page and no change."""

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from search.index import store
from search.models import SearchEntry, StaleEntry
from search.upkeep import rebuild, refresh_stale
from tests.factories import make_article, make_clinic
from tests.search.asking import found, page_of
from tests.search.conftest import Committed

pytestmark = pytest.mark.django_db


def break_index(*, damaged: bool) -> None:
    """Take the table of the index away, or spoil what is in it."""
    with connection.cursor() as cursor:
        if not damaged:
            cursor.execute("DROP TABLE search_index")
        elif connection.vendor == "sqlite":
            cursor.execute("UPDATE search_index_data SET block = x'0102030405060708'")
        else:
            cursor.execute("ALTER TABLE search_index DROP COLUMN stems")


def mend_table() -> None:
    """Put the table back for whoever comes next."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS search_index")
    store().clear()


def test_search_without_its_index_shows_the_other_ways(
    reader: Client, committed: Committed
) -> None:
    with committed():
        make_clinic()
        make_article(title="Quokka")
    break_index(damaged=False)
    main = page_of(reader, "quokka")
    assert "does not work at the moment" in main.get_text()
    assert "We found nothing" not in main.get_text()
    targets = {str(link["href"]) for link in main.select("a")}
    assert {"/conditions/", "/contact/", "tel:01632960123"} <= targets
    assert reader.get("/quokka/").status_code == 404


def test_search_for_an_emergency_needs_no_index(reader: Client) -> None:
    make_clinic()
    break_index(damaged=False)
    assert page_of(reader, "can't breathe").select_one(".care-card") is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("damaged", [False, True])
def test_a_page_is_saved_and_taken_in_later(
    caplog: pytest.LogCaptureFixture, *, damaged: bool
) -> None:
    make_article(title="Wombat")
    break_index(damaged=damaged)
    try:
        page = make_article(title="Quokka")
        assert type(page).objects.published().filter(pk=page.pk).exists()
        assert "The search could not take in articles.article" in caplog.text
        refresh_stale(timezone.now())  # as long as it is broken, the job changes nothing
        assert StaleEntry.objects.filter(key=f"articles.article:{page.pk}").exists()
        assert not SearchEntry.objects.filter(title="Quokka").exists()
    finally:
        mend_table()
    rebuild()
    assert found("quokka") == ["Quokka"]


def test_the_job_takes_up_what_was_missed(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committed():
        make_article(title="Wombat")
    with monkeypatch.context() as patch, committed():
        patch.setattr("search.upkeep.refresh", lambda key: 1 / 0)
        make_article(title="Quokka")
    assert found("quokka") == []
    refresh_stale(timezone.now())
    assert found("quokka") == ["Quokka"]
    assert not StaleEntry.objects.exists()


@pytest.mark.parametrize("damaged", [False, pytest.param(True, marks=pytest.mark.any_database)])
def test_rebuilding_mends_it(committed: Committed, *, damaged: bool) -> None:
    with committed():
        make_article(title="Quokka")
    break_index(damaged=damaged)
    rebuild()
    assert found("quokka") == ["Quokka"]
