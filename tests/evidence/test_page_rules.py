"""Rules about a page as a whole: when to get help, a dated source, pictures of results."""

from typing import Any

import pytest

from conditions.models import Condition, ConditionWarningSign
from evidence.models import WarningSign
from evidence.page_rules import dated_source, help_box, pictures_by_name
from evidence.wording_report import report
from pages.wording_sources import wording_of
from publishing import checks, snapshots
from publishing.checks import Candidate, Level
from publishing.models import Image
from tests.factories import (
    make_article,
    make_claim,
    make_condition,
    make_image,
    make_information_page,
    make_source,
    make_warning_sign,
)
from tests.publishing.candidates import article, condition, places, words

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def of(page: Any) -> Candidate:
    """Return a page as its row has it."""
    return Candidate(snapshots.read(page, snapshots.take(page)))


def test_the_checks_are_asked_before_a_page_is_published() -> None:
    assert {help_box, dated_source, pictures_by_name} <= set(checks._checks)


# --- when to get help -----------------------------------------------------------------------------


@pytest.mark.parametrize("level", [WarningSign.Level.EMERGENCY, WarningSign.Level.URGENT])
def test_a_condition_with_a_sign_for_999_or_111_is_fair(level: str) -> None:
    page = make_condition()
    make_warning_sign(page, level=level)
    assert list(help_box(of(page))) == []


@pytest.mark.parametrize("signs", [[], [("routine", "it does not get better")], [("urgent", " ")]])
def test_a_condition_without_one_has_to_be_accepted(signs: list[tuple[str, str]]) -> None:
    rows = [ConditionWarningSign(level=level, sign=sign) for level, sign in signs]
    candidate = condition(warning_signs=rows)
    (found,) = help_box(candidate)
    assert (found.level, found.field) == (Level.WARNING, "warning_signs")
    assert "999" in found.reason
    assert "111" in found.mend


def test_other_kinds_of_page_need_no_signs_and_no_source() -> None:
    for page in (make_article(), make_information_page()):
        assert list(help_box(of(page))) == []
        assert list(dated_source(of(page))) == []


# --- a source with a date -------------------------------------------------------------------------


def test_a_condition_without_a_dated_source_has_to_be_accepted() -> None:
    make_claim(sources=[make_source("elsewhere")])
    make_source("undated", year=None)
    for candidate in (
        condition(),
        condition(overview="It says so [@undated]."),
        condition(overview="It says so [@gone] [claim:gone]."),
        of(make_condition()),
    ):
        assert places(dated_source, candidate) == [("warning", "evidence", None)]
        assert all("year" in found.mend for found in dated_source(candidate))


def test_a_citation_a_placed_claim_or_a_claim_of_its_own_is_enough() -> None:
    make_source("ng59")
    make_claim("placed", sources=[make_source()])
    own = make_condition()
    make_claim(condition=own, sources=[make_source()])
    for candidate in (
        condition(overview="It says so [@ng59]."),
        condition(faqs=[("Does it help?", "No [@NG59].")]),
        condition(evidence="[claim:placed]"),
        of(own),
    ):
        assert list(dated_source(candidate)) == []


def test_a_claim_that_readers_do_not_see_or_without_a_year_is_not() -> None:
    page = make_condition()
    make_claim(condition=page, sources=[make_source()], is_public=False)
    make_claim(condition=page, sources=[make_source(year=None)])
    assert places(dated_source, of(page)) == [("warning", "evidence", None)]


# --- pictures of results --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title", ["Knee before and after", "before_after shoulder", "Spine: before / after"]
)
def test_a_picture_named_before_and_after_has_to_be_accepted(title: str) -> None:
    picture = make_image(title=title)
    text = f"Words.\n\n![A knee](image:{picture.pk})"
    found = list(pictures_by_name(article(text, lead_image=picture)))
    assert [(each.level, each.field, each.line) for each in found] == [
        (Level.WARNING, "lead_image", None),
        (Level.WARNING, "body", 3),
    ]
    assert all(each.words == title and each.mend for each in found)


def test_other_names_are_fair_whatever_they_promise() -> None:
    titles = ["The best cure for arthritis", "The clinic before and after painting", "A knee"]
    made = [make_image(title=title) for title in titles]
    text = "\n\n".join(f"![A knee](image:{each.pk})" for each in made)
    assert words(pictures_by_name, article(f"{text}\n\n![x](image:999999)")) == []
    assert Image.objects.count() == 3


# --- limits stated on the page --------------------------------------------------------------------

CLAIM = "Words of our own.\n\nAcupuncture may relieve neck pain."
LIMIT = "Any relief from acupuncture is short-term."


def levels(**fields: Any) -> list[str]:
    """Return the levels of what the check before publishing and the report both find."""
    page = make_condition(how_we_help=CLAIM, **fields)
    found = [each.level.value for each in wording_of(of(page))]
    Condition.objects.exclude(pk=page.pk).delete()
    assert found == [group.severity for group in report() for _ in range(group.count)]
    return found


def test_a_limit_in_the_summary_or_the_opening_counts_for_the_whole_page() -> None:
    assert levels() == ["error"]
    assert levels(summary=f"What it is. {LIMIT}") == []
    assert levels(overview=f"What it is. {LIMIT}") == []
    assert levels(overview=f"What it is.\n\nMore of it.\n\n{LIMIT}") == ["warning"]
    assert levels(aftercare=LIMIT) == ["warning"]


def test_the_words_of_the_picture_at_the_top_are_judged_as_a_picture_s() -> None:
    words = "A shoulder before and after six visits"
    picture = make_image()
    page = make_article(lead_image=picture, lead_image_role="describes", lead_image_alt=words)
    (found,) = wording_of(of(page))
    assert (found.level, found.field) == (Level.ERROR, "lead_image_alt")
    assert [group.severity for group in report() for _ in range(group.count)] == ["error"]
