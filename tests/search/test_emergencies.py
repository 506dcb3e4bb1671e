"""Words of an emergency lead with the care card; everyday words never do."""

import pytest
from django.test import Client

from search.finding import find
from search.urgent import care_cards_for
from tests.demo import DemoRows
from tests.factories import make_clinic
from tests.search.asking import listed, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# What the phrases take for more urgent than the list asks, or the other way about, is no fault.
RANK = {"emergency": 2, "urgent": 1, "none": 0}


def level_of(typed: str) -> int:
    return max((RANK[card["level"]] for card in care_cards_for(typed)), default=0)


def test_each_sign_leads_to_its_card_and_everyday_words_to_none() -> None:
    wrong = {}
    for each in listed("emergencies"):
        level, wanted = level_of(each["q"]), RANK[each["level"]]
        if level < wanted or (wanted == 0 and level > 0):
            wrong[each["q"]] = (each["level"], level)
    assert wrong == {}


def test_the_card_stands_before_everything_that_was_found(reader: Client) -> None:
    make_clinic()
    main = page_of(reader, "numb between my legs")
    sections = [section["aria-labelledby"] for section in main.select("section")]
    assert sections == ["help-first", "results"]
    card = main.select_one("#help-first").find_next(class_="care-card")
    assert "999" in card.get_text()
    assert page_of(reader, "numb fingers at night").select(".care-card") == []


def test_queries_that_are_not_for_us_find_nothing_or_ask_what_was_meant(
    demo_search: DemoRows,
) -> None:
    foreign = [each["q"] for each in listed("nothing") if each["expect"] == "nothing"]
    asked = {typed: find(typed) for typed in foreign}
    sure = [typed for typed, told in asked.items() if told.entries and not told.query.corrected]
    assert len(sure) <= 1, sure
    assert [typed for typed in ("asdfgh", "???", "bitcoin") if asked[typed].entries] == []
