"""Staff lead what people search for to a page, with one click."""

from collections.abc import Callable
from datetime import date

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publishing.models import AuditEntry
from search.models import SearchSynonym, SearchTerm
from tests.factories import make_article
from tests.search.asking import found
from tests.search.conftest import Committed

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

LIST = "/admin/search/searchterm/"
WORDS = "/admin/search/searchsynonym/"
Staff = Callable[[str], Client]


def make_term(words: str = "wry neck", **fields: object) -> SearchTerm:
    told = {"times": 7, "last_on": date(2026, 7, 1)} | fields
    term: SearchTerm = SearchTerm.objects.create(words=words, **told)
    return term


@pytest.fixture
def key(committed: Committed) -> str:
    """The key of a page that can be found."""
    with committed():
        return f"articles.article:{make_article(title='Quokka').pk}"


def rows(client: Client, query: str = "") -> list[Tag]:
    soup = BeautifulSoup(client.get(LIST + query).content, "html.parser")
    return soup.select("#result_list tbody tr")


def words_in_list(client: Client, query: str = "") -> list[str]:
    return [row.select_one(".field-words").get_text(strip=True) for row in rows(client, query)]


def test_most_wanted_first_and_what_found_nothing_by_itself(staff: Staff) -> None:
    make_term("seldom", times=5, results=3)
    make_term("often", times=40)
    make_term("pizza", times=9, is_dismissed=True)
    editor = staff("Editor")
    assert words_in_list(editor) == ["often", "pizza", "seldom"]
    assert words_in_list(editor, "?found=nothing") == ["often"]
    assert words_in_list(editor, "?found=something") == ["seldom"]
    assert words_in_list(editor, "?found=settled") == ["pizza"]
    found_column = [row.select_one(".field-found").get_text() for row in rows(editor)]
    assert found_column == ["Nothing", "Nothing (needs no page)", "3 pages"]


def test_one_click_leads_a_term_to_a_page(staff: Staff, committed: Committed, key: str) -> None:
    term = make_term()
    editor = staff("Editor")
    (row,) = rows(editor)
    assert key in [str(option["value"]) for option in row.select("option")]
    button = row.select_one("button[name=lead]")
    with committed():
        response = editor.post(
            LIST, {f"page-{term.pk}": key, "lead": str(button["value"])}, follow=True
        )
    assert "now finds Quokka" in response.content.decode()
    assert found("wry neck") == ["Quokka"]
    assert SearchSynonym.objects.get().words == "wry neck"
    assert words_in_list(editor, "?found=nothing") == []
    entry = AuditEntry.objects.get(act="led to a page")
    assert (entry.target, entry.detail) == ("search term: wry neck", "Quokka")


def test_leading_a_term_twice_is_once(staff: Staff, key: str) -> None:
    term = make_term()
    editor = staff("Editor")
    for _ in range(2):
        editor.post(LIST, {f"page-{term.pk}": key, "lead": str(term.pk)})
    assert SearchSynonym.objects.count() == 1


def test_a_term_can_be_noted_as_needing_no_page(staff: Staff) -> None:
    term = make_term("pizza")
    staff("Manager").post(LIST, {"dismiss": str(term.pk)})
    term.refresh_from_db()
    assert term.is_dismissed
    assert AuditEntry.objects.filter(act__contains="needing no page").exists()


@pytest.mark.parametrize("chosen", ["", "articles.article:999", "nonsense"])
def test_without_a_page_nothing_is_led_anywhere(staff: Staff, chosen: str) -> None:
    term = make_term()
    response = staff("Editor").post(
        LIST, {f"page-{term.pk}": chosen, "lead": str(term.pk)}, follow=True
    )
    assert "Choose a page first." in response.content.decode()
    assert not SearchSynonym.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "999", "-1", "²"])
def test_a_button_of_no_term_does_nothing(staff: Staff, key: str, number: str) -> None:
    make_term()
    assert staff("Editor").post(LIST, {"lead": number, "page-": key}).status_code == 302
    assert not SearchSynonym.objects.exists()


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Reception"])
def test_who_may_not_add_words_gets_no_buttons_and_is_refused(
    staff: Staff, key: str, role: str
) -> None:
    term = make_term()
    client = staff(role)
    assert all(not row.select("button") for row in rows(client))
    client.post(LIST, {f"page-{term.pk}": key, "lead": str(term.pk)})
    client.post(LIST, {"dismiss": str(term.pk)})
    term.refresh_from_db()
    assert not SearchSynonym.objects.exists()
    assert not term.is_dismissed


def test_a_forged_click_is_refused(staff: Staff, key: str) -> None:
    term = make_term()
    client = staff("Editor")
    client.handler.enforce_csrf_checks = True
    response = client.post(LIST, {f"page-{term.pk}": key, "lead": str(term.pk)})
    assert response.status_code == 403
    assert not SearchSynonym.objects.exists()


def test_list_asks_no_more_for_many_terms_than_for_one(staff: Staff, key: str) -> None:
    editor = staff("Editor")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(LIST).status_code == 200
        return len(queries)

    make_term()
    one = count()
    for number in range(8):
        make_term(f"term {number}")
    assert count() == one


# --- words of ours -------------------------------------------------------------------------------


def test_words_are_added_for_a_page_and_told_with_it(
    staff: Staff, committed: Committed, key: str
) -> None:
    editor = staff("Editor")
    with committed():
        response = editor.post(WORDS + "add/", {"words": "  Wry   NECK ", "key": key})
    assert response.status_code == 302
    assert SearchSynonym.objects.get().words == "wry neck"
    assert found("wry neck") == ["Quokka"]
    assert "Quokka" in editor.get(WORDS).content.decode()
    assert AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [("wry neck", "lead to that page already"), ("???", "at least one word"), ("", "required")],
)
def test_words_that_help_nobody_are_refused(staff: Staff, key: str, words: str, told: str) -> None:
    SearchSynonym.objects.create(words="wry neck", key=key)
    response = staff("Editor").post(WORDS + "add/", {"words": words, "key": key})
    assert told in response.content.decode()
    assert SearchSynonym.objects.count() == 1


def test_words_whose_page_readers_cannot_see_say_so(staff: Staff) -> None:
    SearchSynonym.objects.create(words="wry neck", key="articles.article:999")
    assert "a page that readers cannot see" in staff("Editor").get(WORDS).content.decode()
