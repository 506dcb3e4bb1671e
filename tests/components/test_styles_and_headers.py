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

from components.styles import style_sheet
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
    assert [each for each in soup.find_all("script") if not each.get("src")] == []
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


def test_style_sheet_is_built_of_every_file() -> None:
    sheet = style_sheet("#0f5c5c")
    for mark in (":root", ".call-out", ".care-card", ".skip-link", "@media print"):
        assert mark in sheet.css
    assert "</style" not in sheet.css
    assert sheet.csp_source == hash_of(sheet.css)


def test_sheet_is_kept_in_production_and_read_again_in_development(settings: LazySettings) -> None:
    assert style_sheet("#0f5c5c") is style_sheet("#0f5c5c")
    settings.DEBUG = True
    again = style_sheet("#0f5c5c")
    assert again == style_sheet("#0f5c5c")
    assert again is not style_sheet("#0f5c5c")


def test_sheet_asks_no_other_site_for_anything() -> None:
    assert re.findall(r"(?:url\(|@import)[^)]*//", style_sheet("#0f5c5c").css) == []
