"""Related conditions are those of the same part of the body, then of the same treatments."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conditions.models import BodyRegion, Condition
from conditions.related import related_conditions
from tests.factories import make_condition, make_treatment

pytestmark = pytest.mark.django_db


def condition(name: str, *regions: str, treatments: Any = (), **fields: Any) -> Condition:
    made = make_condition(name=name, **fields)
    made.body_regions.set(BodyRegion.objects.filter(slug__in=regions))
    made.treatments.set(treatments)
    return made


def related(own: Condition) -> list[str]:
    return [each.name for each in related_conditions(own)]


def test_same_part_of_the_body_comes_before_the_same_treatment() -> None:
    treatment = make_treatment()
    own = condition("Own", "neck", "head", treatments=[treatment])
    condition("Treatment", treatments=[treatment])
    condition("Neck", "neck")
    condition("Neck and head", "neck", "head")
    condition("Neck with treatment", "neck", treatments=[treatment])
    condition("Knee", "knee")
    assert related(own) == ["Neck and head", "Neck with treatment", "Neck", "Treatment"]


def test_four_at_most_in_the_order_of_lists() -> None:
    own = condition("Own", "knee", order=1)
    for number in range(5):
        condition(f"Condition no {number}", "knee", order=9 - number)
    assert related(own) == [f"Condition no {number}" for number in (4, 3, 2, 1)]


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": None},
        {"published_at": timezone.now() + timedelta(days=400)},
        {"withdrawn_at": timezone.now() - timedelta(days=1)},
        {"deleted_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_what_the_public_may_not_see_is_left_out(fields: dict[str, Any]) -> None:
    own = condition("Own", "knee")
    condition("Hidden", "knee", **fields)
    assert related(own) == []


def test_page_names_them_with_what_there_is_to_read(client: Client) -> None:
    own, other = condition("Own", "knee"), condition("Other knee", "knee")
    soup = BeautifulSoup(client.get(own.get_absolute_url()).content, "html.parser")
    heading = soup.find("h3", string="Related conditions")
    assert heading is not None
    link = heading.find_next("a")
    assert link is not None
    assert link["href"] == other.get_absolute_url()


def test_page_of_a_condition_that_shares_nothing_offers_none(client: Client) -> None:
    condition("Knee", "knee")
    content = client.get(condition("Own", "neck").get_absolute_url()).content.decode()
    assert "Related conditions" not in content
    assert "More to read" not in content


def test_one_query_however_many_conditions() -> None:
    own = condition("Own", "knee")
    for number in range(9):
        condition(f"Condition no {number}", "knee")
    with CaptureQueriesContext(connection) as queries:
        assert len(related_conditions(own)) == 4
    assert len(queries) == 1
