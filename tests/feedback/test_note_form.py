"""The form: which page it names, what it never shows, and how it may be kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from clinic.models import Clinic
from tests.enquiries.conftest import soup_of
from tests.factories import (
    make_article,
    make_category,
    make_condition,
    make_information_page,
    make_practitioner,
)
from tests.feedback.conftest import FORM, fields_of, main_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def named(client: Client, page: str) -> tuple[str, str] | None:
    """Return address and title of the page that the form names; nothing if it names none."""
    response = client.get(FORM, {"page": page})
    assert response.status_code == 200
    link = main_of(response).select_one(".lede a")
    kept = fields_of(soup_of(response.content)).get("page")
    assert kept == (link["href"] if link else None)
    return (str(link["href"]), link.get_text()) if link else None


def test_it_names_pages_by_their_titles(clinic: Clinic, client: Client) -> None:
    make_condition(slug="back-pain", name="Back <b>pain</b>")
    make_article(slug="heat", title="Heat or cold", category=make_category(slug="home"))
    make_practitioner(slug="asha", name="Asha Example")
    make_information_page(slug="fees", title="Fees")
    assert named(client, "/conditions/back-pain/") == (
        "/conditions/back-pain/",
        "Back <b>pain</b>",
    )
    assert named(client, "/articles/heat/") == ("/articles/heat/", "Heat or cold")
    assert named(client, "/practitioners/asha/") == ("/practitioners/asha/", "Asha Example")
    assert named(client, "/fees/") == ("/fees/", "Fees")
    assert named(client, "/articles/category/home/") is not None
    assert named(client, "/") == ("/", "Home page")
    assert named(client, "/conditions/") == ("/conditions/", "/conditions/")


@pytest.mark.parametrize(
    "page",
    [
        "", "https://evil.example/", "//evil.example/", "///evil.example/", "/\\evil.example/",
        "javascript:alert(1)", "/conditions/../admin/", "/conditions/%2e%2e/", "/admin/",
        "/admin/login/", "/staff/continue/", "/shared/abc/", "/healthz", "/feedback/",
        "/feedback/received/", "/contact/received/", "/contact/your-enquiry/abc/",
        "/media/images/x/", "/conditions/buy-our-pills/", "/articles/category/buy-our-pills/",
        "/buy-our-pills/", "/conditions/?next=https://evil.example/", "/conditions/#x",
        "/CONDITIONS/", "/conditions", "conditions/", "/conditions/back pain/",
        '/conditions/"><script>alert(1)</script>/', "/<script>", "/conditions/\x00/",
        "/conditions/\n/", "/conditions/\n", "/ｃonditions/", "/conditions/\u202e/",
        "/" + "a/" * 200, "/conditions/" + "a" * 5000 + "/", "{{ 7|add:7 }}",
    ],
)  # fmt: skip
def test_what_is_no_page_of_ours_is_neither_named_nor_shown(
    clinic: Clinic, client: Client, page: str
) -> None:
    assert named(client, page) is None
    content = client.get(FORM, {"page": page}).content.decode()
    for odd in ("evil", "alert(1)", "pills", "aaaa", "..", "\u202e"):
        assert odd not in content


def test_a_page_that_is_not_public_is_not_named(clinic: Clinic, client: Client) -> None:
    now = timezone.now()
    make_condition(slug="draft", published_at=None)
    make_condition(slug="planned", published_at=now + timedelta(days=1))
    make_condition(slug="gone", withdrawn_at=now - timedelta(days=1))
    for slug in ("draft", "planned", "gone"):
        assert named(client, f"/conditions/{slug}/") is None


def test_it_says_what_not_to_write_where_to_turn_and_what_becomes_of_it(
    clinic: Clinic, client: Client
) -> None:
    page = main_of(client.get(FORM))
    text = " ".join(page.get_text(" ").split())
    for words in (
        "Do not tell us about your health here", "call 999", "call 111", "01632 960123",
        "90 days after we have dealt with it", "180 days after you sent it",
        "Only reception, editors and managers see your email address", "Only if you want an answer",
    ):  # fmt: skip
        assert words in text
    for address in ("/contact/", "/privacy/", "tel:999", "tel:111"):
        assert page.select_one(f"a[href='{address}']") is not None
    for name in ("page", "kind", "message", "email"):
        assert not page.select(f"[name={name}][required]")


def test_no_robot_lists_it_no_cache_shares_it_and_no_cookie_is_set(
    clinic: Clinic, client: Client
) -> None:
    response = client.get(FORM, {"page": "/conditions/"})
    assert "noindex" in response["X-Robots-Tag"]
    assert soup_of(response.content).select_one("meta[name=robots][content=noindex]")
    parts = {each.strip() for each in response["Cache-Control"].split(",")}
    assert {"private", "no-cache"} <= parts
    assert "no-store" not in parts
    assert not response.cookies


def test_an_information_page_cannot_take_its_address(clinic: Clinic) -> None:
    from pages.models import RESERVED_ADDRESSES

    assert "feedback" in RESERVED_ADDRESSES
