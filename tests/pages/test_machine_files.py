"""robots.txt, security.txt, the web manifest and the icons."""

import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image as PillowImage

from pages.models import RESERVED_ADDRESSES
from tests.factories import make_clinic
from tests.site.machines import SITE

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


def lines(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode().splitlines()


# --- robots.txt --------------------------------------------------------------------------------


def test_robots_are_kept_from_staff_private_links_and_results_alone(client: Client) -> None:
    make_clinic()
    found = lines(client, "/robots.txt")
    assert found[0] == "User-agent: *"
    refused = [each.removeprefix("Disallow: ") for each in found if each.startswith("Disallow")]
    assert refused == ["/admin/", "/staff/", "/shared/", "/search/"]
    assert found[-1] == f"Sitemap: {SITE}/sitemap.xml"
    # No page of the clinic's can begin with any of these.
    assert {each.strip("/") for each in refused} <= RESERVED_ADDRESSES


def test_robots_are_kept_out_of_a_demonstration(client: Client) -> None:
    make_clinic(is_demonstration=True)
    assert lines(client, "/robots.txt") == ["User-agent: *", "Disallow: /"]


# --- security.txt ------------------------------------------------------------------------------


def security(client: Client) -> dict[str, str]:
    found = lines(client, "/.well-known/security.txt")
    return dict(line.split(": ", 1) for line in found)


def test_security_txt_has_what_the_standard_asks_for(client: Client) -> None:
    make_clinic()
    with time_machine.travel(NOON, tick=False):
        found = security(client)
    assert found["Contact"] == "mailto:desk@fernhill.example"
    assert found["Canonical"] == f"{SITE}/.well-known/security.txt"
    assert found["Preferred-Languages"] == "en"
    expires = datetime.fromisoformat(found["Expires"])
    assert NOON + timedelta(days=30) < expires < NOON + timedelta(days=365)


def test_security_txt_is_the_same_for_a_whole_day(client: Client) -> None:
    make_clinic()
    path = "/.well-known/security.txt"
    with time_machine.travel(NOON.replace(hour=0), tick=False) as clock:
        morning = client.get(path)
        clock.move_to(NOON.replace(hour=23, minute=59))
        evening = client.get(path, headers={"if-none-match": morning["ETag"]})
        assert evening.status_code == 304
        clock.shift(timedelta(minutes=2))
        assert client.get(path).content != morning.content


def test_contact_may_be_set(client: Client, settings: LazySettings) -> None:
    make_clinic()
    settings.SECURITY_CONTACT = "https://example.org/report"
    assert security(client)["Contact"] == "https://example.org/report"


def test_clinic_without_details_yet_still_has_a_contact(client: Client) -> None:
    assert security(client)["Contact"] == "mailto:website@localhost"


# --- manifest and icons ------------------------------------------------------------------------


def test_manifest_carries_the_clinic_s_name_and_colour(client: Client) -> None:
    make_clinic(brand_colour="#7a1f3d")
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert manifest["name"] == "Fernhill Clinic"
    assert manifest["theme_color"] == "#7a1f3d"
    assert manifest["start_url"] == manifest["scope"] == "/"
    assert manifest["lang"] == "en-GB"


def test_icons_of_the_manifest_have_the_sizes_it_states(client: Client) -> None:
    icons = json.loads(client.get("/manifest.webmanifest").content)["icons"]
    assert [(each["sizes"], each["purpose"]) for each in icons] == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    ]
    for each in icons:
        file = finders.find(each["src"].removeprefix("/static/"))
        assert file, each["src"]
        with PillowImage.open(str(file)) as icon:
            assert (icon.format, f"{icon.width}x{icon.height}") == ("PNG", each["sizes"])
        assert Path(str(file)).stat().st_size < 10_000


def test_maskable_icon_loses_nothing_of_the_mark_when_it_is_cut_to_a_circle() -> None:
    """A system may cut away all but the middle circle, four fifths of the side across."""
    file = finders.find("img/icon-maskable-512.png")
    with PillowImage.open(str(file)) as opened:
        icon = opened.convert("RGBA")
    ground = icon.getpixel((0, 0))
    assert isinstance(ground, tuple)
    assert ground[3] == 255
    outside = [
        (x, y)
        for x in range(0, 512, 4)
        for y in range(0, 512, 4)
        if (x - 256) ** 2 + (y - 256) ** 2 > (0.4 * 512) ** 2
    ]
    assert {icon.getpixel(each) for each in outside} == {ground}


def content_of(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200
    content: bytes = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    response.close()
    return content


def test_icons_answer_where_browsers_look_for_them(client: Client) -> None:
    with PillowImage.open(io.BytesIO(content_of(client, "/favicon.ico"))) as icon:
        assert icon.format == "ICO"
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    with PillowImage.open(io.BytesIO(content_of(client, "/apple-touch-icon.png"))) as icon:
        assert (icon.format, icon.size) == ("PNG", (180, 180))
        # A telephone shows what is see-through as black.
        assert icon.convert("RGBA").getchannel("A").getextrema() == (255, 255)


def test_icons_have_their_own_content_types(client: Client) -> None:
    for path, content_type in (
        ("/favicon.ico", r"image/(x-icon|vnd\.microsoft\.icon)"),
        ("/apple-touch-icon.png", "image/png"),
    ):
        response = client.get(path)
        response.close()
        assert re.fullmatch(content_type, response.headers["Content-Type"])
