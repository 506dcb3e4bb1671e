"""What every page kind shares: when it is public, who answers for it, and its dates."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import Article
from pages.models import RESERVED_ADDRESSES, InformationPage
from publishing.models import faq_texts
from tests.factories import (
    make_article,
    make_condition,
    make_faq,
    make_image,
    make_information_page,
    make_practitioner,
    make_treatment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Make = Callable[..., Any]
KINDS = pytest.mark.parametrize(
    "make", [make_article, make_condition, make_information_page, make_treatment]
)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


# --- public or not --------------------------------------------------------------------------------


@KINDS
@pytest.mark.parametrize(
    ("published_at", "is_public"),
    [
        (None, False),
        (NOON - timedelta(days=400), True),
        (NOON, True),
        (NOON + timedelta(seconds=1), False),
    ],
)
def test_page_is_public_from_its_time_on(
    make: Make, published_at: datetime | None, is_public: bool
) -> None:
    page = make(published_at=published_at)
    with time_machine.travel(NOON, tick=False):
        assert type(page).objects.published().filter(pk=page.pk).exists() is is_public
        assert page.is_published is is_public


@KINDS
def test_page_appears_by_itself_when_its_time_comes(make: Make) -> None:
    page = make(published_at=NOON)
    kind = type(page)
    with time_machine.travel(NOON - timedelta(minutes=1), tick=False) as clock:
        assert not kind.objects.published().exists()
        clock.shift(timedelta(minutes=1))
        assert kind.objects.published().get() == page


def test_public_at_another_moment_can_be_asked_for() -> None:
    make_article(published_at=NOON)
    assert not Article.objects.published(NOON - timedelta(seconds=1)).exists()
    assert Article.objects.published(NOON).exists()


def test_related_pages_can_be_asked_for_their_public_ones() -> None:
    condition = make_condition()
    public, draft = make_article(), make_article(published_at=None)
    condition.articles.add(public, draft)
    assert list(condition.articles.published()) == [public]


# --- withdrawn and deleted ------------------------------------------------------------------------


@KINDS
@pytest.mark.parametrize(
    ("published_at", "withdrawn_at", "is_public", "is_withdrawn"),
    [
        (NOON - timedelta(days=9), None, True, False),
        (NOON - timedelta(days=9), NOON + timedelta(seconds=1), True, False),
        (NOON - timedelta(days=9), NOON, False, True),
        (NOON - timedelta(days=9), NOON - timedelta(days=1), False, True),
        (NOON - timedelta(days=1), NOON - timedelta(days=9), True, False),  # public anew
        (NOON + timedelta(days=1), NOON - timedelta(days=9), False, True),  # and again later
        (NOON + timedelta(days=1), NOON + timedelta(days=9), False, False),
    ],
)
def test_page_is_public_until_it_is_withdrawn(
    make: Make,
    published_at: datetime,
    withdrawn_at: datetime | None,
    is_public: bool,
    is_withdrawn: bool,
) -> None:
    page = make(published_at=published_at, withdrawn_at=withdrawn_at)
    with time_machine.travel(NOON, tick=False):
        assert type(page).objects.published().exists() is is_public
        assert page.is_published is is_public
        assert page.is_withdrawn is is_withdrawn


@KINDS
def test_deleted_page_is_neither_public_nor_withdrawn(make: Make) -> None:
    page = make(deleted_at=NOON, withdrawn_at=NOON)
    assert not type(page).objects.published().exists()
    assert not type(page).objects.kept().exists()
    assert not page.is_published
    assert not page.is_withdrawn


def test_change_notes_have_their_dates() -> None:
    page = make_article(change_notes=[{"on": "2026-07-01", "note": "New advice."}])
    assert page.dated_change_notes == [{"on": date(2026, 7, 1), "note": "New advice."}]


def test_publishing_day_is_the_clinic_s_own() -> None:
    """Half past eleven in the evening of Greenwich is the next day in a British summer."""
    page = make_article(published_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert page.published_on == date(2026, 7, 2)
    assert make_article(published_at=None).published_on is None


# --- clinical review ------------------------------------------------------------------------------


def reviewed(**fields: Any) -> dict[str, Any]:
    return {
        "reviewed_by": make_practitioner(),
        "reviewed_on": date(2026, 6, 1),
        "next_review_due": date(2027, 6, 1),
    } | fields


@pytest.mark.parametrize(
    ("updated_on", "changed"),
    [
        (None, False),
        (date(2026, 5, 31), False),
        (date(2026, 6, 1), False),
        (date(2026, 6, 2), True),
    ],
)
def test_change_after_the_review_is_noticed(updated_on: date | None, changed: bool) -> None:
    assert make_condition(**reviewed(), updated_on=updated_on).changed_since_review is changed


def test_page_that_was_never_reviewed_did_not_change_since() -> None:
    assert make_condition(updated_on=date(2026, 6, 1)).changed_since_review is False


@pytest.mark.parametrize(
    ("today", "overdue"),
    [(date(2027, 5, 31), False), (date(2027, 6, 1), False), (date(2027, 6, 2), True)],
)
def test_review_is_overdue_after_its_day(today: date, overdue: bool) -> None:
    page = make_condition(**reviewed())
    with time_machine.travel(datetime(today.year, today.month, today.day, 12, tzinfo=UTC)):
        assert page.review_is_overdue is overdue


@KINDS
@pytest.mark.parametrize(
    "wrong",
    [
        {"reviewed_by": None},
        {"next_review_due": None},
        {"next_review_due": date(2026, 6, 1)},
        {"next_review_due": date(2026, 5, 1)},
    ],
)
def test_half_a_review_is_refused_by_the_form_and_by_the_database(
    make: Make, wrong: dict[str, Any]
) -> None:
    page = make()
    for name, value in reviewed(**wrong).items():
        setattr(page, name, value)
    with pytest.raises(ValidationError, match="A review needs a clinical reviewer"):
        page.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        page.save()


@KINDS
def test_whole_review_is_accepted(make: Make) -> None:
    page = make(**reviewed(), author=make_practitioner())
    page.full_clean()
    assert type(page).objects.get().reviewed_on == date(2026, 6, 1)


@KINDS
def test_review_by_somebody_from_outside_is_whole_without_a_profile(make: Make) -> None:
    page = make(**reviewed(reviewed_by=None, outside_reviewer="Dr Outside (GMC 1234567)"))
    page.full_clean()
    assert type(page).objects.get().reviewed_by is None


@pytest.mark.parametrize("covers", [True, False])
def test_text_that_the_review_was_not_of_changed_since(covers: bool) -> None:
    page = make_condition(**reviewed(), review_covers_text=covers)
    assert page.changed_since_review is not covers


def test_person_who_answers_for_a_page_cannot_be_deleted() -> None:
    author, reviewer = make_practitioner(), make_practitioner()
    make_article(author=author)
    make_article(**reviewed(reviewed_by=reviewer))
    for person in (author, reviewer):
        with pytest.raises(Exception, match="protected"):
            person.delete()


# --- text -----------------------------------------------------------------------------------------


def test_parts_stand_in_reading_order_without_the_empty_ones() -> None:
    page = make_condition(
        self_care="Walk.", causes=" \n", symptoms="Pain.", overview="It is common."
    )
    assert list(page.body_texts()) == ["overview", "symptoms", "self_care"]


def test_answers_are_parts_of_the_page_too() -> None:
    page = make_article()
    faqs = [make_faq(page, answer="Yes."), make_faq(page, answer="No.")]
    assert faq_texts(faqs) == {"faq-1": "Yes.", "faq-2": "No."}


def test_questions_stand_in_the_order_of_their_positions() -> None:
    page = make_condition()
    second, first = make_faq(page, position=2), make_faq(page, position=1)
    assert list(page.faqs.all()) == [first, second]


def test_description_for_search_engines_falls_back_to_the_summary() -> None:
    assert make_article(summary="Short.").description == "Short."
    assert make_article(summary="Short.", meta_description="Other.").description == "Other."


def test_mistakes_in_the_text_are_refused_at_their_field() -> None:
    page = make_condition(overview="One.\n\n![](image:1)", causes="See [@nothing].")
    with pytest.raises(ValidationError) as raised:
        page.full_clean()
    assert raised.value.message_dict.keys() == {"overview", "causes"}
    assert raised.value.message_dict["overview"][0].startswith("Line 3: ")


@pytest.mark.parametrize("address", sorted(RESERVED_ADDRESSES))
def test_information_page_cannot_take_an_address_of_the_software(address: str) -> None:
    page = make_information_page(slug=address)
    with pytest.raises(ValidationError, match="Choose another address"):
        page.full_clean()


def test_every_first_part_of_an_address_is_reserved() -> None:
    from clinic_site.urls import urlpatterns
    from pages.urls import urlpatterns as own

    first_parts = {
        str(each.pattern).split("/")[0] for each in [*urlpatterns, *own] if str(each.pattern)
    }
    # No page can have an address with a dot.
    slugs = {each for each in first_parts if "." not in each}
    assert slugs - {"<slug:slug>"} <= RESERVED_ADDRESSES


def test_information_pages_are_ordered_for_menus() -> None:
    later, sooner = make_information_page(order=2), make_information_page(order=1)
    assert list(InformationPage.objects.all()) == [sooner, later]


# --- the picture at the head ----------------------------------------------------------------------


def with_picture(**fields: Any) -> Article:
    return make_article(lead_image=make_image(), **fields)


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({}, "lead_image_role"),
        ({"lead_image_alt": "A knee"}, "lead_image_role"),
        ({"lead_image_role": "describes"}, "lead_image_alt"),
        ({"lead_image_role": "describes", "lead_image_alt": "  "}, "lead_image_alt"),
        (
            {
                "lead_image_role": "describes",
                "lead_image_alt": "A bent knee",
                "lead_image_caption": "a bent knee.",
            },
            "lead_image_caption",
        ),
    ],
)
def test_picture_without_a_decision_is_refused(fields: dict[str, str], at: str) -> None:
    with pytest.raises(ValidationError) as raised:
        with_picture(**fields).full_clean()
    assert raised.value.message_dict.keys() == {at}


@pytest.mark.parametrize(
    ("fields", "alt"),
    [
        ({"lead_image_role": "decorative"}, ""),
        ({"lead_image_role": "decorative", "lead_image_alt": "Left over"}, ""),
        ({"lead_image_role": "describes", "lead_image_alt": "A bent knee"}, "A bent knee"),
    ],
)
def test_description_is_empty_only_by_decision(fields: dict[str, str], alt: str) -> None:
    article = with_picture(**fields)
    article.full_clean()
    assert article.lead_image_alt_text == alt


def test_article_without_a_picture_needs_no_decision() -> None:
    make_article().full_clean()
