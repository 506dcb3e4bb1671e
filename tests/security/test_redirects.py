"""Whatever an address or a form says, nobody is sent to another website."""

import json
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from publishing import redirects
from publishing.redirect_rules import WrongAddress, path_from
from tests.factories import make_article, make_clinic, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "///evil.example/", "/\\evil.example/",
    "\\\\evil.example/", "https:evil.example", "https:/evil.example/", "http:///evil.example/",
    "javascript:alert(1)", "data:text/html,x", "/\t/evil.example/", "\t//evil.example/",
    " //evil.example/", "/%09/evil.example/", "https://testserver@evil.example/",
    "https://testserver.evil.example/", "//evil.example\\@testserver/", "/\n/evil.example/",
    "／／evil.example/", "https://evil.example?testserver", "//[::1]/", "/./\\evil.example/",
]  # fmt: skip


def leaves(location: str) -> bool:
    """Say whether a browser would follow this to another website."""
    # As browsers read it: tabs and new lines are left out, and a backslash is a slash.
    address = location.strip().replace("\t", "").replace("\n", "").replace("\r", "")
    parts = urlsplit(address.replace("\\", "/"))
    return parts.scheme not in {"", "http", "https"} or parts.netloc not in {"", "testserver"}


def test_signing_in_and_out_leads_to_this_site() -> None:
    make_user("Author", username="ed", password=make_password("a good long password"))
    user = {"username": "ed", "password": "a good long password"}
    for address in ELSEWHERE:
        client = Client()
        signed_in = client.post(f"/admin/login/?next={quote(address)}", user | {"next": address})
        assert signed_in.status_code == 302
        again = client.get("/admin/login/", {"next": address})
        left = client.post(f"/admin/logout/?next={quote(address)}", {"next": address})
        for response in (signed_in, again, left):
            assert not leaves(response.headers.get("Location", "")), address


def test_text_that_was_kept_leads_back_to_the_desk_alone(staff: Callable[[str], Client]) -> None:
    kept = json.dumps([["title", "x"]])
    client = staff("Editor")
    own = reverse("admin:articles_article_change", args=[make_article().pk])
    for address in ELSEWHERE:
        for told in (address, address + own, own + "?next=" + address):
            response = client.post("/staff/continue/", {"kept": kept, "next": told})
            assert response.status_code in {302, 404}
            assert not leaves(response.headers.get("Location", "")), told


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_redirect_can_be_made_that_leads_away(address: str) -> None:
    try:
        path = path_from(address)
    except WrongAddress:
        return
    assert not leaves(path)
    assert path.startswith("/")


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "///evil.example", "/\\evil.example", "/%5Cevil.example",
     "/%2F/evil.example", "/%09/evil.example", "//evil.example/%2e%2e", "/.//evil.example",
     "/conditions//evil.example", "/https:evil.example", "//evil.example/conditions"],
)  # fmt: skip
def test_an_address_without_its_slash_leads_to_this_site(client: Client, path: str) -> None:
    make_clinic()
    for sent in (path, f"{path}/", f"{path}?next=//evil.example"):
        # The test client takes the path apart; the server does not.
        response = client.generic("GET", "/", PATH_INFO=_as_received(sent))
        assert response.status_code in {301, 404}, sent
        assert not leaves(response.headers.get("Location", "")), sent


def _as_received(path: str) -> str:
    return path.partition("?")[0].replace("%5C", "\\").replace("%2F", "/").replace("%09", "\t")


@pytest.mark.parametrize("end", ["//evil.example/", "/\\evil.example/", "https://evil.example/"])
def test_a_row_that_was_written_past_the_software_leads_nowhere(client: Client, end: str) -> None:
    make_clinic()
    redirects.add("/old/", end)
    assert client.get("/old/").status_code == 404
