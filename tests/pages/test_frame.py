"""What stands around every page: notices, menus, the way to reach the clinic."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from clinic.models import Clinic
from pages.models import InformationPage
from tests.factories import (
    make_clinic,
    make_closure,
    make_condition,
    make_image,
    make_information_page,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=LONDON)
ADDRESSES = ["/", "/conditions/", "/contact/", "/no-such/"]


def read(client: Client, url: str = "/conditions/") -> BeautifulSoup:
    return BeautifulSoup(client.get(url).content, "html.parser")


def words(element: Any) -> str:
    return " ".join(element.get_text(" ").split()) if element else ""


# --- notices -----------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ADDRESSES)
def test_urgent_notice_is_on_every_page_until_its_time(client: Client, url: str) -> None:
    make_information_page(slug="privacy")
    ends = MONDAY + timedelta(hours=2)
    make_clinic(urgent_notice="The telephones are <down>.", urgent_notice_ends_at=ends)
    with time_machine.travel(MONDAY, tick=False) as clock:
        assert "Notice: The telephones are <down>." in words(read(client, url).header)
        clock.move_to(ends - timedelta(seconds=1))
        assert "telephones" in words(read(client, url).header)
        clock.move_to(ends)
        assert "telephones" not in words(read(client, url).header)


def test_notice_without_an_end_is_refused() -> None:
    clinic = make_clinic(urgent_notice="Down.")
    with pytest.raises(ValidationError, match="Say when the notice ends"):
        clinic.full_clean()


def test_notice_without_an_end_is_not_shown(client: Client) -> None:
    make_clinic(urgent_notice="Down.")
    assert "Down." not in words(read(client).header)


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_demonstration_says_so_and_keeps_out_of_search(
    client: Client, is_demonstration: bool
) -> None:
    make_clinic(is_demonstration=is_demonstration)
    soup = read(client)
    assert ("Demonstration site" in words(soup.header)) is is_demonstration
    assert bool(soup.find("meta", attrs={"name": "robots"})) is is_demonstration


# --- menus -------------------------------------------------------------------------------------


def menu_titles(soup: BeautifulSoup, selector: str) -> list[str]:
    return [words(link) for link in soup.select(selector)]


def test_information_pages_stand_in_the_menus_that_staff_chose(client: Client) -> None:
    make_information_page(title="About us", menu=InformationPage.Menu.MAIN, order=1)
    make_information_page(title="Cookies", menu=InformationPage.Menu.FOOTER, order=3)
    make_information_page(title="Privacy", menu=InformationPage.Menu.FOOTER, order=2)
    make_information_page(title="Hidden", menu=InformationPage.Menu.NONE)
    make_information_page(title="Draft", menu=InformationPage.Menu.MAIN, published_at=None)
    soup = read(client)
    top = menu_titles(soup, 'header nav[aria-label="Main"] a')
    assert top == ["Conditions", "Treatments", "Articles", "People", "About us", "Contact"]
    foot = menu_titles(soup, 'footer nav[aria-label="About this site"] a')
    ours = ["What the evidence says", "Glossary", "Is needling suitable for me?"]
    assert foot == ["About us", "Privacy", "Cookies", *ours]


@pytest.mark.parametrize(
    ("url", "text", "marked"),
    [
        ("/conditions/", "Conditions", "page"),
        ("/conditions/sore-back/", "Conditions", "true"),
        ("/contact/", "Contact", "page"),
        ("/about/", "About us", "page"),
    ],
)
def test_current_page_is_marked_in_the_menu(
    client: Client, url: str, text: str, marked: str
) -> None:
    make_condition(slug="sore-back")
    make_information_page(slug="privacy", menu="none")
    make_information_page(slug="about", title="About us", menu=InformationPage.Menu.MAIN)
    links = read(client, url).select("header nav a[aria-current]")
    assert [(words(link), link["aria-current"]) for link in links] == [(text, marked)]


def test_home_marks_nothing_in_the_menu(client: Client) -> None:
    assert read(client, "/").select("header nav a[aria-current]") == []


# --- reaching the clinic -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (MONDAY, "Open now until 5pm"),
        (MONDAY.replace(hour=8), "Closed now. Opens today at 9am"),
        (MONDAY.replace(hour=17), "Closed now. Opens tomorrow at 9am"),
        (MONDAY + timedelta(days=4, hours=9), "Closed now. Opens on Monday at 9am"),
    ],
)
def test_page_says_whether_the_clinic_is_open(
    client: Client, moment: datetime, status: str
) -> None:
    make_clinic()
    with time_machine.travel(moment, tick=False):
        assert status in words(read(client).header)


def test_closure_is_named(client: Client) -> None:
    clinic = make_clinic()
    make_closure(clinic, MONDAY.date(), name="Staff training")
    with time_machine.travel(MONDAY, tick=False):
        status = words(read(client).header)
    assert "Closed now for Staff training. Opens tomorrow at 9am" in status


def test_foot_shows_the_week_with_today_marked(client: Client) -> None:
    make_clinic(hours=[(0, time(9), time(12)), (0, time(13), time(17, 30)), (5, time(9), time(12))])
    with time_machine.travel(MONDAY, tick=False):
        rows = [words(row) for row in read(client).select("footer table tr")]
    assert rows[0] == "Monday (today) 9am to midday and 1pm to 5:30pm"
    assert rows[1] == "Tuesday Closed"
    assert rows[5] == "Saturday 9am to midday"
    assert len(rows) == 7


def test_clinic_without_details_yet_still_has_pages(client: Client) -> None:
    soup = read(client)
    assert "Your clinic" in words(soup.header)
    assert soup.select('a[href="tel:"]') == []
    assert soup.select('a[href="mailto:"]') == []
    assert "call 999" in words(soup.footer)


def test_foot_has_address_email_and_disclaimer(client: Client) -> None:
    make_clinic(disclaimer="General information.\n\nNot a diagnosis.")
    foot = read(client).footer
    for text in ("01632 960123", "desk@fernhill.example", "1 Fern Hill", "AN1 1AA",
                 "Not a diagnosis."):  # fmt: skip
        assert text in words(foot)
    assert foot is not None
    assert foot.select_one('a[href="tel:01632960123"]')


def test_international_number_keeps_its_plus(client: Client) -> None:
    make_clinic(telephone="+44 (0)1632 960-123")
    assert read(client).select_one('header a[href="tel:+441632960123"]')


def test_logo_takes_the_place_of_the_mark(client: Client) -> None:
    make_clinic(logo=make_image())
    head = read(client).header
    assert head is not None
    image = head.select_one("a.clinic img")
    assert image is not None
    assert image["alt"] == ""  # the name stands beside it
    assert head.select("a.clinic svg") == []


def test_brand_colour_is_in_the_style_sheet_and_the_policy_admits_it(client: Client) -> None:
    make_clinic(brand_colour="#7a1f3d")
    response = client.get("/conditions/")
    assert "--brand:#7a1f3d" in response.content.decode()
    first = response.headers["Content-Security-Policy"]
    Clinic.objects.update(brand_colour="#0f5c5c")
    second = client.get("/conditions/").headers["Content-Security-Policy"]
    assert first != second


@pytest.mark.parametrize("colour", ["#ffff00", "#999999", "teal", "#12345", "#0f5c5c;}"])
def test_brand_colour_that_cannot_be_read_is_refused(colour: str) -> None:
    clinic = make_clinic()
    clinic.brand_colour = colour
    with pytest.raises(ValidationError) as refused:
        clinic.full_clean()
    assert "brand_colour" in refused.value.message_dict


def test_frame_is_the_same_for_everyone_who_is_not_staff(client: Client) -> None:
    make_clinic()
    with time_machine.travel(timezone.now(), tick=False):
        assert client.get("/").content == Client().get("/").content


def test_clinic_that_opens_in_some_weeks_gives_the_date(client: Client) -> None:
    clinic = make_clinic()
    make_closure(clinic, MONDAY.date(), MONDAY.date() + timedelta(days=13), name="the winter break")
    with time_machine.travel(MONDAY, tick=False):
        status = words(read(client).header)
    assert "Closed now for the winter break. Opens on Monday 7 December 2026 at 9am" in status


def test_clinic_that_opens_no_more_says_nothing_of_opening(client: Client) -> None:
    make_clinic(hours=[])
    soup = read(client)
    assert "Opens" not in words(soup.header)
    assert "Open now" not in words(soup.header)
