"""The page of the search, as a reader meets it."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from search.models import SearchSynonym
from tests.factories import make_article, make_clinic, make_condition, make_practitioner
from tests.search.asking import page_of
from tests.search.conftest import Committed

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def site(committed: Committed) -> None:
    with committed():
        make_clinic()
        page = make_condition(
            name="Sore quokka",
            also_known_as=["wombat"],
            summary="When a quokka is sore.",
            overview='Rest helps <a quokka> & "more" rest.\n\nA quokka sleeps with a numbat.',
        )
        make_article(title="Sleep for a quokka")
        make_practitioner(name="Quentin Numbat")
        key = f"conditions.condition:{page.pk}"
        SearchSynonym.objects.create(words="hopping quokka", key=key)


def test_the_box_stands_on_every_page_and_once_on_its_own(reader: Client, site: None) -> None:
    for url in ("/", "/conditions/sore-quokka/", "/contact/", "/no-such-page/"):
        forms = page_of_forms(reader, url)
        assert forms == [("get", "/search/", "q")], url
    assert page_of_forms(reader, "/search/") == [("get", "/search/", "q")]


def page_of_forms(client: Client, url: str) -> list[tuple[str, str, str]]:
    soup = BeautifulSoup(client.get(url).content, "html.parser")
    return [
        (str(form["method"]), str(form["action"]), str(field["name"]))
        for form in soup.select("form[role=search]")
        for field in form.select("input")
        if soup.select_one(f"label[for={field['id']}]")
    ]


def test_without_words_it_offers_the_other_ways_too(reader: Client, site: None) -> None:
    for typed in ("", "   ", "\x00", "\u200b"):
        main = page_of(reader, typed)
        assert main.h1 is not None
        assert main.h1.get_text(strip=True) == "Search"
        assert main.select_one('a[href="/conditions/"]') is not None
        assert "nothing" not in main.get_text()


def test_results_have_a_kind_a_link_and_marked_words(reader: Client, site: None) -> None:
    main = page_of(reader, "quokkas")
    first = main.select(".results li")[0]
    assert first.select_one(".results__kind").get_text() == "Condition"
    link = first.select_one("h3 a")
    assert link["href"].startswith("/conditions/")
    assert link.decode_contents() == "Sore <mark>quokka</mark>"
    assert main.select_one("h2").get_text(strip=True) == "2 pages found"
    kinds = [each.get_text() for each in main.select(".results__kind")]
    assert kinds == ["Condition", "Article"]


def test_snippet_is_text_and_nothing_else(reader: Client, site: None) -> None:
    first = page_of(reader, "rest quokka more").select_one(".results li")
    told = first.select("p")[-1]
    assert "&lt;a <mark>quokka</mark>&gt; &amp; " in str(told)
    assert {each.name for each in told.find_all(True)} == {"mark"}


def test_what_was_typed_is_shown_as_text(reader: Client, site: None) -> None:
    response = reader.get("/search/", {"q": '<script>alert("q")</script>'})
    assert b"<script>alert" not in response.content
    assert b"&lt;script&gt;alert(" in response.content


@pytest.mark.parametrize(
    ("typed", "told"),
    [("wombat", "wombat"), ("quokka hops", "hopping quokka"), ("sore quokka", "")],
)
def test_the_other_name_that_was_typed_is_told(
    reader: Client, site: None, typed: str, told: str
) -> None:
    first = page_of(reader, typed).select(".results li")[0].get_text()
    if told:
        assert f"Found under “{told}”" in first
    else:
        assert "Found under" not in first


def test_a_part_of_a_persons_name_is_no_other_name(reader: Client, site: None) -> None:
    assert "Found under" not in page_of(reader, "quentin").get_text()


def test_a_mistake_is_mended_and_said(reader: Client, site: None) -> None:
    main = page_of(reader, "sore quoka")
    told = " ".join(main.get_text(" ", strip=True).split())
    assert "Did you mean sore quokka ?" in told
    assert main.select_one('a[href="?q=sore%20quokka"]') is not None
    assert main.select(".results li")
    assert "Did you mean" not in page_of(reader, "sore quokka").get_text()


def test_nothing_found_leads_to_other_ways(reader: Client, site: None) -> None:
    main = page_of(reader, "pizzeria")
    assert "We found nothing for “pizzeria”" in main.get_text()
    targets = {str(link["href"]) for link in main.select("a")}
    assert {"/conditions/", "/contact/", "tel:01632960123"} <= targets
    assert main.select(".results") == []


def test_many_results_come_in_pages(reader: Client, committed: Committed) -> None:
    with committed():
        for number in range(23):
            make_article(title=f"Quokka {number}")
    first, last = page_of(reader, "quokka"), page_of(reader, "quokka", page="3")
    assert "23 pages found" in first.get_text()
    assert [len(each.select(".results li")) for each in (first, last)] == [10, 3]
    assert last.select_one(".results")["start"] == "21"
    links = {str(link["href"]) for link in first.select("nav a")}
    assert "?q=quokka&page=2" in links
    for wrong in ("0", "99", "x", ""):
        assert page_of(reader, "quokka", page=wrong).select(".results li")


@pytest.mark.parametrize(
    "typed",
    [
        "the and of", "x" * 5000, "pain " * 500, "a\x00b\x07c\x1b[31m", '"', "'", "''", "*", "qu*",
        "NEAR(quokka wombat, 2)", "quokka NOT wombat", "title:quokka", "{title} : quokka",
        "^quokka", "quokka AND", "(", ")", "- -", "🦴", "🦘 quokka", "%", "_", "1 OR 1=1", "\\",
        "'; DROP TABLE search_index; --", "quokka & | ! <-> wombat:*", "$$", "\u202equokka",
        "اَلْعَرَبِيَّةُ", "背痛", "\ud800", "²½", "ß" * 200, "quokka's", "O’Neil", "e\u0301" * 30,
        "&amp;", "%00", "1e309", "-1", "12.5", "a/b", "a_b", "quokka\nwombat",
    ],
)  # fmt: skip
def test_whatever_is_typed_is_answered(reader: Client, site: None, typed: str) -> None:
    query = typed.encode("utf-8", "surrogatepass")
    response = reader.get("/search/", {"q": query})
    assert response.status_code == 200
    assert "does not work" not in response.content.decode()


def test_bytes_that_are_no_text_and_words_given_twice_are_answered(
    reader: Client, site: None
) -> None:
    for query in ("q=%ff%fe%00", "q=a&q=quokka", "q[]=x", "page=2"):
        assert reader.get(f"/search/?{query}").status_code == 200


def test_searching_sets_no_cookie_and_writes_nothing(reader: Client, site: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = reader.get("/search/", {"q": "quokka wombt"})
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()
    verbs = {each["sql"].split()[0] for each in queries}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE"}


def test_results_are_not_for_search_engines(reader: Client, site: None) -> None:
    assert b'<meta name="robots" content="noindex">' in reader.get("/search/?q=quokka").content


def test_posting_is_refused(reader: Client, site: None) -> None:
    assert reader.post("/search/", {"q": "quokka"}).status_code == 405
