"""What the demonstration says for machines is valid, and is what its readers see."""

from datetime import time
from typing import Any, NamedTuple

import pytest
from bs4 import BeautifulSoup
from rdflib import RDF, Graph, Literal, URIRef

from components.templatetags.components import clock
from tests.pages.schemaorg import as_graph, document, problems, short
from tests.site.crawl import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Pages = list[Visit]

SITE = "http://localhost"  # SITE_URL of the tests
# Said in the vocabulary's own words, in numbers or in codes; hours have a test of their own.
_CODED = {
    "audienceType", "closes", "dayOfWeek", "inLanguage", "medicalSpecialty", "opens", "position",
    "query-input", "specialty", "urlTemplate",
}  # fmt: skip
_DAYS = {"datePublished", "dateModified", "lastReviewed", "validFrom", "validThrough"}


class Telling(NamedTuple):
    """A page that says something for machines: what it says, and what its readers see."""

    page: Visit
    told: list[dict[str, Any]]
    graph: Graph
    seen: str

    def of_type(self, name: str) -> list[dict[str, Any]]:
        """Return the top nodes of a type."""
        return [node for node in self.told if name in (node["@type"], *node["@type"])]

    def texts(self, selector: str) -> list[str]:
        return [each.get_text(" ", strip=True) for each in self.page.soup.select(selector)]


@pytest.fixture(scope="session")
def tellings(site_pages: Pages) -> list[Telling]:
    """Every page that says something, read once."""
    found = []
    for page in site_pages:
        told = None if has_choice(page) else document(page.content)
        if told is not None:
            found.append(Telling(page, told["@graph"], as_graph(told), seen(page)))
    return found


def has_choice(page: Visit) -> bool:
    """Say whether the address carries a reader's choice: it is then no page of its own."""
    return "?" in page.url and "?page=" not in page.url


def seen(page: Visit) -> str:
    """Return what a reader of the page sees, without the numbers of its citations."""
    soup = BeautifulSoup(page.content, "html.parser")
    for element in soup.select("script, style, head, sup.citation"):
        element.decompose()
    return joined(soup.get_text(" "))


def joined(text: str) -> str:
    """Return a text without space and case, which differ between mark-up and a line of words."""
    return "".join(text.split()).casefold()


def test_every_page_that_may_be_found_says_something(
    site_pages: Pages, tellings: list[Telling]
) -> None:
    findable = {
        page.url
        for page in site_pages
        if not has_choice(page) and "X-Robots-Tag" not in page.headers
    }
    silent = findable - {each.page.url for each in tellings}
    # Questions alone, about whoever reads them; and a box to look for something else.
    assert silent == {"/is-needling-suitable/", "/search/"}


def test_nothing_is_said_that_the_vocabulary_does_not_know(tellings: list[Telling]) -> None:
    found = {each.page.url: problems(each.graph) for each in tellings}
    assert {url: wrong for url, wrong in found.items() if wrong} == {}


def test_nodes_that_are_spoken_of_are_there(tellings: list[Telling]) -> None:
    checked = 0
    for page, _, graph, _ in tellings:
        spoken_of = {
            name
            for name in graph.objects()
            if isinstance(name, URIRef) and name.startswith(SITE) and "#" in name
        }
        checked += len(spoken_of)
        assert spoken_of <= set(graph.subjects(RDF.type)), page.url
    assert checked > 100


def test_every_word_stands_on_the_page(tellings: list[Telling]) -> None:
    checked = 0
    for page, _, graph, shown in tellings:
        for _, predicate, value in graph:
            name = short(predicate)
            if isinstance(value, Literal) and name not in _CODED | _DAYS:
                checked += 1
                assert joined(str(value)) in shown, (page.url, name, value)
    assert checked > 1000


def test_every_day_stands_on_the_page(tellings: list[Telling]) -> None:
    checked = 0
    for page, _, graph, shown in tellings:
        days = {str(each["datetime"]) for each in page.soup.select("time[datetime]")}
        for _, predicate, value in graph:
            if short(predicate) in _DAYS:
                checked += 1
                is_year = len(str(value)) == 4  # of a source, beside its title
                assert str(value) in (shown if is_year else days), (page.url, predicate, value)
    assert checked > 200


def test_reviews_are_those_that_the_page_tells_of(tellings: list[Telling]) -> None:
    checked = 0
    for each in tellings:
        is_reviewed = any("Page last reviewed" in text for text in each.texts(".review__dates"))
        dated = [node for node in each.told if "lastReviewed" in node]
        assert bool(dated) is is_reviewed, each.page.url
        for node in dated:
            checked += 1
            (box,) = each.texts("#page-review dl")
            assert f"Clinically reviewed by {node['reviewedBy']['name']}" in box, each.page.url
    assert checked >= 20


def test_all_sources_of_a_page_are_told(tellings: list[Telling]) -> None:
    checked = 0
    for each in tellings:
        works = [work for node in each.told for work in node.get("citation", [])]
        names = tuple(joined(work["name"]) for work in works)
        for source in each.texts(".references li"):
            checked += 1
            assert joined(source).startswith(names), (each.page.url, source)
    assert checked > 100


def test_all_questions_of_a_page_are_told(tellings: list[Telling]) -> None:
    checked = 0
    for each in tellings:
        asked = [question for node in each.of_type("FAQPage") for question in node["mainEntity"]]
        checked += len(asked)
        assert [question["name"] for question in asked] == each.texts(".faq h3"), each.page.url
    assert checked > 20


def test_hours_are_those_of_the_table(tellings: list[Telling]) -> None:
    checked = []
    for each in tellings:
        for clinic in each.of_type("MedicalClinic"):
            if "openingHoursSpecification" not in clinic:
                continue
            checked.append(each.page.url)
            days = [text.split()[0] for text in each.texts("footer .hours th")]
            shown = dict(zip(days, each.texts("footer .hours td"), strict=True))
            told = {
                day.rpartition("/")[2]: f"{in_words(row['opens'])} to {in_words(row['closes'])}"
                for row in clinic["openingHoursSpecification"]
                for day in row["dayOfWeek"]
            }
            assert {day: told.get(day, "Closed") for day in days} == shown
    assert sorted(checked) == ["/", "/contact/"]


def in_words(time_of_day: str) -> str:
    """Return 08:30 as the page writes it."""
    return clock(time.fromisoformat(time_of_day))


def test_breadcrumb_is_the_one_that_is_shown(tellings: list[Telling]) -> None:
    checked = 0
    for each in tellings:
        links = each.page.soup.select('nav[aria-label="Breadcrumb"] ol a')
        shown = [(link.get_text(strip=True), f"{SITE}{link['href']}") for link in links]
        crumbs = [node["breadcrumb"] for node in each.told if "breadcrumb" in node]
        steps = [step for crumb in crumbs for step in crumb["itemListElement"]]
        told = [(step["name"], step["item"]["@id"]) for step in steps[:-1]]
        assert told == shown, each.page.url
        if steps:
            checked += 1
            assert [steps[-1]["name"]] == each.texts("h1"), each.page.url
            assert "item" not in steps[-1]
    assert checked > 40


def test_addresses_are_the_canonical_ones(tellings: list[Telling]) -> None:
    for page, told, _, _ in tellings:
        canonical = page.soup.select_one("link[rel=canonical]")
        assert canonical is not None, page.url
        address = str(canonical["href"]).replace("http://testserver", SITE)
        assert address in {node.get("url") for node in told}, page.url
