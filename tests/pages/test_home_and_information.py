"""The home page and the pages about the clinic."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve
from django.utils import timezone

from pages.models import RESERVED_ADDRESSES, InformationPage
from tests.factories import (
    make_article,
    make_clinic,
    make_condition,
    make_information_page,
    make_practitioner,
    make_registration,
    make_source,
    make_treatment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def read(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element: Any) -> str:
    return " ".join(element.get_text(" ").split())


# --- home --------------------------------------------------------------------------------------


def test_home_leads_to_conditions_people_treatments_articles_and_the_form(client: Client) -> None:
    make_clinic(strap_line="Help with pain in Anytown")
    pages = [make_condition(), make_treatment(), make_practitioner(), make_article()]
    soup = read(client, "/")
    assert "Help with pain in Anytown" in words(soup.main)
    for page in pages:
        assert soup.select(f'main a[href="{page.get_absolute_url()}"]'), page
    assert soup.select('main a[href="/contact/"]')
    assert soup.select('nav[aria-label="Breadcrumb"]') == []


def test_home_shows_three_newest_articles_and_six_people(client: Client) -> None:
    for number in range(5):
        make_article(
            title=f"Article {number}", published_at=timezone.now() - timedelta(days=number + 1)
        )
    for number in range(8):
        make_practitioner(name=f"Person {number}", order=number)
    make_practitioner(name="Gone", leaves_on=timezone.localdate(), order=0)
    soup = read(client, "/")
    assert [words(each) for each in soup.select(".teaser h3")] == [
        "Article 0",
        "Article 1",
        "Article 2",
    ]
    people = [words(each) for each in soup.select(".people h3")]
    assert people == [f"Person {number}" for number in range(6)]


def test_home_shows_registrations_to_look_up(client: Client) -> None:
    make_registration(make_practitioner(), number="PH123456")
    text = words(read(client, "/").main)
    assert "Health and Care Professions Council (HCPC), number PH123456" in text
    assert "Last checked on 1 June 2026" in text


def test_empty_site_has_a_home_page(client: Client) -> None:
    soup = read(client, "/")
    assert soup.h1 is not None
    assert soup.select("main ul") == []


# --- information pages -------------------------------------------------------------------------


def test_information_page_shows_its_text_contents_and_sources(client: Client) -> None:
    make_source("rule", title="The rule")
    make_information_page(
        slug="fees", title="Fees", summary="What it costs.", body="## Cards\n\nYes [@rule]."
    )
    soup = read(client, "/fees/")
    assert soup.h1 is not None
    assert words(soup.h1) == "Fees"
    assert "What it costs." in words(soup.main)
    assert soup.select_one('nav.contents a[href="#body-cards"]') is not None
    assert "The rule" in words(soup.select_one("#reference-1"))


def test_information_page_shows_when_it_was_changed(client: Client) -> None:
    page = make_information_page(slug="fees")
    assert "Published on 6 January 2025" in words(read(client, "/fees/").main)
    page.updated_on = page.published_on.replace(day=20)
    page.save()
    text = words(read(client, "/fees/").main)
    assert "Updated on 20 January 2025" in text
    assert "clinically reviewed" not in text


def test_information_page_with_clinical_text_shows_its_review(client: Client) -> None:
    today = timezone.localdate()
    make_information_page(
        slug="fees",
        reviewed_by=make_practitioner(name="Bob Sample"),
        reviewed_on=today,
        next_review_due=today + timedelta(days=365),
    )
    soup = read(client, "/fees/")
    assert "Clinically reviewed by Bob Sample" in words(soup.select_one("#page-review"))


def test_description_is_the_summary_unless_one_is_given(client: Client) -> None:
    page = make_information_page(slug="fees", summary="What it costs.")
    meta = read(client, "/fees/").find("meta", attrs={"name": "description"})
    assert meta is not None
    assert meta["content"] == "What it costs."
    page.meta_description = "Prices & more"
    page.save()
    meta = read(client, "/fees/").find("meta", attrs={"name": "description"})
    assert meta is not None
    assert meta["content"] == "Prices & more"


@pytest.mark.parametrize("slug", sorted(RESERVED_ADDRESSES))
def test_address_of_the_software_cannot_be_taken(slug: str) -> None:
    page = make_information_page(slug=slug)
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert f"The site uses /{slug}/ itself" in str(refused.value)


def test_every_first_part_of_an_address_is_reserved() -> None:
    """A page whose address the software answers first could never be reached."""
    for slug in (str(each.pattern).partition("/")[0] for each in get_resolver().url_patterns):
        if slug:
            assert slug in RESERVED_ADDRESSES, slug


@pytest.mark.parametrize("slug", ["fees", "first-visit", "how_we_work", "conditions-we-see"])
def test_other_addresses_can_be_taken(client: Client, slug: str) -> None:
    page = make_information_page(slug=slug)
    page.full_clean()
    assert client.get(f"/{slug}/").status_code == 200


def test_address_without_its_slash_leads_to_the_page(client: Client) -> None:
    make_information_page(slug="fees")
    response = client.get("/fees")
    assert response.status_code == 301
    assert response.headers["Location"] == "/fees/"


def test_information_page_does_not_hide_anything(client: Client) -> None:
    """Information pages take what is left: nothing else of the site matches their pattern."""
    assert resolve("/no-such-page/").url_name == "information"
    with pytest.raises(Resolver404):
        resolve("/two/parts/")
    assert not InformationPage.objects.exists()
