"""The evidence table: what is public and nothing else, the same as page, spreadsheet and data."""

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from components.spreadsheet import safe_cell
from evidence.models import Source
from pages.models import InformationPage
from tests.factories import (
    make_claim,
    make_condition,
    make_information_page,
    make_source,
    make_treatment,
)
from tests.publishing.markup import parse, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PAGE, CSV, JSON = "/evidence/", "/evidence/table.csv", "/evidence/table.json"
FORMS = (PAGE, CSV, JSON)


def content(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def cells(client: Client) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(client, CSV).removeprefix("\ufeff"))))


def entries(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(content(client, JSON))["claims"]
    return found


def test_row_says_what_guidelines_say_how_sure_about_whom_and_when_checked(client: Client) -> None:
    condition = make_condition(name="Back pain")
    treatment = make_treatment(name="Medical acupuncture")
    source = make_source(title="Low back pain", body="NICE", year=2016, nice="NG59")
    make_claim(
        "back", condition=condition, treatment=treatment, sources=[source],
        sentence="NICE says not to.", direction="do-not-offer", certainty="Firm advice",
        population="People over 16", scope="With or without sciatica", country="England",
        checked_on=date(2026, 6, 1),
    )  # fmt: skip
    html = content(client, PAGE)
    (table,) = parse(html).select("table.evidence-table")
    text = text_of(str(table))
    for words in (
        "Back pain", "Medical acupuncture", "Do not offer", "NICE says not to.", "Firm advice",
        "People over 16", "With or without sciatica", "England", "1 June 2026", "Low back pain",
    ):  # fmt: skip
        assert words in text
    links = [str(link["href"]) for link in table.select("a")]
    assert links == [
        condition.get_absolute_url(),
        treatment.get_absolute_url(),
        "https://www.nice.org.uk/guidance/NG59",
    ]
    (row,) = cells(client)
    assert row["Direction"] == "Do not offer"
    assert row["Last checked"] == "2026-06-01"
    assert "https://www.nice.org.uk/guidance/NG59" in row["Sources"]
    (entry,) = entries(client)
    assert entry["says"] == "NICE says not to."
    assert entry["about_url"].startswith("http")
    assert entry["sources"][0]["identifier"] == "NG59"


def test_every_cell_of_a_stacked_row_is_named_and_keeps_its_role(client: Client) -> None:
    make_claim()
    soup = parse(content(client, PAGE))
    (table,) = soup.select("main table")
    assert table["role"] == "table"
    assert table.select_one("caption")
    heads = [head.get_text(strip=True) for head in table.select("thead th")]
    row = table.select("tbody tr")[1]
    labels = [cell["data-label"] for cell in row.select("td")]
    assert [heads[0], *labels] == heads
    assert all(each.get("role") for each in table.select("tr, th, td, thead, tbody"))


@pytest.mark.parametrize("address", FORMS)
def test_nothing_that_is_not_public_is_there(client: Client, address: str) -> None:
    hidden = {
        "condition": make_condition(name="Secret condition", published_at=None),
        "treatment": make_treatment(name="Secret treatment", published_at=None),
    }
    make_claim(sentence="Secret draft.", is_public=False)
    make_claim(sentence="Secret fallen.", sources=[make_source(status="withdrawn")])
    make_claim(sentence="Secret page.", condition=hidden["condition"])
    make_claim(sentence="Secret therapy.", treatment=hidden["treatment"])
    make_claim(sentence="Known.", treatment=hidden["treatment"], intervention="Needles",
               note="Secret note")  # fmt: skip
    found = content(client, address)
    assert "Secret" not in found
    assert "Known." in found
    assert "Needles" in found


def test_source_that_fell_is_named_as_such(client: Client) -> None:
    old = make_source("old", title="Old one", status=Source.Status.LAPSED)
    make_claim(sources=[old, make_source("new")])
    assert "Lapsed by its own rules" in content(client, PAGE)
    assert "Lapsed by its own rules" in content(client, CSV)


def test_conditions_stand_in_the_order_of_the_lists_guidelines_first(client: Client) -> None:
    last = make_condition(name="Last", order=9)
    first = make_condition(name="First", order=1)
    study = make_source(kind="systematic-review")
    make_claim("c", condition=last)
    make_claim("b", condition=first, sources=[study], direction="recommends")
    make_claim("a", condition=first, direction="do-not-offer")
    assert [entry["key"] for entry in entries(client)] == ["a", "b", "c"]
    heads = [each.get_text(strip=True) for each in parse(content(client, PAGE)).select("tbody a")]
    assert [each for each in heads if each in {"First", "Last"}] == ["First", "Last"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "  +", "|", "%"])
def test_no_cell_is_taken_for_a_formula(client: Client, start: str) -> None:
    assert safe_cell(f"{start}cmd|' /C calc'!A0").startswith("'")
    make_claim(
        sentence=f"{start}SUM(A1)", certainty=f"{start}1", intervention=f"{start}2",
        condition=make_condition(name=f"{start}3"), sources=[make_source(title=f"{start}4")],
    )  # fmt: skip
    (row,) = cells(client)
    for value in row.values():
        assert not value.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("plain", ["", "Do not offer", "5-10", "a=b", "“Consider”"])
def test_plain_cell_stays_as_it_is(plain: str) -> None:
    assert safe_cell(plain) == plain


def test_odd_words_reach_every_form_whole(client: Client) -> None:
    odd = "“Боль”, 中文; <b>\"quoted\"</b> & 'more'"
    make_claim(sentence=odd)
    assert cells(client)[0]["What it says"] == odd
    assert entries(client)[0]["says"] == odd
    assert odd in parse(content(client, PAGE)).get_text()
    assert "<b>" not in content(client, PAGE)


@pytest.mark.parametrize("address", FORMS)
def test_number_of_queries_does_not_grow(
    client: Client, address: str, django_assert_num_queries: Any
) -> None:
    counts = []
    for number in (1, 20):
        for _ in range(number):
            make_claim(treatment=make_treatment(), sources=[make_source(), make_source()])
        with django_assert_num_queries(30, exact=False) as queries:
            content(client, address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", FORMS)
def test_empty_table_is_a_page_all_the_same(client: Client, address: str) -> None:
    assert content(client, address)
    assert client.post(address).status_code in {403, 405}


def test_foot_of_every_page_leads_there_and_no_page_takes_its_address(client: Client) -> None:
    make_information_page(menu=InformationPage.Menu.FOOTER)
    assert parse(content(client, "/conditions/")).select("footer a[href='/evidence/']")
    page = make_information_page(slug="evidence")
    with pytest.raises(Exception, match="uses /evidence/ itself"):
        page.full_clean()
