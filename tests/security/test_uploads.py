"""Pictures that are something else as well, unpack to more than they seem, or are named to do harm.

What is no picture at all is tried in tests/publishing/test_images.py and test_editor.py.
"""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as PillowImage
from PIL import ImageFile, PngImagePlugin

from publishing.models import Image
from tests.publishing.uploads import GIF_WITH_SCRIPT, HTML, SVG, encode, photo, picture_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

UPLOAD = "/staff/markdown/upload/"
SCRIPT = b"<script>alert(1)</script>"


@pytest.fixture
def editor(staff: Callable[[str], Client]) -> Client:
    return staff("Editor")


def send(client: Client, content: bytes, name: str = "knee.png") -> int:
    file = SimpleUploadedFile(name, content, content_type="image/png")
    return client.post(UPLOAD, {"image": file}).status_code


def stored(settings: LazySettings) -> list[Path]:
    return [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]


def with_note() -> bytes:
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", SCRIPT.decode())
    return picture_bytes("PNG", pnginfo=note)


TWO_THINGS_AT_ONCE = {
    "a page after a PNG": picture_bytes("PNG") + HTML + SCRIPT,
    "a page after a JPEG": picture_bytes("JPEG") + SCRIPT,
    "a script in a PNG’s notes": with_note(),
    "a script in a JPEG’s comment": encode(
        PillowImage.new("RGB", (64, 48)), "JPEG", comment=SCRIPT
    ),
    "a script in a WebP’s metadata": picture_bytes("WEBP", xmp=SCRIPT),
    "an archive after a PNG": picture_bytes("PNG") + b"PK\x03\x04" + SCRIPT,
}


@pytest.mark.parametrize("content", TWO_THINGS_AT_ONCE.values(), ids=TWO_THINGS_AT_ONCE.keys())
def test_of_a_picture_with_something_in_it_the_pixels_alone_are_kept(
    editor: Client, settings: LazySettings, content: bytes
) -> None:
    assert b"alert(1)" in content
    assert send(editor, content) == 200
    files = stored(settings)
    assert files
    for each in files:
        assert each.suffix in {".webp", ".jpg"}
        kept = each.read_bytes()
        assert b"alert" not in kept
        assert b"PK\x03\x04" not in kept


@pytest.mark.parametrize("content", [GIF_WITH_SCRIPT, SVG, HTML], ids=["GIF", "SVG", "HTML"])
def test_another_format_under_the_name_of_a_picture_is_refused(
    editor: Client, settings: LazySettings, content: bytes
) -> None:
    assert send(editor, content, "knee.png") == 400
    assert stored(settings) == []


def test_position_and_camera_are_gone(editor: Client, settings: LazySettings) -> None:
    content = photo(1)
    assert PillowImage.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
    assert send(editor, content, "knee.jpg") == 200
    for each in stored(settings):
        with PillowImage.open(each) as kept:
            assert dict(kept.getexif()) == {}
            assert kept.info.keys().isdisjoint({"exif", "xmp", "comment", "icc_profile"})


def png_that_claims(width: int, height: int) -> bytes:
    """Return a PNG of a hundred bytes that says it is of that size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31 - 1, 1), (7_000, 7_000), (41, 10**6)])
def test_a_picture_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    editor: Client, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    unpacked: list[object] = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", unpacked.append)
    bomb = png_that_claims(*size)
    assert len(bomb) < 200
    assert send(editor, bomb) == 400
    assert unpacked == []


@pytest.mark.parametrize(
    "name",
    ["../../../../tmp/evil.png", "..\\..\\evil.png", "/etc/evil.png", "a/../../evil.png",
     "evil.png\x00.html", "evil.html;.png", ".htaccess", "CON.png"],
)  # fmt: skip
def test_a_name_decides_nothing_about_where_a_picture_is_kept(
    editor: Client, settings: LazySettings, name: str
) -> None:
    assert send(editor, picture_bytes("PNG"), name) == 200
    root = Path(settings.MEDIA_ROOT)
    digest = Image.objects.get().digest
    assert {each.parent for each in stored(settings)} == {root / "images" / digest}
    assert "evil" not in "".join(each.name for each in stored(settings))
