"""All conditions: A to Z with the names patients use, and by part of the body."""

from string import ascii_uppercase

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from conditions.body_regions import BODY_REGIONS
from conditions.models import BodyRegion
from tests.factories import make_condition

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def index(client: Client) -> BeautifulSoup:
    response = client.get("/conditions/")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def rows(soup: BeautifulSoup) -> dict[str, list[str]]:
    """Return the rows of each letter as a reader sees them."""
    return {
        box.find("h3").get_text(strip=True): [
            " ".join(row.get_text().split()) for row in box.select("li")
        ]
        for box in soup.select(".letter")
    }


def test_condition_stands_under_its_letter_with_a_link(client: Client) -> None:
    condition = make_condition(name="Back pain")
    soup = index(client)
    assert rows(soup) == {"B": ["Back pain"]}
    link = soup.select_one(".letter a")
    assert link is not None
    assert link["href"] == condition.get_absolute_url()


def test_other_names_point_to_the_page(client: Client) -> None:
    condition = make_condition(name="Back pain", also_known_as=["lumbago", "bad back"])
    soup = index(client)
    assert rows(soup) == {
        "B": ["Back pain", "Bad back, see Back pain"],
        "L": ["Lumbago, see Back pain"],
    }
    link = soup.select_one("#letter-l ~ ul a")
    assert link is not None
    assert link["href"] == condition.get_absolute_url()
    # The link says the target's own title.
    assert link.get_text(strip=True) == "Back pain"


def test_other_name_that_is_the_name_is_not_repeated(client: Client) -> None:
    make_condition(name="Back pain", also_known_as=["back pain", "Lumbago", "lumbago"])
    assert rows(index(client)) == {"B": ["Back pain"], "L": ["Lumbago, see Back pain"]}


def test_name_that_two_conditions_share_points_to_both(client: Client) -> None:
    make_condition(name="Sciatica", also_known_as=["bad back"])
    make_condition(name="Back pain", also_known_as=["bad back"])
    assert rows(index(client))["B"] == [
        "Back pain",
        "Bad back, see Back pain",
        "Bad back, see Sciatica",
    ]


def test_letters_without_entries_are_plain_text(client: Client) -> None:
    make_condition(name="Back pain")
    soup = index(client)
    items = soup.select('nav[aria-label="A to Z Navigation"] li')
    assert [item.get_text(strip=True) for item in items] == list(ascii_uppercase)
    linked = [item.get_text(strip=True) for item in items if item.find("a")]
    assert linked == ["B"]
    target = str(items[1].find("a")["href"])
    assert target == "#letter-b"
    assert soup.select_one(target) is not None


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Épicondylite", "E"),
        ("ångström pain", "A"),
        ("Ünder pain", "U"),
        ("“Frozen” shoulder", "F"),
        ("  -whiplash", "W"),
        ("3rd toe pain", "#"),
        ("٣ pain", "#"),
        ("ألم الظهر", "#"),
        ("Œdema", "#"),
        ("Østeo", "#"),
        ("ﬁbromyalgia", "F"),
        ("…", "#"),
    ],
)
def test_letter_of_a_name(client: Client, name: str, letter: str) -> None:
    make_condition(name=name)
    assert list(rows(index(client))) == [letter]


def test_names_that_start_with_no_letter_come_last_and_can_be_reached(client: Client) -> None:
    make_condition(name="3rd toe pain", also_known_as=["zehe"])
    soup = index(client)
    assert list(rows(soup)) == ["Z", "#"]
    last = soup.select('nav[aria-label="A to Z Navigation"] a')[-1]
    assert last.get_text(strip=True) == "#"
    assert last["href"] == "#letter-other"
    assert soup.select_one("#letter-other") is not None


def test_rows_are_in_order_whatever_their_case(client: Client) -> None:
    for name in ("Neck pain", "Numb hand", "Nerve pain"):
        make_condition(name=name)
    make_condition(name="Other", also_known_as=["nape pain", "NUMB toes"])
    assert rows(index(client))["N"] == [
        "Nape pain, see Other",
        "Neck pain",
        "Nerve pain",
        "Numb hand",
        "NUMB toes, see Other",
    ]


def test_parts_of_the_body_come_with_the_software() -> None:
    assert list(BodyRegion.objects.values_list("slug", "name")) == list(BODY_REGIONS)


def test_conditions_stand_under_their_parts_of_the_body(client: Client) -> None:
    sciatica, jaw = make_condition(name="Sciatica", order=1), make_condition(name="Jaw pain")
    sciatica.body_regions.set(BodyRegion.objects.filter(slug__in=["lower-back", "leg"]))
    jaw.body_regions.set(BodyRegion.objects.filter(slug="jaw"))
    soup = index(client)
    shown = {
        str(item["id"]): [link.get_text(strip=True) for link in item.select("a")]
        for item in soup.select(".regions [id^=region-]")
    }
    # From head to toe, and only the parts that have something to read.
    assert shown == {
        "region-jaw": ["Jaw pain"],
        "region-lower-back": ["Sciatica"],
        "region-leg": ["Sciatica"],
    }


def test_body_map_links_exactly_the_parts_that_have_conditions(client: Client) -> None:
    condition = make_condition()
    condition.body_regions.set(BodyRegion.objects.filter(slug__in=["knee", "whole-body"]))
    soup = index(client)
    targets = {str(link["href"]) for link in soup.select("svg a")}
    assert "#region-knee" in targets
    assert targets <= {"#region-knee", "#region-whole-body"}
    for link in soup.select("svg a"):
        assert link.get_text(strip=True), link["href"]


def test_every_part_of_the_body_is_drawn(client: Client) -> None:
    condition = make_condition()
    condition.body_regions.set(BodyRegion.objects.all())
    soup = index(client)
    drawn = {str(link["href"]).removeprefix("#region-") for link in soup.select("svg a")}
    # The whole body has no shape of its own; the list beside the drawing has it.
    assert {slug for slug, _ in BODY_REGIONS} - drawn <= {"whole-body"}
    for target in ("whole-body", *drawn):
        assert soup.select_one(f"#region-{target}") is not None


def test_list_without_conditions_is_a_page_all_the_same(client: Client) -> None:
    soup = index(client)
    assert soup.h1 is not None
    assert rows(soup) == {}
    assert soup.select("svg a") == []
