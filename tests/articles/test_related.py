"""What a page offers to read next comes from what pages share, and is public."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from articles.related import related_articles, significant_words
from tests.factories import make_article, make_category, make_condition, make_treatment

pytestmark = pytest.mark.django_db


def related(article: Article) -> list[str]:
    conditions, treatments = list(article.conditions.all()), list(article.treatments.all())
    return [each.title for each in related_articles(article, conditions, treatments)]


def article(title: str, *, conditions: Any = (), treatments: Any = (), **fields: Any) -> Article:
    made = make_article(title=title, **fields)
    made.conditions.set(conditions)
    made.treatments.set(treatments)
    return made


def test_what_shares_the_most_comes_first() -> None:
    category, condition, other = make_category(), make_condition(), make_condition()
    treatment = make_treatment()
    own = article(
        "Needles and ankles",
        category=category, conditions=[condition, other], treatments=[treatment],
    )  # fmt: skip
    article("A: category", category=category)
    article("B: treatment", treatments=[treatment])
    article("C: condition", conditions=[condition])
    article("D: ankles and treatment", treatments=[treatment])
    article("E: both conditions", conditions=[condition, other])
    assert related(own) == [
        "E: both conditions", "D: ankles and treatment", "C: condition", "B: treatment",
    ]  # fmt: skip


def test_same_words_alone_are_not_enough() -> None:
    article("Needles for ankles")
    assert related(article("Ankles and needles")) == []


def test_what_shares_the_same_is_newest_first() -> None:
    category = make_category()
    for number in (2, 1, 3):
        moment = timezone.now() - timedelta(days=number)
        article(f"{number} days ago", category=category, published_at=moment)
    assert related(article("Own", category=category)) == [f"{day} days ago" for day in (1, 2, 3)]


def test_four_at_most_and_never_itself() -> None:
    category = make_category()
    own, *_ = (article(f"Number {number}", category=category) for number in range(6))
    found = related(own)
    assert len(found) == 4
    assert own.title not in found


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": None},
        {"published_at": timezone.now() + timedelta(days=400)},
        {"withdrawn_at": timezone.now() - timedelta(days=1)},
        {"deleted_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_what_the_public_may_not_see_is_left_out(client: Client, fields: dict[str, Any]) -> None:
    category, condition, treatment = make_category(), make_condition(), make_treatment()
    shared = {"category": category, "conditions": [condition], "treatments": [treatment]}
    own = article("Own", **shared)
    article("Hidden one", **shared, **fields)
    assert related(own) == []
    for page in (own, condition, treatment):
        assert "Hidden one" not in client.get(page.get_absolute_url()).content.decode()


def test_words_that_every_title_has_say_nothing() -> None:
    assert significant_words("What to tell us before your first visit: needling, Needling") == [
        "visit", "needling",
    ]  # fmt: skip


def test_one_query_however_many_articles() -> None:
    category = make_category()
    own = article("Own", category=category)
    for number in range(9):
        article(f"Number {number}", category=category)
    with CaptureQueriesContext(connection) as queries:
        assert len(related_articles(own, [], [])) == 4
    assert len(queries) == 1


def test_page_of_a_treatment_offers_its_newest_articles(client: Client) -> None:
    treatment = make_treatment()
    for number in range(5):
        moment = timezone.now() - timedelta(days=number + 1)
        article(f"Article no {number}", treatments=[treatment], published_at=moment)
    article("Another subject")
    soup = BeautifulSoup(client.get(treatment.get_absolute_url()).content, "html.parser")
    titles = [each.get_text(strip=True) for each in soup.select("main .teaser h3")]
    assert titles == [f"Article no {number}" for number in range(4)]


def test_page_of_a_treatment_without_articles_offers_none(client: Client) -> None:
    content = client.get(make_treatment().get_absolute_url()).content.decode()
    assert "More to read" not in content
