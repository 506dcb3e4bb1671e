"""One article: its picture, its questions, what it is about and where to read on."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from articles.models import Article
from tests.factories import (
    make_article,
    make_category,
    make_condition,
    make_faq,
    make_image,
    make_practitioner,
    make_source,
    make_treatment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def read(client: Client, article: Article) -> BeautifulSoup:
    response = client.get(article.get_absolute_url())
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element: Any) -> str:
    return " ".join(element.get_text(" ").split())


def test_breadcrumb_leads_through_the_category(client: Client) -> None:
    article = make_article(category=make_category(name="Safety", slug="safety"))
    soup = read(client, article)
    crumbs = [(words(link), str(link["href"])) for link in soup.select(".breadcrumb ol a")]
    assert crumbs == [
        ("Home", "/"),
        ("Articles", "/articles/"),
        ("Safety", "/articles/category/safety/"),
    ]
    assert words(soup.select_one(".breadcrumb p")) == "Back to Safety"


def test_picture_at_the_top_has_its_words_and_is_loaded_at_once(client: Client) -> None:
    article = make_article(
        lead_image=make_image(renditions=[["full", 800, 533, "full-800-aaaaaaaaaaaa.avif"]]),
        lead_image_role="describes",
        lead_image_alt="A room with a chair",
        lead_image_caption="We sit here.",
    )
    figure = read(client, article).select_one("figure.lead")
    assert figure is not None
    image = figure.find("img")
    assert image is not None
    assert image["alt"] == "A room with a chair"
    assert "loading" not in image.attrs
    assert image["fetchpriority"] == "high"
    assert words(figure.find("figcaption")) == "We sit here."
    assert [source["type"] for source in figure.find_all("source")] == ["image/avif"]


def test_decorative_picture_has_empty_words(client: Client) -> None:
    article = make_article(
        lead_image=make_image(), lead_image_role="decorative", lead_image_alt="left over"
    )
    image = read(client, article).select_one("figure.lead img")
    assert image is not None
    assert image["alt"] == ""


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "lead_image_role"),
        ({"lead_image_role": "describes"}, "lead_image_alt"),
        ({"lead_image_role": "describes", "lead_image_alt": "  "}, "lead_image_alt"),
        (
            {
                "lead_image_role": "describes",
                "lead_image_alt": "A room",
                "lead_image_caption": "a room.",
            },
            "lead_image_caption",
        ),
    ],
)
def test_picture_without_a_decision_about_its_words_is_refused(
    fields: dict[str, str], wrong: str
) -> None:
    article = make_article(lead_image=make_image(), **fields)
    with pytest.raises(ValidationError) as refused:
        article.full_clean()
    assert set(refused.value.message_dict) == {wrong}


def test_headings_of_the_text_make_the_contents_list(client: Client) -> None:
    article = make_article(
        body="Intro.\n\n## One\n\nText.\n\n### Detail\n\nText.\n\n## Two\n\nText."
    )
    soup = read(client, article)
    entries = soup.select("nav.contents li a")
    assert [words(each) for each in entries] == ["One", "Two"]
    for entry in entries:
        target = soup.select_one(str(entry["href"]))
        assert target is not None
        assert words(target) == words(entry)
        assert target.name == "h2"


def test_pages_it_is_about_are_linked_unless_they_are_drafts(client: Client) -> None:
    article = make_article()
    condition, draft = make_condition(), make_condition(name="Draft pain", published_at=None)
    treatment = make_treatment()
    article.conditions.set([condition, draft])
    article.treatments.set([treatment])
    soup = read(client, article)
    for page in (condition, treatment):
        assert soup.select(f'main a[href="{page.get_absolute_url()}"]')
    assert "Draft pain" not in words(soup.main)


def test_more_to_read_names_four_others_of_the_subject_newest_first(client: Client) -> None:
    category = make_category(name="Safety")
    article = make_article(title="This one", category=category)
    for number in range(5):
        make_article(
            title=f"Other {number}",
            category=category,
            published_at=timezone.now() - timedelta(days=number + 1),
        )
    make_article(title="Another subject")
    make_article(title="Draft", category=category, published_at=None)
    soup = read(client, article)
    assert [words(each) for each in soup.select(".teaser h3")] == [
        f"Other {number}" for number in range(4)
    ]
    assert "More to read" in words(soup.main)


def test_article_alone_in_its_subject_offers_no_more(client: Client) -> None:
    assert "More to read" not in words(read(client, make_article()).main)


def test_dates_are_shown_and_told_apart(client: Client) -> None:
    day = timezone.localdate() - timedelta(days=30)
    article = make_article(
        author=make_practitioner(name="Ann Example"),
        reviewed_by=make_practitioner(name="Bob Sample"),
        reviewed_on=day,
        next_review_due=day + timedelta(days=365),
        updated_on=day,
    )
    text = words(read(client, article).select_one("#page-review"))
    for label in ("Published on", "Updated on", "Page last reviewed:", "Next review due:"):
        assert label in text


def test_saving_again_moves_no_date() -> None:
    article = make_article()
    before = (article.published_at, article.updated_on, article.reviewed_on)
    article.body += " Mended spelling."
    article.save()
    article.refresh_from_db()
    assert (article.published_at, article.updated_on, article.reviewed_on) == before


def test_questions_and_their_sources_are_shown(client: Client) -> None:
    make_source("ng59", title="Low back pain")
    article = make_article()
    make_faq(article, question="Is it safe?", answer="Mostly [@ng59].")
    soup = read(client, article)
    assert words(soup.select_one(".faq h3")) == "Is it safe?"
    assert "Low back pain" in words(soup.select_one("#reference-1"))


def test_text_is_never_markup(client: Client) -> None:
    article = make_article(
        title="<b>Bold</b>",
        summary="<script>alert(1)</script>",
        body="<script>alert(2)</script>\n\n<img src=x onerror=alert(3)>\n\n[x](javascript:x())",
    )
    soup = read(client, article)
    assert soup.h1 is not None
    assert soup.h1.get_text(strip=True) == "<b>Bold</b>"
    assert soup.select('script:not([type="application/ld+json"])') == []
    assert soup.select("main img") == []
    assert soup.select('a[href^="javascript"]') == []


def test_review_needs_reviewer_and_next_date() -> None:
    article = make_article()
    today = timezone.localdate()
    for fields in (
        {"reviewed_on": today},
        {"reviewed_on": today, "reviewed_by": make_practitioner()},
        {"reviewed_on": today, "next_review_due": today + timedelta(days=1)},
        {"reviewed_on": today, "reviewed_by": make_practitioner(), "next_review_due": today},
    ):
        for name in ("reviewed_on", "reviewed_by", "next_review_due"):
            setattr(article, name, fields.get(name))
        with pytest.raises(ValidationError, match="needs a clinical reviewer"):
            article.full_clean()
