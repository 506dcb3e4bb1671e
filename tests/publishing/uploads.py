"""Files that people upload: good pictures of every kind, and everything else."""

import io
import struct
from typing import Any

from PIL import Image, ImageCms

RED, BLUE = (220, 30, 30), (30, 30, 220)
GREEN, YELLOW = (30, 160, 30), (220, 220, 30)

# Where the first row and the first column of the file belong, by Exif orientation.
_SIDES = {
    1: ("top", "left"),
    2: ("top", "right"),
    3: ("bottom", "right"),
    4: ("bottom", "left"),
    5: ("left", "top"),
    6: ("right", "top"),
    7: ("right", "bottom"),
    8: ("left", "bottom"),
}
_OPPOSITE = {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}
# The four corners of the test card as somebody upright sees them.
CORNERS = {
    frozenset({"top", "left"}): RED,
    frozenset({"top", "right"}): BLUE,
    frozenset({"bottom", "left"}): GREEN,
    frozenset({"bottom", "right"}): YELLOW,
}


def encode(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """Return the picture as a file."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def picture_bytes(
    kind: str = "PNG",
    *,
    size: tuple[int, int] = (64, 48),
    mode: str = "RGB",
    colour: Any = RED,
    **options: Any,
) -> bytes:
    """Return a file with a picture of one colour."""
    return encode(Image.new(mode, size, colour), kind, **options)


def halves(size: tuple[int, int] = (120, 40)) -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    return picture


def photo(orientation: int, **options: Any) -> bytes:
    """Return a JPEG as a camera writes it: turned, with position, camera and a comment."""
    rows, columns = _SIDES[orientation]
    # Upright the card is 120 wide and 80 high.
    width, height = (120, 80) if rows in {"top", "bottom"} else (80, 120)
    card = Image.new("RGB", (width, height))
    for row, x_y in ((rows, 0), (_OPPOSITE[rows], height // 2)):
        for column, left in ((columns, 0), (_OPPOSITE[columns], width // 2)):
            colour = CORNERS[frozenset({row, column})]
            card.paste(colour, (left, x_y, left + width // 2, x_y + height // 2))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)})
    return encode(
        card,
        "JPEG",
        quality=95,
        subsampling=0,
        exif=exif,
        comment=b"SecretComment",
        xmp=b"<x:xmpmeta>SecretPacket</x:xmpmeta>",
        **options,
    )


def swapped_profile() -> bytes:
    """Return a colour profile in which red and blue have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (count,) = struct.unpack_from(">I", profile, 128)
    for position in range(132, 132 + 12 * count, 12):
        name = bytes(profile[position : position + 4])
        profile[position : position + 4] = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(name, name)
    return bytes(profile)


def bomb(side: int) -> bytes:
    """Return a PNG of a few kilobytes that unpacks to a square of that many pixels a side."""
    return encode(Image.new("1", (side, side)), "PNG", optimize=True)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(document.domain)</script>"
GIF = picture_bytes("GIF", mode="P", colour=0)
GIF_WITH_SCRIPT = GIF + b"<script>alert(1)</script>"
TRUNCATED = picture_bytes("JPEG", size=(400, 400))[:-600]

NOT_PICTURES = {
    "an HTML page": HTML,
    "an SVG": SVG,
    "a GIF": GIF,
    "a GIF with a script": GIF_WITH_SCRIPT,
    "plain text": b"This is not a picture.",
    "nothing": b"",
    "a cut-off JPEG": TRUNCATED,
    "a cut-off AVIF": picture_bytes("AVIF")[:-40],
    "a BMP": picture_bytes("BMP"),
    "a TIFF": picture_bytes("TIFF"),
    "an EPS": picture_bytes("EPS"),
    "a PDF": picture_bytes("PDF"),
    "an icon": picture_bytes("ICO"),
    "a JPEG's first bytes": b"\xff\xd8\xff\xe0" + b"\x00" * 200,
    "a PNG's first bytes": b"\x89PNG\r\n\x1a\n" + b"\x00" * 200,
}
