"""Links say where they lead, and lead to a page that readers can see."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from articles.models import Article
from conditions.models import ConditionWarningSign
from publishing import redirects, sharing, workflow
from publishing.models import Image
from publishing.page_checks import anchors
from publishing.page_checks.links import (
    addresses_as_words,
    link_anchors,
    link_targets,
    link_words,
)
from tests.factories import (
    make_article,
    make_category,
    make_condition,
    make_practitioner,
    make_user,
)
from tests.publishing.candidates import article, condition, places, words
from tests.publishing.uploads import picture_bytes

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.mark.parametrize(
    "said", ["click here", "Here", "Read more …", "this link", "**Find out more**", "more"]
)
def test_a_link_that_says_nothing_has_to_be_accepted(said: str) -> None:
    candidate = article(f"Words.\n\nSee [{said}](/conditions/) now.")
    assert places(link_words, candidate) == [("warning", "body", 3)]


def test_a_link_without_words_stops_the_page() -> None:
    candidate = article("See [](/conditions/) and [![](image:1)](/articles/).")
    assert places(link_words, candidate) == [("error", "body", 1), ("error", "body", 1)]


def test_an_address_as_words_is_pointed_out() -> None:
    text = "[https://example.org/a](https://example.org/a)\n\n<https://example.org/b>"
    assert places(link_words, article(text)) == [("hint", "body", 1), ("hint", "body", 3)]
    text = "Words.\n\nSee https://example.org/c. Or [the site](https://example.org) or nice.org.uk"
    candidate = article(text)
    assert places(addresses_as_words, candidate) == [("hint", "body", 3)]
    assert words(addresses_as_words, candidate) == ["https://example.org/c"]


def test_a_good_link_is_left_alone() -> None:
    candidate = article(
        "[Back pain](/conditions/), [the guideline][n] and [@ng59].\n\n[n]: https://nice.org.uk"
    )
    assert places(link_words, candidate) == []
    assert places(addresses_as_words, candidate) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "path"),
    [
        (make_condition, "/conditions/{}/"),
        (make_article, "/articles/{}/"),
        (make_practitioner, "/practitioners/{}/"),
    ],
)
def test_a_link_leads_to_a_page_that_readers_see(make: Callable[..., Any], path: str) -> None:
    make(slug="public-page")
    make(slug="draft-page", published_at=None)
    text = "\n\n".join(
        f"[Page]({path.format(slug)})" for slug in ("public-page", "draft-page", "no")
    )
    candidate = article(text)
    assert places(link_targets, candidate) == [("warning", "body", 3), ("error", "body", 5)]


@pytest.mark.django_db
def test_links_to_lists_forms_and_other_websites_are_left_alone() -> None:
    text = "[A](/conditions/) [B](/contact/?a=b#enquiry) [C](https://example.org/x) [D](/) [E](#x)"
    text += " [F](mailto:a@example.org) [G](tel:+441632960123) [H](//example.org/) [I](http://[x)"
    assert places(link_targets, article(text)) == []


@pytest.mark.django_db
def test_links_to_what_only_some_may_open_are_stopped() -> None:
    link = workflow.share(
        make_article(published_at=None),
        workflow.latest_version(Article.objects.get()),
        make_user("Author"),
        invited="Dr Out",
        days=3,
    )
    for path in ("/admin/", "/admin/xx/yy/", "/shared/abc/", sharing.address_of(link)):
        (found,) = link_targets(article(f"[There]({path})"))
        assert (found.level.value, "for staff" in found.reason) == ("error", True)


@pytest.mark.django_db
def test_lists_and_files_are_looked_up_too() -> None:
    make_article(category=make_category(slug="exercise"))
    picture = Image.from_upload(picture_bytes(), title="Knee", uploaded_by=None)
    good = [
        "/articles/category/exercise/",
        "/articles/?page=1",
        "/articles/category/exercise/?page=1",
        picture.fallback("full").address,
    ]
    bad = [
        "/articles/category/nope/",
        "/articles/?page=99",
        "/articles/category/exercise/?page=99",
        "/media/nope.jpg",
        "/media/images/00000000000000000000/knee-320.jpg",
    ]
    text = "\n\n".join(f"[There]({path})" for path in [*good, *bad])
    candidate = article(text)
    assert words(link_targets, candidate) == bad
    assert {level for level, _, _ in places(link_targets, candidate)} == {"error"}


@pytest.mark.django_db
def test_a_category_that_moved_is_named_with_its_new_address() -> None:
    redirects.add("/articles/category/old/", "/articles/")
    assert places(link_targets, article("[Old](/articles/category/old/)")) == [("hint", "body", 1)]


@pytest.mark.django_db
def test_an_address_of_this_site_in_full_is_followed_too() -> None:
    candidate = article(f"[A]({settings.SITE_URL}/conditions/nothing/)")
    assert places(link_targets, candidate) == [("error", "body", 1)]


@pytest.mark.django_db
def test_a_page_that_moved_is_named_with_its_new_address() -> None:
    make_condition(slug="back-pain")
    redirects.add("/conditions/old-back/", "/conditions/back-pain/")
    (found,) = link_targets(article("[Back](/conditions/old-back/#causes)"))
    assert found.level.value == "hint"
    assert "/conditions/back-pain/" in found.mend


@pytest.mark.django_db
def test_a_missing_stroke_at_the_end_leads_on() -> None:
    (found,) = link_targets(article("[Contact](/contact)"))
    assert (found.level.value, found.mend) == ("hint", "Link to /contact/.")


@pytest.mark.django_db
def test_a_page_may_link_to_itself_before_it_is_public() -> None:
    candidate = article("[Here it is](/articles/new-one/#top)", slug="new-one")
    assert places(link_targets, candidate) == []


@pytest.mark.django_db
def test_many_links_cost_a_few_queries(django_assert_max_num_queries: Any) -> None:
    for number in range(8):
        make_condition(slug=f"page-{number}")
    text = "\n\n".join(f"[Page](/conditions/page-{number}/)" for number in range(8))
    with django_assert_max_num_queries(2):
        assert places(link_targets, article(text)) == []


@pytest.mark.django_db
def test_links_within_the_page_lead_to_a_heading() -> None:
    text = "## In short\n\n[Up](#body-in-short) [No](#in-shorter) [Questions](#page-questions)"
    candidate = article(
        text, faqs=[("Why?", "See [the end](#faq-1-the-end).\n\n## The end\n\nHm.")]
    )
    assert words(link_anchors, candidate) == ["#in-shorter"]
    (found,) = link_anchors(candidate)
    assert (found.level.value, found.line) == ("warning", 3)


@pytest.mark.django_db
def test_links_to_places_on_other_pages_lead_to_a_heading() -> None:
    make_condition(slug="sore-knee", overview="## In short\n\nIt hurts.", self_care="Walk.")
    make_article(slug="draft", published_at=None)
    good = [
        "/conditions/sore-knee/#self-care",
        f"{settings.SITE_URL}/conditions/sore-knee/#overview-in-short",
        "/conditions/sore-knee/#maincontent",
        "/conditions/sore-knee/#top",
        "/conditions/sore-knee/?a=b#self-care",
        "/conditions/#maincontent",
        "/contact/#enquiry",
        "/articles/draft/#nobody-knows",  # that readers do not see it is said already
        "/articles/gone/#nobody-knows",
        "https://example.org/#elsewhere",
        "/evidence/table.csv#row",
    ]
    bad = ["/conditions/sore-knee/#self-car", "/#nope", "/conditions/#by-bodys"]
    candidate = article("\n\n".join(f"[There]({path})" for path in [*good, *bad]))
    assert words(link_anchors, candidate) == bad
    found = next(iter(link_anchors(candidate)))
    assert found.mend == "Perhaps #self-care is meant."


@pytest.mark.django_db
def test_a_place_on_the_page_itself_is_looked_for_in_the_draft() -> None:
    path = make_article(slug="itself", body="## Old\n\nWords.").get_absolute_url()
    text = f"[Up]({path}#body-new) [Gone]({path}#body-old)\n\n## New\n\nWords."
    candidate = article(text, slug="itself")
    assert words(link_anchors, candidate) == [f"{path}#body-old"]


@pytest.mark.django_db
def test_sections_and_cards_can_be_linked_to_where_they_are() -> None:
    text = "[Signs](#when-to-get-help) [Do](#self-care) [People](#page-people)"
    without = condition(overview=text)
    assert words(link_anchors, without) == ["#when-to-get-help", "#self-care"]
    sign = ConditionWarningSign(sign="you feel faint")
    with_both = condition(overview=text, self_care="Walk.", warning_signs=[sign])
    assert words(link_anchors, with_both) == []


def test_the_names_of_the_frame_are_those_of_the_templates() -> None:
    known = anchors.FRAME | anchors.PERHAPS | set(anchors.WITH_PARTS)
    pages = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    assert [name for name in sorted(known) if f'id="{name}"' not in pages] == []
