"""Pictures are served with safe headers, from any storage, and nothing else is served."""

from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from publishing.models import Image
from publishing.renditions import make_due
from tests.publishing.uploads import HTML, encode, halves, picture_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

NAME = "images/0123456789abcdef0123/full-480.jpg"


@pytest.fixture
def image() -> Image:
    image = Image.from_upload(picture_bytes(size=(600, 400)), title="Knee")
    make_due(timezone.now())
    image.refresh_from_db()
    return image


def fetch(client: Client, address: str, **headers: str) -> tuple[HttpResponseBase, bytes]:
    response: Any = client.get(address, headers=headers)
    content = response.getvalue() if response.streaming else response.content
    return response, content


@pytest.mark.parametrize(
    ("extension", "content_type"),
    [("avif", "image/avif"), ("webp", "image/webp"), ("jpg", "image/jpeg")],
)
def test_picture_is_sent_with_its_type_and_for_ever(
    client: Client, image: Image, extension: str, content_type: str
) -> None:
    [name] = [
        each
        for each in image.file_names()
        if each.endswith(extension) and "card" not in each and "portrait" not in each
    ]
    response, content = fetch(client, f"/media/{name}")
    with default_storage.open(name) as kept:
        assert content == kept.read()
    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Length"] == str(len(content))
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_nothing_in_a_picture_can_run_or_be_used_elsewhere(client: Client, image: Image) -> None:
    response, _ = fetch(client, image.fallback("full").address)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Content-Disposition"] == "inline"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert parsedate_to_datetime(response.headers["Last-Modified"]).tzinfo


def test_picture_sets_no_cookie_and_is_the_same_for_everybody(client: Client, image: Image) -> None:
    response, _ = fetch(client, image.fallback("full").address)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_head_gives_the_headers_alone(client: Client, image: Image) -> None:
    response = client.head(image.fallback("full").address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/jpeg"
    assert int(response.headers["Content-Length"]) > 0
    assert response.getvalue() == b""


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_sent_there(client: Client, image: Image, method: str) -> None:
    assert getattr(client, method)(image.fallback("full").address).status_code == 405


@pytest.mark.parametrize(
    "name",
    [
        "",
        "images/",
        "images/0123456789abcdef0123/full-480.jpg",  # of our form, but not there
        "images/0123456789abcdef0123/",
        "../db.sqlite3",
        "..%2fdb.sqlite3",
        "%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd",
        "images/../../../etc/passwd",
        "images/0123456789abcdef0123/../../../x.jpg",
        "images/0123456789abcdef0123/..%5c..%5cx.jpg",
        "images/0123456789abcdef0123/full-480.jpg%00.html",
        "images/0123456789abcdef0123/full-480.jpg/",
        "images/0123456789abcdef0123/full-480.jpg%0a",
        "images/0123456789ABCDEF0123/full-480.jpg",
        "images/0123456789abcdef0123/.hidden.jpg",
        "a" * 5000,
    ],
)
def test_any_other_name_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "evil.html",
        "images/0123456789abcdef0123/evil.html",
        "images/0123456789abcdef0123/evil.svg",
        "images/0123456789abcdef0123/evil.js",
        "images/0123456789abcdef0123/evil.jpg.html",
        "images/evil.jpg",
        "mail/evil.jpg",
    ],
)
def test_file_that_is_not_ours_is_not_served_though_it_lies_there(
    client: Client, name: str
) -> None:
    default_storage.save(name, ContentFile(HTML))
    assert default_storage.exists(name)
    assert client.get(f"/media/{name}").status_code == 404


def test_html_under_the_name_of_a_picture_is_sent_as_a_picture(client: Client) -> None:
    default_storage.save(NAME, ContentFile(HTML))
    response, _ = fetch(client, f"/media/{NAME}")
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def bucket(settings: LazySettings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "tests.publishing.bucket.Bucket"}
    }


@pytest.mark.usefixtures("bucket")
def test_pictures_can_live_in_a_storage_without_a_folder(
    client: Client, settings: LazySettings
) -> None:
    image = Image.from_upload(encode(halves((1500, 600))), title="Knee")
    image.focal_x = 0
    image.make_first_renditions()
    image.save()
    assert make_due(timezone.now()) == 1
    image.refresh_from_db()
    assert list(Path(settings.MEDIA_ROOT).rglob("*")) == []
    for crop in ("full", "card", "portrait"):
        response, content = fetch(client, image.fallback(crop).address)
        assert response.status_code == 200
        assert content.startswith(b"\xff\xd8\xff")
        assert "Last-Modified" in response.headers
    assert client.get("/media/images/0123456789abcdef0123/full-480.jpg").status_code == 404


@pytest.mark.usefixtures("bucket")
def test_addresses_come_from_the_storage(settings: LazySettings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "tests.publishing.bucket.Bucket",
            "OPTIONS": {"base_url": "https://pictures.example/clinic/"},
        }
    }
    image = Image.from_upload(picture_bytes(size=(600, 400)), title="Knee")
    make_due(timezone.now())
    image.refresh_from_db()
    folder = f"https://pictures.example/clinic/images/{image.digest}/full-400-"
    assert image.fallback("full").address.startswith(folder)
    assert image.sources("full")[0].srcset.startswith(folder)
