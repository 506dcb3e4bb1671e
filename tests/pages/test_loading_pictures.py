"""Pictures of a folder of content: kept as they are, and nothing but pictures, from there only."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as PillowImage

from pages.content.files import ContentError
from pages.content.loading import load_content
from pages.models import InformationPage
from publishing import images
from publishing.models import Image

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def bytes_of(kind: str, **options: object) -> bytes:
    """Return a small picture in a format."""
    buffer = BytesIO()
    PillowImage.new("RGB", (64, 48), "teal").save(buffer, kind, **options)
    return buffer.getvalue()


def bomb() -> bytes:
    """Return a PNG that says it has far more pixels than anybody shows."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(header)) + chunk + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of content with one picture that was cleaned before, and a page that places it."""
    folder = tmp_path / "content"
    (folder / "images").mkdir(parents=True)
    (folder / "pages").mkdir()
    kept = images.clean(bytes_of("PNG")).content
    (folder / "images" / "teal.webp").write_bytes(kept)
    write_list(folder, "teal.webp")
    (folder / "pages" / "about.md").write_text(
        "---\ntitle: About\nsummary: Us.\n---\n![A teal square](image:teal.webp)\n", "utf-8"
    )
    return folder


def write_list(folder: Path, name: str) -> None:
    """Have the list name a file."""
    (folder / "pictures.yaml").write_text(
        f'- {{file: "{name}", title: Square, focal_x: 10, permission: Ours}}\n', "utf-8"
    )


def test_a_cleaned_picture_is_kept_byte_for_byte(folder: Path) -> None:
    load_content(folder)
    image = Image.objects.get()
    assert image._original() == (folder / "images" / "teal.webp").read_bytes()
    assert (image.title, image.focal_x, image.permission) == ("Square", 10, "Ours")
    assert f"image:{image.pk})" in InformationPage.objects.get().body


@pytest.mark.parametrize("hidden", ["metadata", "after the end"])
def test_a_picture_with_something_beside_its_pixels_is_cleaned(folder: Path, hidden: str) -> None:
    path = folder / "images" / "teal.webp"
    secret = b"where it was taken"
    if hidden == "metadata":
        path.write_bytes(bytes_of("WEBP", exif=b"Exif\x00\x00" + secret))
    else:
        path.write_bytes(path.read_bytes() + secret)
    load_content(folder)
    assert secret not in Image.objects.get()._original()


def test_nothing_outside_the_folder_is_read(folder: Path) -> None:
    outside = folder.parent / "outside.png"
    outside.write_bytes(bytes_of("PNG"))
    (folder / "images" / "link.png").symlink_to(outside)
    for name in ("../../outside.png", str(outside), "link.png", "..", ""):
        write_list(folder, name)
        with pytest.raises(ContentError, match="is not the name of a file"):
            load_content(folder)
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    ("content", "problem"),
    [(bomb(), "million pixels|unpacks"), (b"#!/bin/sh\n", "not a picture"), (None, "at most")],
)
def test_what_is_no_usable_picture_is_refused(
    folder: Path, content: bytes | None, problem: str
) -> None:
    path = folder / "images" / "teal.webp"
    if content is None:
        with path.open("wb") as file:
            file.truncate(images.MAX_BYTES + 1)
    else:
        path.write_bytes(content)
    with pytest.raises(ContentError, match=problem):
        load_content(folder)
    assert not Image.objects.exists()
