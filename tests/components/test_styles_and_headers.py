"""Every page carries one style sheet, admitted by its hash, and headers that protect it."""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from components import styles
from tests.factories import (
    make_article,
    make_clinic,
    make_condition,
    make_information_page,
    make_practitioner,
    make_treatment,
)
from tests.publishing.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ADDRESSES = [
    "/",
    "/conditions/",
    "/articles/",
    "/treatments/",
    "/practitioners/",
    "/contact/",
    "/nothing-here/",
    "/articles/?page=99",
]


def policy(response: Any) -> dict[str, list[str]]:
    directives = response.headers["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for each in directives if (words := each.split())}


def hash_of(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


@pytest.mark.parametrize("address", ADDRESSES)
def test_policy_admits_exactly_the_style_sheet_of_the_page(client: Client, address: str) -> None:
    make_clinic(brand_colour="#123456")
    response = client.get(address)
    (sheet,) = re.findall(r"<style>(.*?)</style>", response.content.decode(), re.DOTALL)
    assert policy(response)["style-src"] == ["'self'", hash_of(sheet)]
    assert response.headers["Content-Length"] == str(len(response.content))
    assert "--brand:#123456" in sheet


@pytest.mark.parametrize(
    "make",
    [make_article, make_condition, make_treatment, make_practitioner, make_information_page],
)
def test_policy_admits_the_sheet_of_every_kind_of_page(
    client: Client, make: Callable[..., Any]
) -> None:
    make_clinic()
    response = client.get(make().get_absolute_url())
    (sheet,) = re.findall(r"<style>(.*?)</style>", response.content.decode(), re.DOTALL)
    assert hash_of(sheet) in policy(response)["style-src"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_has_no_other_inline_style_or_script(client: Client, address: str) -> None:
    make_clinic()
    soup = parse(client.get(address).content.decode())
    assert len(soup.find_all("style")) == 1
    assert soup.find_all(style=True) == []
    inline = [each for each in soup.find_all("script") if not each.get("src")]
    # A block of data is a script element in name alone: no browser runs it.
    assert [each for each in inline if each.get("type") != "application/ld+json"] == []
    handlers = [name for each in soup.find_all(True) for name in each.attrs if name[:2] == "on"]
    assert handlers == []


def test_policy_lets_nothing_else_in(client: Client) -> None:
    make_clinic()
    found = policy(client.get("/conditions/"))
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == ["'self'"]
    assert found["img-src"] == ["'self'", "data:"]
    assert found["form-action"] == ["'self'"]
    assert found["frame-ancestors"] == ["'none'"]
    assert found["base-uri"] == ["'none'"]
    assert "'unsafe-inline'" not in str(found)
    assert "'unsafe-eval'" not in str(found)


def test_policy_of_one_page_is_not_left_for_the_next(client: Client) -> None:
    clinic = make_clinic(brand_colour="#123456")
    first = policy(client.get("/conditions/"))["style-src"]
    clinic.brand_colour = "#654321"
    clinic.save()
    second = policy(client.get("/conditions/"))["style-src"]
    assert len(first) == len(second) == 2
    assert first != second
    assert policy(client.get(reverse("admin:login")))["style-src"] == ["'self'"]


@pytest.mark.parametrize("address", [*ADDRESSES, "/healthz", "/admin/login/", "/media/x.jpg"])
def test_every_answer_carries_the_protecting_headers(client: Client, address: str) -> None:
    response = client.get(address)
    headers = response.headers
    assert "camera=()" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Content-Security-Policy" in headers


ALL_CLASSES = "call-out care-card care-card--urgent skip-link search__row"


def page_with(classes: str, element: str = "p") -> str:
    return f'<html lang="en"><body><{element} class="{classes}"></{element}></body></html>'


def test_sheet_is_built_of_every_file_that_a_page_needs() -> None:
    sheet = styles.for_page(page_with(ALL_CLASSES), "#0f5c5c")
    for mark in (":root", ".call-out", ".care-card", ".skip-link", ".search__row"):
        assert mark in sheet.css
    assert "</style" not in sheet.css
    assert sheet.csp_source == hash_of(sheet.css)


def test_page_carries_no_rule_that_can_apply_to_nothing_in_it() -> None:
    plain = styles.for_page(page_with(""), "#0f5c5c").css
    assert ".call-out" not in plain
    assert ".care-card" not in plain
    assert re.search(r"(?:^|[},])table[ ,{]", plain) is None
    assert "body{" in plain
    assert re.search(r"@media[^{]*{}", plain) is None
    assert ".call-out" in styles.for_page(page_with("call-out"), "#0f5c5c").css


@pytest.mark.parametrize(
    ("selector", "classes", "element", "applies"),
    [
        (".card a", "card", "a", True),
        (".card a", "card", "p", False),
        (".card:not(.open)", "card", "p", True),
        (":is(.open,.shut) p", "", "p", True),
        ("p:hover", "", "p", True),
        ("p::before", "", "p", True),
        ('input[type="search"]', "", "p", False),
        ("#menu p", "", "p", True),
        (".card.open", "card", "p", False),
        ("*", "", "p", True),
    ],
)
def test_rule_is_left_out_only_where_it_cannot_apply(
    selector: str, classes: str, element: str, applies: bool
) -> None:
    (rule,) = styles.parse(f"{selector}{{color:red}}")
    elements = {"html", "body", element}
    assert bool(rule.css_for(set(classes.split()), elements)) is applies


def test_of_a_list_of_selectors_only_those_stay_that_can_apply() -> None:
    (rule,) = styles.parse(".a,.b,p:is(.c,.d){color:red}")
    assert rule.css_for({"b"}, {"p"}) == ".b,p:is(.c,.d){color:red}"
    (block,) = styles.parse("@media print{.a{color:red}.b{color:blue}}")
    assert block.css_for({"b"}, set()) == "@media print{.b{color:blue}}"
    assert block.css_for(set(), set()) == ""


def test_only_the_first_place_is_filled_and_text_cannot_make_one() -> None:
    page = styles.PLACE.format("#0f5c5c") + "<p>" + styles.PLACE.format("#ffffff")
    html, source = styles.fill(page)
    assert html.count("<style>") == 1
    assert "--brand:#0f5c5c" in html
    assert "--brand:#ffffff" not in html
    assert source
    assert styles.fill("<p>nothing</p>") == ("<p>nothing</p>", "")


def test_files_are_read_again_in_development(settings: LazySettings) -> None:
    page = page_with("card")
    kept = styles.for_page(page, "#0f5c5c")
    assert styles.for_page(page, "#0f5c5c") is kept
    settings.DEBUG = True
    assert styles.for_page(page, "#0f5c5c") == kept


def test_sheet_asks_no_other_site_for_anything() -> None:
    sheet = styles.for_page(page_with(ALL_CLASSES), "#0f5c5c")
    assert re.findall(r"(?:url\(|@import)[^)]*//", sheet.css) == []
