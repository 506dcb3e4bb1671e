"""The head of a page: its one address, and what it tells those who show it elsewhere."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.test import Client

from publishing import workflow
from tests.factories import (
    make_article,
    make_category,
    make_clinic,
    make_condition,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
)
from tests.site.machines import SITE

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def read(client: Client, url: str, **headers: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(url, headers=headers).content, "html.parser")


def canonical(soup: BeautifulSoup) -> str | None:
    found = soup.find("link", rel="canonical")
    return str(found["href"]) if found else None


def told(soup: BeautifulSoup) -> dict[str, str]:
    """Return what the page tells by Open Graph."""
    return {str(each["property"]): str(each["content"]) for each in soup.select("meta[property]")}


# --- the one address ---------------------------------------------------------------------------


def test_address_is_the_site_s_own_whatever_name_was_asked_for(client: Client) -> None:
    page = make_article()
    for host in ("localhost", "testserver"):
        soup = read(client, page.get_absolute_url(), host=host)
        assert canonical(soup) == f"{SITE}{page.get_absolute_url()}"
        assert told(soup)["og:url"] == canonical(soup)


def test_site_s_address_may_end_with_a_slash(client: Client, settings: LazySettings) -> None:
    settings.SITE_URL = "https://www.example.org/"
    assert canonical(read(client, "/conditions/")) == "https://www.example.org/conditions/"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/articles/", "/articles/"),
        ("/articles/?page=1", "/articles/"),
        ("/articles/?page=2", "/articles/?page=2"),
        ("/articles/?page=2&utm_source=post", "/articles/?page=2"),
        ("/practitioners/?day=monday&new-patients=yes", "/practitioners/"),
        ("/contact/?condition=back-pain", "/contact/"),
        ("/?q=%22%3E%3Cscript%3E", "/"),
    ],
)
def test_pages_of_a_list_are_kept_and_all_else_is_dropped(
    client: Client, url: str, expected: str
) -> None:
    make_information_page(slug="privacy")
    category = make_category()
    for _ in range(13):
        make_article(category=category)
    assert canonical(read(client, url)) == f"{SITE}{expected}"


@pytest.mark.parametrize(
    "url", ["/no-such/", "/articles/no-such/", "/articles/?page=99", "/contact/received/"]
)
def test_page_that_nobody_should_find_has_neither_address_nor_image(
    client: Client, url: str
) -> None:
    soup = read(client, url)
    assert canonical(soup) is None
    assert "og:image" not in told(soup)


def test_withdrawn_page_has_neither_address_nor_image(client: Client) -> None:
    page = make_article()
    workflow.withdraw(page, make_user("Manager"), reason="Old.")
    soup = read(client, page.get_absolute_url())
    assert canonical(soup) is None
    assert "og:image" not in told(soup)


@pytest.mark.parametrize(
    "make", [make_article, make_condition, make_treatment, make_information_page]
)
def test_preview_of_a_draft_has_neither_address_nor_image(staff: Any, make: Any) -> None:
    page = make(published_at=None)
    soup = read(staff("Editor"), page.get_absolute_url())
    assert "Draft." in soup.get_text()
    assert canonical(soup) is None
    assert "og:image" not in told(soup)


# --- Open Graph --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (make_article, "article"),
        (make_practitioner, "profile"),
        (make_condition, "website"),
        (make_treatment, "website"),
        (make_information_page, "website"),
        (make_category, "website"),
    ],
)
def test_page_tells_who_and_what_it_is(client: Client, make: Any, kind: str) -> None:
    make_clinic()
    page = make(summary="All about “it” & <more>.")
    soup = read(client, page.get_absolute_url())
    found = told(soup)
    assert found["og:type"] == kind
    assert found["og:title"] == str(page)
    assert found["og:description"] == "All about “it” & <more>."
    assert found["og:site_name"] == "Fernhill Clinic"
    assert found["og:locale"] == "en_GB"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert found["og:image:alt"] == f"{page} – Fernhill Clinic"
    card = soup.find("meta", attrs={"name": "twitter:card"})
    assert card is not None
    assert card["content"] == "summary_large_image"


def test_description_for_search_engines_is_the_one_for_sharing(client: Client) -> None:
    page = make_condition(meta_description="For search engines.")
    soup = read(client, page.get_absolute_url())
    described = soup.find_all("meta", attrs={"name": "description"})
    assert [each["content"] for each in described] == ["For search engines."]
    assert told(soup)["og:description"] == "For search engines."


def test_article_tells_when_it_was_published_and_changed(client: Client) -> None:
    page = make_article(
        published_at=datetime(2025, 6, 30, 23, 30, tzinfo=UTC), updated_on=date(2026, 2, 3)
    )
    found = told(read(client, page.get_absolute_url()))
    assert found["article:published_time"] == "2025-07-01T00:30:00+01:00"
    assert found["article:modified_time"] == "2026-02-03"
    unchanged = told(read(client, make_article().get_absolute_url()))
    assert "article:modified_time" not in unchanged
    condition = told(read(client, make_condition(updated_on=date(2026, 2, 3)).get_absolute_url()))
    assert "article:modified_time" not in condition


def test_title_with_quotes_and_brackets_is_told_as_it_is(client: Client) -> None:
    page = make_article(title='Knees & "hips" <here>')
    found = told(read(client, page.get_absolute_url()))
    assert found["og:title"] == 'Knees & "hips" <here>'


# --- feeds and icons ---------------------------------------------------------------------------


def test_pages_lead_to_the_feeds(client: Client) -> None:
    category = make_category(name="Pain")
    make_article(category=category, published_at=datetime.now(UTC) - timedelta(days=1))
    everywhere = {"Clinical changes": "/changes.atom", "Articles": "/articles/feed.atom"}
    own = {"Articles: Pain": f"{category.get_absolute_url()}feed.atom"}
    for url, expected in (
        ("/", everywhere),
        ("/articles/", everywhere),
        (category.get_absolute_url(), everywhere | own),
    ):
        links = read(client, url).find_all("link", rel="alternate", type="application/atom+xml")
        assert {str(each["title"]): each["href"] for each in links} == expected
    assert all(client.get(path).status_code == 200 for path in (everywhere | own).values())


def test_icons_and_manifest_that_the_head_names_answer(client: Client) -> None:
    soup = read(client, "/")
    named = [
        str(link["href"])
        for relation in ("icon", "apple-touch-icon", "manifest")
        for link in soup.find_all("link", rel=relation)
    ]
    assert len(named) == 4
    for path in named:
        if path.startswith("/static/"):
            assert finders.find(path.removeprefix("/static/")), path
            continue
        response = client.get(path)
        response.close()
        assert response.status_code == 200, path
