"""The index is in step with what the public may see, whoever or whatever changed it."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from publishing import workflow
from search.finding import find
from search.models import SearchEntry, SearchSynonym, SearchWord, StaleEntry
from search.upkeep import rebuild, refresh_stale
from suitability.models import Caution
from tests.factories import (
    make_article,
    make_clinic,
    make_condition,
    make_faq,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
    make_version,
    publish,
)
from tests.search.asking import found
from tests.search.conftest import Committed
from tests.suitability.factories import make_caution

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no check of the texts decide about publishing."""
    monkeypatch.setattr("publishing.checks._checks", [])


def test_every_kind_of_page_is_found_by_its_words(committed: Committed) -> None:
    with committed():
        make_condition(name="Aching quokka", also_known_as=["wombat"])
        make_treatment(name="Quokka rub")
        make_article(title="About a quokka")
        make_practitioner(name="Quentin Quokka")
        make_information_page(title="Our quokka")
    kinds = {entry.kind for entry in find("quokka").entries}
    assert kinds == set(SearchEntry.Kind)
    assert found("wombat") == ["Aching quokka"]


def test_each_part_of_a_page_is_read(committed: Committed) -> None:
    with committed():
        page = make_article(
            title="Rest", summary="Of wombats.", body="## Numbats\n\n**Bilby** [here](/fees/)."
        )
        make_faq(page, question="Any bandicoot?", answer="A potoroo.")
        page.save()
    for typed in ("wombats", "numbats", "bilby", "bandicoot", "potoroo"):
        assert found(typed) == ["Rest"], typed
    entry = SearchEntry.objects.get(title="Rest")
    assert "*" not in entry.body
    assert "/fees/" not in entry.body


def test_people_are_found_by_what_they_do_until_the_day_they_leave(committed: Committed) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        with committed():
            person = make_practitioner(name="Quentin Quokka", leaves_on=date(2026, 7, 3))
            person.treatments.add(make_treatment(name="Wombat rub"))
            person.save()
        assert found("quentin") == ["Quentin Quokka"]
        assert set(found("wombat")) == {"Quentin Quokka", "Wombat rub"}
        clock.move_to(datetime(2026, 7, 2, 22, 59, 59, tzinfo=UTC))
        assert found("quentin") == ["Quentin Quokka"]
        clock.move_to(datetime(2026, 7, 2, 23, tzinfo=UTC))  # midnight in London
        assert found("quentin") == []


def test_a_page_is_found_by_its_new_words_and_no_longer_by_the_old(committed: Committed) -> None:
    with committed():
        page = make_article(title="Quokka")
    with committed():
        page.title = "Wombat"
        page.save()
    assert found("quokka") == []
    assert found("wombat") == ["Wombat"]
    assert not SearchWord.objects.filter(word="quokka", entries__gt=0).exists()


def test_drafts_are_never_found(committed: Committed) -> None:
    with committed():
        make_article(title="Quokka", published_at=None)
        make_practitioner(name="Quokka", published_at=None)
        live = make_article(title="Wombat")
        make_version(live, title="Quokka wombat", body="A quokka.")
    assert found("quokka") == []
    assert found("wombat") == ["Wombat"]
    rebuild()
    assert found("quokka") == []


def test_a_planned_page_is_found_from_its_second_on_without_any_job(committed: Committed) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        with committed():
            page = make_article(title="Quokka", published_at=None)
            publish(page, at=NOON + timedelta(hours=1))
        assert found("quokka") == []
        clock.move_to(NOON + timedelta(minutes=59, seconds=59))
        assert found("quokka") == []
        clock.move_to(NOON + timedelta(hours=1))
        assert found("quokka") == ["Quokka"]


def test_a_page_is_not_found_from_its_planned_withdrawal_on(committed: Committed) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        with committed():
            page = make_article(title="Quokka", published_at=None)
            publish(page)
            manager = make_user("Manager")
            workflow.withdraw(page, manager, reason="Old", at=NOON + timedelta(hours=1))
        clock.move_to(NOON + timedelta(minutes=59, seconds=59))
        assert found("quokka") == ["Quokka"]
        clock.move_to(NOON + timedelta(hours=1))
        assert found("quokka") == []


