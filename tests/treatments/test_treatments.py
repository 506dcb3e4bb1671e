"""The list of treatments and the page of each."""

from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from evidence.models import WarningSign
from tests.factories import (
    make_faq,
    make_practitioner,
    make_price,
    make_source,
    make_treatment,
    make_warning_sign,
)
from treatments.models import Treatment

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

HEADINGS = [
    "What it is", "What happens", "Side effects and aftercare", "When to get help after treatment",
    "Who should not have it", "How many sessions", "What the evidence says", "How it differs",
    "Prices", "Questions people ask", "Who you can see here",
]  # fmt: skip
ALL_SECTIONS = {section.field: f"About {section.field}." for section in Treatment.SECTIONS}


def read(client: Client, treatment: Treatment) -> BeautifulSoup:
    response = client.get(treatment.get_absolute_url())
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element: Any) -> str:
    return " ".join(element.get_text(" ").split())


def make_full(**fields: Any) -> Treatment:
    treatment = make_treatment(**ALL_SECTIONS | fields)
    make_price(treatment)
    make_faq(treatment)
    make_practitioner().treatments.add(treatment)
    make_warning_sign(treatment, sign="you are short of breath")
    return treatment


def test_list_is_by_place_then_name(client: Client) -> None:
    for name, order in (("Zebra", 1), ("Bear", 2), ("Ant", 2)):
        make_treatment(name=name, order=order)
    soup = BeautifulSoup(client.get("/treatments/").content, "html.parser")
    assert [words(each) for each in soup.select(".rows h2")] == ["Zebra", "Ant", "Bear"]


def test_empty_list_says_so(client: Client) -> None:
    assert "There are no pages here yet." in client.get("/treatments/").content.decode()


def test_sections_stand_in_order_with_the_care_cards_after_the_side_effects(
    client: Client,
) -> None:
    soup = read(client, make_full())
    assert [words(each) for each in soup.select(".columns__main h2")][: len(HEADINGS)] == HEADINGS
    contents = [words(each) for each in soup.select("nav.contents li a")]
    expected = [each.removesuffix(" after treatment") for each in HEADINGS]
    assert contents[: len(HEADINGS)] == expected


@pytest.mark.parametrize("missing", [section.field for section in Treatment.SECTIONS[1:]])
def test_care_cards_are_shown_whatever_is_missing(client: Client, missing: str) -> None:
    soup = read(client, make_full(**{missing: ""}))
    assert "you are short of breath" in words(soup.select_one(".care-card--emergency"))
    assert soup.select_one('nav.contents a[href="#when-to-get-help"]') is not None


def test_signs_after_treatment_keep_the_fixed_words(client: Client) -> None:
    treatment = make_treatment()
    make_warning_sign(treatment, level=WarningSign.Level.URGENT, sources=[make_source()])
    soup = read(client, treatment)
    assert words(soup.select_one(".care-card h3")) == (
        "Urgent advice: Ask for an urgent GP appointment or get help from NHS 111 if:"
    )
    assert soup.select_one("#page-references") is not None


def test_prices_are_a_table_in_pounds(client: Client) -> None:
    treatment = make_treatment()
    make_price(treatment, label="Next visit", minutes=None, pounds=Decimal("42.50"), position=2)
    make_price(treatment, label="First visit", minutes=45, pounds=Decimal(60), position=1)
    rows = read(client, treatment).select("table.prices tbody tr")
    assert [words(row) for row in rows] == ["First visit 45 minutes £60", "Next visit £42.50"]


def test_treatment_without_prices_has_no_empty_table(client: Client) -> None:
    soup = read(client, make_treatment())
    assert soup.select("table.prices") == []
    assert soup.select('a[href="#page-prices"]') == []


def test_people_who_give_it_are_shown_while_they_work_here(client: Client) -> None:
    treatment = make_treatment()
    make_practitioner(name="Ann Example").treatments.add(treatment)
    make_practitioner(name="Bob Gone", leaves_on=timezone.localdate()).treatments.add(treatment)
    make_practitioner(name="Cem Draft", published_at=None).treatments.add(treatment)
    soup = read(client, treatment)
    assert [words(each) for each in soup.select(".people h3")] == ["Ann Example"]


def test_enquire_carries_the_person_into_the_form(client: Client) -> None:
    treatment = make_treatment()
    make_practitioner(slug="ann-example").treatments.add(treatment)
    link = read(client, treatment).select_one('main a[href*="practitioner="]')
    assert link is not None
    assert link["href"] == "/contact/?practitioner=ann-example"


def test_citations_are_numbered_over_the_whole_page(client: Client) -> None:
    make_source("one")
    make_source("two")
    treatment = make_treatment(what_it_is="So [@two].", differences="So [@one] and [@two].")
    marks = [words(each) for each in read(client, treatment).select(".prose sup a")]
    assert marks == ["[1]", "[2]", "[1]"]
