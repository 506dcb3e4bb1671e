"""Long lists come in pages, by plain links that keep what was chosen."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.factories import LONG_AGO, make_article, make_category, make_clinic, make_practitioner
from tests.publishing.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PAGE_LENGTH = 12


def make_articles(count: int) -> None:
    category = make_category()
    for number in range(count):
        make_article(
            category=category,
            title=f"Title {number:03d}",
            published_at=LONG_AGO + timedelta(minutes=number),
        )


def page(client: Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return parse(response.content.decode())


def titles(soup: BeautifulSoup) -> list[str]:
    return soup.get_text(" ").split("Title ")[1:]


def numbers(soup: BeautifulSoup) -> list[str]:
    return [
        "".join(mark for mark in each.get_text() if mark.isdigit() or mark == "…")
        for each in soup.select(".pagination li")
        if not each.select("[rel]")
    ]


def test_list_of_one_page_has_no_links_to_others(client: Client) -> None:
    make_articles(PAGE_LENGTH)
    soup = page(client, "/articles/")
    assert soup.select(".pagination") == []
    assert len(titles(soup)) == PAGE_LENGTH


def test_one_article_more_makes_a_second_page(client: Client) -> None:
    make_articles(PAGE_LENGTH + 1)
    first, second = page(client, "/articles/"), page(client, "/articles/?page=2")
    assert (len(titles(first)), len(titles(second))) == (PAGE_LENGTH, 1)
    assert numbers(first) == numbers(second) == ["1", "2"]
    (following,) = first.select(".pagination a[rel=next]")
    assert following["href"] == "?page=2"
    assert first.select(".pagination a[rel=prev]") == []
    (before,) = second.select(".pagination a[rel=prev]")
    assert before["href"] == "?page=1"
    assert second.select(".pagination a[rel=next]") == []


def test_page_that_is_read_is_marked(client: Client) -> None:
    make_articles(PAGE_LENGTH + 1)
    (current,) = page(client, "/articles/?page=2").select(".pagination [aria-current=page]")
    assert current.get_text(" ", strip=True) == "Page 2"


def test_many_pages_are_shortened(client: Client) -> None:
    make_articles(PAGE_LENGTH * 9 + 1)
    assert numbers(page(client, "/articles/?page=5")) == ["1", "…", "4", "5", "6", "…", "10"]


def test_every_article_is_on_exactly_one_page(client: Client) -> None:
    same_time = datetime(2026, 1, 1, tzinfo=UTC)
    category = make_category()
    for number in range(30):
        make_article(category=category, title=f"Title {number:03d}", published_at=same_time)
    found = [
        link.get_text(strip=True)
        for number in (1, 2, 3)
        for link in page(client, f"/articles/?page={number}").select("main a[href*='/article-']")
    ]
    assert sorted(found) == [f"Title {number:03d}" for number in range(30)]


@pytest.mark.parametrize("wrong", ["0", "-1", "3", "9999", "abc", "1.5", "²", "1%00", "9" * 5000])
@pytest.mark.parametrize("address", ["/articles/", "/practitioners/"])
def test_page_that_does_not_exist_is_not_found_in_plain_words(
    client: Client, address: str, wrong: str
) -> None:
    make_clinic()
    make_articles(PAGE_LENGTH + 1)
    for _ in range(PAGE_LENGTH + 1):
        make_practitioner()
    response = client.get(f"{address}?page={wrong}")
    assert response.status_code == 404
    assert "01632 960123" in response.content.decode()


@pytest.mark.parametrize("query", ["", "?page=", "?page=1"])
def test_list_opens_on_its_first_page(client: Client, query: str) -> None:
    make_articles(PAGE_LENGTH + 1)
    (current,) = page(client, f"/articles/{query}").select(".pagination [aria-current=page]")
    assert current.get_text(" ", strip=True) == "Page 1"


def test_empty_list_is_a_page(client: Client) -> None:
    assert page(client, "/articles/?page=1").select(".pagination") == []


def test_links_keep_what_was_chosen(client: Client) -> None:
    for number in range(PAGE_LENGTH + 1):
        make_practitioner(name=f"Person {number:02d}", taking_new_patients=True)
    soup = page(client, "/practitioners/?new-patients=yes")
    (following,) = soup.select(".pagination a[rel=next]")
    assert following["href"] == "?new-patients=yes&page=2"
    assert "Person 12" in page(client, f"/practitioners/{following['href']}").get_text()