def test_a_page_that_is_withdrawn_deleted_or_merged_is_gone_at_once(committed: Committed) -> None:
    manager = make_user("Manager")
    with committed():
        pages = [make_article(title=f"Quokka {word}") for word in ("one", "two", "three")]
        other = make_article(title="Wombat")
        for page in (*pages, other):
            publish(page)
    assert len(found("quokka")) == 3
    with committed():
        workflow.withdraw(pages[0], manager, reason="Old")
        pages[1].refresh_from_db()
        workflow.delete(pages[1], manager)
        workflow.withdraw(pages[2], manager, reason="Old", merged_into=other)
    assert found("quokka") == []
    with committed():
        workflow.undelete(pages[1], manager)
        publish(pages[0])
    assert set(found("quokka")) == {"Quokka one", "Quokka two"}


def test_a_row_that_is_deleted_is_gone(committed: Committed) -> None:
    with committed():
        person = make_practitioner(name="Quokka")
    with committed():
        person.delete()
    assert found("quokka") == []
    assert not SearchEntry.objects.filter(title="Quokka").exists()


def test_what_is_rolled_back_leaves_nothing(committed: Committed) -> None:
    make_article(title="Quokka")  # its transaction is never committed
    assert found("quokka") == []


# --- pages that no model stands for --------------------------------------------------------------


def test_pages_of_the_software_are_found(committed: Committed) -> None:
    with committed():
        make_clinic(parking="Behind the quokka house.")
    assert found("quokka") == ["Contact us"]
    assert found("opening hours")[0] == "Contact us"
    with committed():
        make_caution(question="Have you a wombat?")
    assert found("wombat") == ["Is needling suitable for me?"]
    with committed():
        Caution.objects.get().delete()
    assert found("wombat") == []


# --- words of ours -------------------------------------------------------------------------------


def test_words_of_ours_find_their_page_at_once_and_move_with_it(committed: Committed) -> None:
    with committed():
        one, other = make_article(title="Wombat"), make_article(title="Numbat")
        key = f"articles.article:{one.pk}"
        ours = SearchSynonym.objects.create(words="quokka", key=key)
    assert found("quokka") == ["Wombat"]
    with committed():
        ours.key = f"articles.article:{other.pk}"
        ours.save()
    assert found("quokka") == ["Numbat"]
    rebuild()
    assert found("quokka") == ["Numbat"]
    with committed():
        ours.delete()
    assert found("quokka") == []


def test_words_that_say_nothing_find_the_page_that_is_called_so(committed: Committed) -> None:
    with committed():
        page = make_information_page(title="The people")
        make_article(title="Who has a wombat")
        key = f"pages.informationpage:{page.pk}"
        SearchSynonym.objects.create(words="who are you", key=key)
    assert found("Who are you?") == ["The people"]
    assert found("has") == []


# --- from the beginning ---------------------------------------------------------------------------


def counted_words() -> list[tuple[str, int, int]]:
    words = SearchWord.objects.filter(entries__gt=0).order_by("word")
    return list(words.values_list("word", "entries", "names"))


def test_rebuilding_makes_the_same_index_again(committed: Committed) -> None:
    with committed():
        make_clinic()
        for word in ("quokka", "wombat"):
            make_article(title=word, body=f"{word} eats grass.")
        make_article(title="Draft", published_at=None)
    entries = list(SearchEntry.objects.order_by("pk").values())
    words = counted_words()
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert out.getvalue() == f"The search holds {len(entries)} pages.\n"
    assert list(SearchEntry.objects.order_by("pk").values()) == entries
    assert counted_words() == words
    assert found("quokka grass")[0] == "quokka"


def test_rebuilding_forgets_what_is_gone_and_what_was_stale(committed: Committed) -> None:
    with committed():
        page = make_article(title="Quokka")
    type(page).objects.filter(pk=page.pk).update(deleted_at=timezone.now())
    StaleEntry.objects.create(key="articles.article:1")
    rebuild()
    assert found("quokka") == []
    assert not StaleEntry.objects.exists()


def test_the_job_makes_an_index_where_there_was_none() -> None:
    make_article(title="Quokka")
    assert not SearchEntry.objects.exists()
    refresh_stale(timezone.now())
    assert found("quokka") == ["Quokka"]
