"""Keys that the editor offers: to those who write, a few at a time, and never stored."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evidence.models import Source
from publishing import completions
from publishing.completions import MOST, Help, complete, register, registered
from publishing.fields import EditorWidget
from tests.factories import make_claim, make_source, make_user
from tests.publishing.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

StaffClient = Callable[..., Client]
ADDRESS = reverse("editor:completions")


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start with nothing registered."""
    monkeypatch.setattr(completions, "_known", {})


def offered(client: Client, prefix: str, query: str = "") -> list[str]:
    response = client.get(ADDRESS, {"prefix": prefix, "q": query})
    assert response.status_code == 200
    return [each["key"] for each in response.json()["keys"]]


# --- the registry ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("own_registry")
def test_an_app_registers_a_prefix_and_is_asked_for_keys() -> None:
    asked = []

    def finder(query: str) -> Iterator[tuple[str, str]]:
        asked.append(query)
        yield from ((f"key-{number}", "A label") for number in range(50))

    register("[x:", finder)
    found = complete("[x:", "  kn ")
    assert asked == ["kn"]
    assert len(found) == MOST
    assert complete("[y:", "kn") == []


@pytest.mark.usefixtures("own_registry")
def test_registering_again_replaces_and_a_long_query_is_cut() -> None:
    seen: list[str] = []
    register("[x:", lambda query: [("old", query)])
    register("[x:", lambda query: seen.append(query) or [])  # type: ignore[func-returns-value]
    assert complete("[x:", "a" * 10_000) == []
    assert len(seen[0]) == completions.MAX_QUERY
    assert len(registered()) == 1


# --- who may --------------------------------------------------------------------------------------


def test_those_who_write_are_answered_and_nothing_is_stored(staff: StaffClient) -> None:
    make_source("ng59")
    response = staff("Author").get(ADDRESS, {"prefix": "[@", "q": "ng"})
    assert response.json()["keys"][0]["key"] == "ng59"
    assert "no-store" in response.headers["Cache-Control"]


def test_nobody_else_is(
    staff: StaffClient, client: Client, signed_in: Callable[..., Client]
) -> None:
    assert staff("Reception").get(ADDRESS).status_code == 403
    for stranger in (client, signed_in(make_user())):
        response = stranger.get(ADDRESS)
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("admin:login"))


def test_it_is_only_read(staff: StaffClient) -> None:
    assert staff("Author").post(ADDRESS, {"prefix": "[@"}).status_code == 405


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"prefix": "[@"},
        {"prefix": "<script>"},
        {"q": "x"},
        {"prefix": "[@", "q": "\x00"},
        {"prefix": "[@", "q": "%_\\'\""},
        {"prefix": "[claim:", "q": "針 " * 5000},
    ],
)
def test_odd_questions_are_answered(staff: StaffClient, query: dict[str, str]) -> None:
    assert staff("Author").get(ADDRESS, query).json() == {"keys": []}


# --- sources and claims ---------------------------------------------------------------------------


def test_sources_are_found_by_key_title_and_body(staff: StaffClient) -> None:
    make_source("ng59", title="Low back pain", body="NICE", nice="NG59")
    make_source("vickers-2018", title="Acupuncture for chronic pain", body="Vickers", nice="")
    author = staff("Author")
    assert offered(author, "[@", "ng5") == ["ng59"]
    assert offered(author, "[@", "chronic vick") == ["vickers-2018"]
    assert offered(author, "[@", "") == ["ng59", "vickers-2018"]
    assert offered(author, "[@", "nothing like it") == []


def test_keys_that_begin_so_come_first_and_there_are_twelve(staff: StaffClient) -> None:
    for number in range(20):
        make_source(f"a-{number:02}", title="All about ng")
    make_source("ng59")
    found = offered(staff("Author"), "[@", "ng")
    assert found[0] == "ng59"
    assert len(found) == MOST


def test_what_no_longer_stands_says_so() -> None:
    make_source("old", status=Source.Status.WITHDRAWN)
    ((_, label),) = complete("[@", "old")
    assert label.endswith("(withdrawn or retracted)")


def test_claims_are_found_by_key_and_words() -> None:
    make_claim("back-pain-nice", sentence="NICE does not recommend needling for back pain.")
    make_claim("knee", sentence="Exercise eases knee pain.", is_public=False)
    assert [key for key, _ in complete("[claim:", "needling")] == ["back-pain-nice"]
    ((key, label),) = complete("[claim:", "knee")
    assert key == "knee"
    assert label.endswith("(not public)")


# --- the editor's help ----------------------------------------------------------------------------


def test_the_help_says_where_keys_are_found() -> None:
    soup = parse(EditorWidget().render("body", "", {"id": "id_body"}))
    links = [str(link["href"]) for link in soup.select(".editor__help a")]
    assert links == [
        reverse("admin:evidence_source_changelist"),
        reverse("admin:evidence_claim_changelist"),
    ]
    editor = soup.select_one(".editor")
    assert editor is not None
    assert editor["data-completions"] == "[@ [claim: [illustration: [people:"
    assert editor["data-completions-url"] == ADDRESS


@pytest.mark.usefixtures("own_registry")
def test_the_editor_knows_only_what_is_registered() -> None:
    def rendered() -> Any:
        return parse(EditorWidget().render("body", "", {"id": "id_body"}))

    assert not rendered().select(".editor__help a")
    register("[x:", lambda query: [], Help("[x:1]", "An <i>x</i>", "admin:index", "all of it"))
    assert "An <i>x</i>" in rendered().select_one(".editor__help").get_text()
