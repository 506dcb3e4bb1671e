"""The first use of a term on a page leads to the glossary: where, once, and with what it says."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publishing.markdown import render, render_document
from tests.factories import (
    make_article,
    make_claim,
    make_condition,
    make_faq,
    make_glossary_term,
    make_information_page,
    make_source,
    make_treatment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def soup_of(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def links(html: str) -> list[Tag]:
    return soup_of(html).select("a.term")


def linked(html: str) -> list[str]:
    """Return the words that lead to the glossary, in reading order."""
    return [link.get_text() for link in links(html)]


def test_first_use_leads_to_its_entry_and_says_what_it_means() -> None:
    make_glossary_term("trigger point", definition="A tender spot in a muscle.")
    html = render("Press on a trigger point.")
    (link,) = links(html)
    assert link["href"] == "/glossary/#term-trigger-point"
    assert link["title"] == "A tender spot in a muscle."
    assert soup_of(html).get_text().strip() == "Press on a trigger point."


def test_entry_stands_where_the_link_leads(client: Client) -> None:
    make_glossary_term("trigger point")
    (link,) = links(render("A trigger point."))
    address, fragment = str(link["href"]).split("#")
    assert soup_of(client.get(address).content.decode()).find(id=fragment)


def test_later_uses_are_plain_words() -> None:
    make_glossary_term("trial", other_forms=["trials"])
    assert linked(render("A trial, trials. Trial.\n\nAnother trial.")) == ["trial"]


def test_parts_of_a_page_share_the_first_use_in_reading_order() -> None:
    make_glossary_term("trial")
    make_glossary_term("guideline")
    parts = {"one": "A guideline.", "two": "A guideline and a trial.", "three": "A trial."}
    document = render_document(parts, heading_level=2)
    assert {name: linked(html) for name, html in document.parts.items()} == {
        "one": ["guideline"], "two": ["trial"], "three": [],
    }  # fmt: skip


def test_pages_do_not_share_it() -> None:
    make_glossary_term("trial")
    assert [linked(render("A trial.")) for _ in range(2)] == [["trial"], ["trial"]]


@pytest.mark.parametrize(
    "make", [make_article, make_condition, make_treatment, make_information_page]
)
def test_every_kind_of_page_links_its_first_use(client: Client, make: Any) -> None:
    make_glossary_term("trial")
    first = {"Article": "body", "Condition": "symptoms", "Treatment": "what_it_is"}
    page = make(**{first.get(make.__name__.removeprefix("make_").title(), "body"): "A trial."})
    content = client.get(page.get_absolute_url()).content.decode()
    assert linked(content) == ["trial"]


def test_answers_come_after_the_text(client: Client) -> None:
    make_glossary_term("trial")
    make_glossary_term("guideline")
    page = make_article(body="A trial.")
    make_faq(page, answer="A trial and a guideline.")
    assert linked(client.get(page.get_absolute_url()).content.decode()) == ["trial", "guideline"]


@pytest.mark.parametrize(
    "text",
    [
        "## A trial\n\nWords.",
        "[A trial](/about/) is there.",
        "Type `trial` here.",
        "    trial\n",
        "A CT is one.\n\n*[CT]: trial",
        "| trial | size |\n|---|---|\n| x | 3 |",
        "| | size |\n|---|---|\n| trial | 3 |",
        '!!! note "A trial"\n    Words.',
        "retrial, trial-run, pre-trial, trials, trial_1",
    ],
)
def test_other_places_and_other_words_are_left_alone(text: str) -> None:
    make_glossary_term("trial")
    assert linked(render(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "- A **trial**",
        "> trial",
        "| | size |\n|---|---|\n| x | a trial |",
        "!!! note\n    A trial.",
        "“Trial”",
        "The trial’s end",
        "A trial.[^1]\n\n[^1]: Words.",
        "Words.[^1]\n\n[^1]: A trial.",
        "AT&amp;T had \\*a trial\\*",
    ],
)
def test_running_text_of_every_kind_is_looked_at(text: str) -> None:
    make_glossary_term("trial")
    assert [words.lower() for words in linked(render(text))] == ["trial"]


def test_use_in_a_heading_does_not_count_as_the_first() -> None:
    make_glossary_term("trial")
    html = render("## A trial\n\nThe trial was small.")
    assert linked(html) == ["trial"]
    assert soup_of(html).select("h2 a") == []


def test_longest_term_is_found_first_and_hides_the_shorter_within() -> None:
    for term in ("chronic", "chronic primary pain", "pain"):
        make_glossary_term(term)
    html = render("Chronic primary pain is not chronic pain. Chronic primary pain.")
    assert linked(html) == ["Chronic primary pain", "chronic", "pain"]


def test_words_are_found_across_a_line_end_and_with_either_apostrophe() -> None:
    make_glossary_term("tennis player's elbow")
    assert linked(render("It is tennis\nplayer’s elbow.")) == ["tennis\nplayer’s elbow"]


def test_abbreviation_says_its_full_name_and_is_found_in_capitals_alone() -> None:
    make_glossary_term("World Health Organization", slug="who", other_forms=["WHO"])
    html = render("Ask who said it. The WHO did.")
    (link,) = links(html)
    assert link["href"] == "/glossary/#term-who"
    assert link.abbr is not None
    assert link.abbr["title"] == "World Health Organization"
    assert link.get_text() == "WHO"


def test_abbreviation_without_a_full_name_gives_its_definition() -> None:
    make_glossary_term("NSAIDs", definition="Painkillers of one kind.")
    (link,) = links(render("Take nsaids or NSAIDs."))
    assert (link.get_text(), link["title"]) == ("NSAIDs", "Painkillers of one kind.")
    assert link.abbr is None


def test_what_a_page_explains_itself_is_left_to_it() -> None:
    make_glossary_term("World Health Organization", slug="who", other_forms=["WHO"])
    html = render("The WHO said so.\n\n*[WHO]: the doctors of the world")
    assert linked(html) == []
    assert soup_of(html).select_one("abbr") is not None


def test_term_in_a_placed_claim_is_linked_and_its_references_stay() -> None:
    make_glossary_term("guideline")
    claim = make_claim(sentence="A guideline says so.", sources=[make_source()])
    html = render(f"[claim:{claim.key}]")
    assert linked(html) == ["guideline"]
    assert soup_of(html).select_one(".citation a") is not None


def test_hidden_terms_and_those_that_are_not_to_be_linked_are_plain_words() -> None:
    make_glossary_term("trial", is_shown=False)
    make_glossary_term("guideline", link_first_use=False)
    assert linked(render("A trial and a guideline.")) == []


def test_change_of_a_term_is_on_the_next_page() -> None:
    term = make_glossary_term("trial")
    assert linked(render("A trial.")) == ["trial"]
    term.definition = "Something else."
    term.save()
    assert links(render("A trial."))[0]["title"] == "Something else."
    term.delete()
    assert linked(render("A trial.")) == []


def test_definition_is_words_and_never_markup() -> None:
    make_glossary_term("trial", definition='"><script>alert(1)</script> & more')
    html = render("A trial.")
    assert soup_of(html).find("script") is None
    assert links(html)[0]["title"] == '"><script>alert(1)</script> & more'


def test_ids_that_headings_and_references_have_do_not_change() -> None:
    text = "## A trial\n\nThe trial said so [@known].\n"
    make_source("known")
    without = render(text)
    make_glossary_term("trial")
    plain = soup_of(render(text))
    for link in plain.select("a.term"):
        link.unwrap()
    assert str(plain) == str(soup_of(without))


def test_page_asks_for_terms_once_however_many_parts_and_terms_it_has() -> None:
    def count(parts: int) -> int:
        texts = {f"part{number}": "A trial and more." for number in range(parts)}
        with CaptureQueriesContext(connection) as queries:
            render_document(texts, heading_level=2)
        return len(queries)

    make_glossary_term("trial")
    one = count(1)
    for _ in range(8):
        make_glossary_term()
    assert (one, count(8)) == (1, 1)


def test_page_without_words_asks_for_none() -> None:
    with CaptureQueriesContext(connection) as queries:
        render_document({"body": "", "more": "\n"}, heading_level=2)
    assert len(queries) == 0
