"""Every claim can name its source, and the numbers in the text are those of the list below it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from evidence.citations import Citations, cited_keys, references
from publishing.fields import validate_markdown
from publishing.markdown import mistakes, render, render_document
from tests.factories import (
    make_article,
    make_condition,
    make_faq,
    make_source,
    make_warning_sign,
)
from tests.publishing.markup import find, parse, text_of, trouble

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_citation_is_a_numbered_link_to_its_reference() -> None:
    make_source("ng59")
    html = render("NICE advises against it [@ng59].")
    link = find(html, "sup.citation a")
    assert (link.get_text(), link["href"]) == ("[1]", "#reference-1")
    assert link["aria-label"] == "Reference 1"
    assert text_of(html) == "NICE advises against it [1]."
    assert trouble(html) == []


def test_numbers_run_over_all_parts_in_reading_order() -> None:
    second, first = make_source("aaa"), make_source("zzz")
    document = render_document(
        {"overview": "One [@zzz] two [@aaa] one [@zzz].", "causes": "Two [@aaa] one [@zzz]."},
        heading_level=3,
    )
    assert references(document) == [first, second]
    assert text_of(document.parts["overview"]) == "One [1] two [2] one [1]."
    assert text_of(document.parts["causes"]) == "Two [2] one [1]."


def test_numbering_begins_anew_on_the_next_page() -> None:
    make_source("aaa")
    make_source("bbb")
    assert "[1]" in render("A [@aaa].")
    assert "[1]" in render("B [@bbb].")


def test_key_may_be_written_in_capitals() -> None:
    source = make_source("ng59")
    document = render_document({"body": "[@NG59] and [@ng59]"}, heading_level=2)
    assert references(document) == [source]
    assert mistakes("[@NG59]") == []


def test_source_that_has_gone_is_asked_for_aloud() -> None:
    document = render_document({"body": "It works [@gone] well."}, heading_level=2)
    assert text_of(document.parts["body"]) == "It works [source needed] well."
    assert references(document) == []


def test_key_without_a_source_is_refused_with_its_line() -> None:
    make_source("ng59")
    text = "Known [@ng59].\n\nUnknown [@nowhere] and [@nowhere].\n\nAlso [@other]."
    assert [(each.line, "nowhere" in each.message) for each in mistakes(text)] == [
        (3, True),
        (3, True),
        (5, False),
    ]
    with pytest.raises(ValidationError, match="Line 3: there is no source with the key “nowhere”"):
        validate_markdown(text)


def test_sources_of_a_page_take_one_query(django_assert_num_queries: Any) -> None:
    for key in ("aaa", "bbb", "ccc"):
        make_source(key)
    parts = {f"part-{number}": "[@aaa] [@bbb] [@ccc] [@none]" for number in range(5)}
    with django_assert_num_queries(1):
        render_document(parts, heading_level=3)


def test_page_without_citations_asks_for_no_source(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):  # for the glossary
        document = render_document({"body": "No claims [here](/x/) at all."}, heading_level=2)
        assert references(document) == []
        assert mistakes("No claims at all.") == []


@pytest.mark.parametrize(
    "text",
    ["[@]", "[@ ng59]", "[ng59]", "@ng59", "[@" + "a" * 41 + "]", "[@ng59", "\\[@ng59]"],
)
def test_what_is_not_a_citation_stays_text(text: str) -> None:
    make_source("ng59")
    html = render(f"Words {text} words")
    assert parse(html).select("sup") == []
    assert "source needed" not in html


def test_citation_in_code_is_not_counted_as_one() -> None:
    make_source("ng59")
    assert parse(render("Write `[@ng59]` to cite.")).select("sup") == []


@pytest.mark.parametrize(
    "wrapped", ["**[@ng59]**", "- a [@ng59]", "| a |\n|---|\n| [@ng59] |", "> [@ng59]"]
)
def test_citation_works_wherever_text_does(wrapped: str) -> None:
    make_source("ng59")
    assert find(render(wrapped), "sup.citation a")["href"] == "#reference-1"


def test_keys_of_several_texts_are_found_once() -> None:
    assert cited_keys(["a [@one] [@TWO]", "[@two]", ""]) == {"one", "two"}


def test_document_without_citations_plugin_has_no_references() -> None:
    document = render_document({"body": "x"}, heading_level=2)
    document.plugins.pop(Citations)
    assert references(document) == []


# --- on the page ----------------------------------------------------------------------------------


def reference_list(client: Client, address: str) -> Any:
    soup = parse(client.get(address).content.decode())
    return soup, list(soup.select("[id^=reference-]"))


@pytest.mark.parametrize(("make", "field"), [(make_article, "body"), (make_condition, "overview")])
def test_page_lists_its_sources_where_the_numbers_lead(
    client: Client, make: Callable[..., Any], field: str
) -> None:
    make_source("ng59", title="Low back pain", nice="NG59", year=2016)
    make_source("trial", title="A trial of needles", nice="", doi="10.1000/xyz", year=2020)
    page = make(**{field: "First [@trial], then [@ng59], again [@trial]."})
    soup, items = reference_list(client, page.get_absolute_url())
    assert [item["id"] for item in items] == ["reference-1", "reference-2"]
    assert "A trial of needles" in items[0].get_text()
    assert "Low back pain" in items[1].get_text()
    assert [link["href"] for item in items for link in item.select("a[href^=https]")] == [
        "https://doi.org/10.1000/xyz",
        "https://www.nice.org.uk/guidance/NG59",
    ]
    targets = {link["href"].removeprefix("#") for link in soup.select("sup.citation a")}
    assert targets == {item["id"] for item in items}


def test_sources_of_answers_are_listed_after_those_of_the_text(client: Client) -> None:
    make_source("text", title="Source of the text")
    make_source("answer", title="Source of the answer")
    page = make_condition(overview="A claim [@text].")
    make_faq(page, answer="Another [@answer], and [@text].")
    _, items = reference_list(client, page.get_absolute_url())
    assert ["answer" in item.get_text() for item in items] == [False, True]


def test_page_that_cites_nothing_has_no_list(client: Client) -> None:
    _, items = reference_list(client, make_article().get_absolute_url())
    assert items == []


def test_sources_of_warning_signs_are_named(client: Client) -> None:
    source = make_source("ng234", title="Spinal cord compression")
    page = make_condition()
    make_warning_sign(page, sources=[source])
    make_warning_sign(page, sources=[source], sign="you wet yourself")
    soup = parse(client.get(page.get_absolute_url()).content.decode())
    assert soup.get_text().count("Spinal cord compression") == 1


@pytest.mark.parametrize("make", [make_article, make_condition])
def test_every_link_within_a_page_leads_somewhere(client: Client, make: Callable[..., Any]) -> None:
    make_source("ng59")
    make_source("other")
    field = "body" if make is make_article else "overview"
    text = "## Rest\n\nOne [@ng59].[^1] Two [@ng59] and [@other].\n\n[^1]: Note [@other]."
    page = make(**{field: text})
    make_faq(page, answer="See [@other].")
    soup = parse(client.get(page.get_absolute_url()).content.decode())
    ids = {each["id"] for each in soup.find_all(id=True)}
    for link in soup.select("a[href^='#']"):
        assert link["href"].removeprefix("#") in ids, link
