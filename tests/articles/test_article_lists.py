"""The lists of articles: all of them and by subject, in pages."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from articles.models import Category
from tests.factories import make_article, make_category, make_image

pytestmark = pytest.mark.django_db


def read(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    return [each.get_text(strip=True) for each in soup.select(".teaser h2")]


def make_many(count: int, category: Category | None = None) -> None:
    """Make articles, the one with the highest number oldest."""
    for number in range(count):
        make_article(
            title=f"Article {number:02}",
            category=category or make_category(),
            published_at=timezone.now() - timedelta(days=number + 1),
        )


def test_newest_articles_come_first(client: Client) -> None:
    make_many(3)
    assert titles(read(client, "/articles/")) == ["Article 00", "Article 01", "Article 02"]


def test_articles_of_the_same_moment_are_in_order_of_their_titles(client: Client) -> None:
    moment = timezone.now() - timedelta(days=1)
    for title in ("Bees", "Ants"):
        make_article(title=title, published_at=moment)
    assert titles(read(client, "/articles/")) == ["Ants", "Bees"]


def test_list_comes_in_pages_of_twelve(client: Client) -> None:
    make_many(25)
    assert len(titles(read(client, "/articles/"))) == 12
    assert len(titles(read(client, "/articles/?page=2"))) == 12
    last = read(client, "/articles/?page=3")
    assert titles(last) == ["Article 24"]
    current = last.select_one('nav[aria-label="Pages"] [aria-current="page"]')
    assert current is not None
    assert current.get_text(strip=True) == "Page3"
    assert read(client, "/articles/?page=last").select_one(".teaser h2") is not None
    assert client.get("/articles/?page=4").status_code == 404


def test_short_list_has_no_links_to_pages(client: Client) -> None:
    make_many(12)
    assert read(client, "/articles/").select('nav[aria-label="Pages"]') == []


def test_links_to_pages_keep_other_parameters(client: Client) -> None:
    make_many(13)
    soup = read(client, "/articles/?utm_source=a%26b&page=2")
    for link in soup.select('nav[aria-label="Pages"] a'):
        assert "utm_source=a%26b" in str(link["href"])
        assert str(link["href"]).count("page=") == 1


def test_second_page_has_its_own_title_description_and_canonical_address(client: Client) -> None:
    make_many(13)
    first, second = read(client, "/articles/"), read(client, "/articles/?page=2&utm_source=x")
    assert first.title is not None
    assert second.title is not None
    assert second.title.get_text().startswith("Articles (page 2 of 2)")
    assert "page" not in first.title.get_text()
    descriptions = {
        soup.find("meta", attrs={"name": "description"})["content"] for soup in (first, second)
    }
    assert len(descriptions) == 2
    canonical = second.find("link", rel="canonical")
    assert canonical is not None
    assert canonical["href"] == "http://localhost/articles/?page=2"


def test_subject_shows_only_its_own_articles(client: Client) -> None:
    safety = make_category(name="Safety", slug="safety", summary="How to stay safe.")
    make_article(title="Safe backs", category=safety)
    make_article(title="Something else")
    soup = read(client, "/articles/category/safety/")
    assert titles(soup) == ["Safe backs"]
    assert soup.h1 is not None
    assert soup.h1.get_text(strip=True) == "Safety"
    assert "How to stay safe." in soup.get_text()
    crumbs = [link.get_text(strip=True) for link in soup.select(".breadcrumb ol a")]
    assert crumbs == ["Home", "Articles"]


def test_pages_of_a_subject(client: Client) -> None:
    make_many(13, make_category(slug="safety", name="Safety"))
    soup = read(client, "/articles/category/safety/?page=2")
    assert titles(soup) == ["Article 12"]
    assert soup.title is not None
    assert soup.title.get_text().startswith("Safety: articles (page 2 of 2)")


def test_subjects_are_listed_in_order_if_they_have_public_articles(client: Client) -> None:
    for name, order in (("Second", 2), ("First", 1)):
        make_article(category=make_category(name=name, order=order))
    make_category(name="Empty")
    make_article(category=make_category(name="Only drafts"), published_at=None)
    links = read(client, "/articles/").select('nav[aria-labelledby="categories"] a')
    assert [link.get_text(strip=True) for link in links] == ["All articles", "First", "Second"]
    assert links[0].get("aria-current") == "page"


def test_current_subject_is_marked(client: Client) -> None:
    category = make_category(name="Safety")
    make_article(category=category)
    links = read(client, category.get_absolute_url()).select("[aria-labelledby=categories] a")
    marked = [link.get_text(strip=True) for link in links if link.get("aria-current")]
    assert marked == ["Safety"]


def test_subject_without_articles_is_a_page_that_says_so(client: Client) -> None:
    soup = read(client, make_category().get_absolute_url())
    assert "There are no articles here yet." in soup.get_text()


def test_list_without_articles_says_so(client: Client) -> None:
    soup = read(client, "/articles/")
    assert "There are no articles here yet." in soup.get_text()
    assert soup.select("[aria-labelledby=categories]") == []


def test_pictures_in_lists_are_decoration_and_lazy(client: Client) -> None:
    make_article(
        lead_image=make_image(), lead_image_role="describes", lead_image_alt="A room with a chair"
    )
    image = read(client, "/articles/").select_one(".teaser img")
    assert image is not None
    assert image["alt"] == ""
    assert image["loading"] == "lazy"
