"""A page has a name, a summary, text, an author, and headings with words beneath them."""

from pages.models import InformationPage
from practitioners.models import Practitioner
from publishing.checks import Candidate
from publishing.page_checks.headings import headings_in_order
from publishing.page_checks.structure import (
    name_and_summary,
    sections_have_text,
    somebody_wrote_it,
    text_can_be_read,
)
from publishing.snapshots import Draft
from tests.publishing.candidates import SUMMARY, article, condition, places, words


def test_a_page_without_name_or_summary_is_not_published() -> None:
    assert places(name_and_summary, condition(name=" ", summary="")) == [
        ("error", "name", None),
        ("error", "summary", None),
    ]


def test_a_short_summary_has_to_be_accepted() -> None:
    candidate = article(summary="What it is in a line.")
    assert places(name_and_summary, candidate) == [("warning", "summary", None)]
    assert words(name_and_summary, candidate) == ["What it is in a line."]


def test_a_description_that_only_repeats_the_summary_is_pointed_out() -> None:
    assert places(name_and_summary, article(meta_description=SUMMARY)) == [
        ("hint", "meta_description", None)
    ]


def test_a_good_summary_is_left_alone() -> None:
    assert places(name_and_summary, article()) == []


def test_an_article_without_text_is_not_published() -> None:
    assert places(sections_have_text, article(" \n")) == [("error", "body", None)]


def test_sections_a_page_may_do_without_are_hints() -> None:
    text = dict.fromkeys(("overview", "symptoms", "causes", "self_care", "how_we_help"), "Words.")
    assert places(sections_have_text, condition(**text)) == [
        ("hint", name, None) for name in ("evidence", "session", "aftercare", "cautions")
    ]


def test_a_condition_with_one_section_has_to_be_accepted() -> None:
    assert places(sections_have_text, condition(overview="Words.")) == [
        ("warning", "symptoms", None)
    ]


def test_a_condition_with_no_text_at_all_is_not_published() -> None:
    assert places(sections_have_text, condition()) == [
        ("error", "overview", None),
        ("warning", "overview", None),
    ]


def test_text_that_cannot_be_laid_out_is_not_published() -> None:
    candidate = article("Words.\n\n" + "[" * 30, faqs=[("Why?", "x" * 40_001)])
    assert places(text_can_be_read, candidate) == [("error", "body", 3), ("error", "faq-1", 1)]


def test_readers_of_health_information_are_shown_who_wrote_it() -> None:
    assert places(somebody_wrote_it, article()) == [("error", "author", None)]
    assert places(somebody_wrote_it, article(author=Practitioner(pk=1))) == []


def test_a_page_about_parking_needs_no_author() -> None:
    page = InformationPage(title="Parking", is_about_health=False)
    assert places(somebody_wrote_it, Candidate(Draft(page))) == [("hint", "author", None)]


def test_headings_in_order_are_left_alone() -> None:
    text = "Words.\n\n## One\n\n### Beneath\n\nWords.\n\n## Two\n\n![alt](image:1)"
    assert places(headings_in_order, article(text)) == []


def test_a_level_left_out_is_pointed_out() -> None:
    candidate = article("## One\n\nWords.\n\n#### Three\n\nWords.")
    assert places(headings_in_order, candidate) == [("hint", "body", 5)]
    assert words(headings_in_order, candidate) == ["Three"]


def test_a_heading_like_the_title_is_pointed_out_once() -> None:
    assert places(headings_in_order, article("# One\n\nWords.\n\n# Two\n\nWords.")) == [
        ("hint", "body", 1)
    ]


def test_a_heading_without_words_or_with_nothing_beneath_has_to_be_accepted() -> None:
    found = places(headings_in_order, article("##\n\nWords.\n\n## One\n\n## Two\n"))
    assert found == [("warning", "body", 1), ("warning", "body", 5), ("warning", "body", 7)]
