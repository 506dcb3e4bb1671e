"""The sitemap and the pages of the demonstration agree, and so do titles and share images."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.demo import DemoRows
from tests.site.crawl import Visit, visit
from tests.site.machines import SITE, Entry, feed_entries, whole_sitemap

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Visits = dict[str, Visit]
_SHOWN = re.compile(r"(?:Published on|Updated on|Page last reviewed:) (\d+ \w+ \d{4})")


# Pages that no search engine is to keep, whichever clinic's they are.
NOT_FOR_SEARCH = ("/feedback/", "/search/")


@pytest.fixture
def pages_to_find(site_pages: list[Visit]) -> list[Visit]:
    return [page for page in site_pages if not page.url.startswith(NOT_FOR_SEARCH)]


@pytest.fixture
def entries(demo: DemoRows) -> list[Entry]:
    return whole_sitemap(Client())


def canonical(page: Visit) -> str:
    link = page.soup.find("link", rel="canonical")
    assert link is not None, page.url
    return str(link["href"])


def test_every_address_of_the_sitemap_is_a_page_and_its_own_canonical(
    visits: Visits, entries: list[Entry]
) -> None:
    assert len({entry.address for entry in entries}) == len(entries) > 40
    client = Client()
    for entry in entries:
        page = visits.get(entry.path) or visit(client, entry.path)
        assert page.status == 200, entry
        assert canonical(page) == entry.address


def test_every_public_page_is_in_the_sitemap(
    pages_to_find: list[Visit], entries: list[Entry]
) -> None:
    listed = {entry.address for entry in entries}
    # The second page of a list is reached from the first.
    pages = {canonical(page) for page in pages_to_find if "?page=" not in canonical(page)}
    assert pages - listed == set()


def test_date_in_the_sitemap_is_the_last_one_that_the_page_shows(
    visits: Visits, entries: list[Entry]
) -> None:
    compared = 0
    for entry in entries:
        page = visits.get(entry.path)
        text = " ".join(page.main.get_text(" ").split()) if page else ""
        shown = [datetime.strptime(each, "%d %B %Y").date() for each in _SHOWN.findall(text)]  # noqa: DTZ007
        if shown:
            assert entry.lastmod == max(shown).isoformat(), entry
            compared += 1
    assert compared >= 38  # every condition, treatment, article and information page


def test_pictures_of_the_sitemap_answer(entries: list[Entry]) -> None:
    pictures = {image for entry in entries for image in entry.images}
    assert len(pictures) >= 4
    for image in pictures:
        answer = visit(Client(), image.removeprefix(SITE))
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/jpeg"), image


def test_every_page_names_a_share_image_that_answers(
    pages_to_find: list[Visit], demo: DemoRows
) -> None:
    named = {}
    for page in pages_to_find:
        meta: dict[str, Any] = {
            str(each["property"]): str(each["content"])
            for each in page.soup.select("meta[property]")
        }
        assert meta["og:url"] == canonical(page)
        assert len(meta["og:description"]) >= 20
        named[meta["og:image"]] = page.url
        # One title, in the page's own head and where it is shared.
        if "?" not in page.url:
            title = page.title.removesuffix(" – Demo Lane Clinic")
            assert title.startswith(meta["og:title"]), page.url
    client = Client()
    for address, url in named.items():
        assert urlsplit(address).netloc == urlsplit(SITE).netloc
        answer = visit(client, address.removeprefix(SITE))
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png"), url
        assert len(answer.content) <= 60_000, url


def test_feeds_lead_to_pages(visits: Visits, demo: DemoRows) -> None:
    client = Client()
    feeds = {
        str(link["href"])
        for page in visits.values()
        if page.is_page
        for link in page.soup.find_all("link", rel="alternate", type="application/atom+xml")
    }
    assert len(feeds) >= 6  # all articles, changes, and a category each
    for feed in feeds:
        found = feed_entries(client, feed)
        assert found, feed
        for entry in found:
            path = entry["link"].removeprefix(SITE).partition("#")[0]
            assert visits[path].status == 200, entry
