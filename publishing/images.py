"""The only code that opens an uploaded picture.

A picture is decoded by one of four known parsers, turned upright, converted to sRGB and encoded
again, so that nothing of the uploaded file survives but its pixels: no position, no camera, no
comment, no hidden second file.
"""

import hashlib
import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, ImageCms
from PIL import Image as PillowImage

ACCEPTED_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
ACCEPTED_NAMES = "JPEG, PNG, WebP or AVIF"
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_STORED_SIDE = 2400  # pixels; what we keep is never shown larger
MIN_SIDE = 16  # pixels

# What turns a picture upright, by the orientation that the camera noted.
_TURNS = {
    2: PillowImage.Transpose.FLIP_LEFT_RIGHT,
    3: PillowImage.Transpose.ROTATE_180,
    4: PillowImage.Transpose.FLIP_TOP_BOTTOM,
    5: PillowImage.Transpose.TRANSPOSE,
    6: PillowImage.Transpose.ROTATE_270,
    7: PillowImage.Transpose.TRANSVERSE,
    8: PillowImage.Transpose.ROTATE_90,
}

# What a picture weighs at most at the width of a phone: 400 CSS pixels, two dots to each.
PHONE_WIDTH = 800  # pixels
MAX_PHONE_BYTES = 60_000

# Widths in pixels for the places a picture has on a phone with one, two and three dots to a CSS
# pixel, and on a large screen with two. Decision 0015 has the sums.
FULL_WIDTHS = (400, PHONE_WIDTH, 1120, 1440)
CARD_WIDTHS = (360, 720, 1080)
CARD_RATIO = 3 / 2
PORTRAIT_WIDTHS = (160, 256, 384)
PORTRAIT_RATIO = 5 / 6

# Raise it when a width, a shape or a quality changes: all pictures are then made anew.
RECIPE = 1
# Between these the best is taken whose file is small enough: only grain needs less than the first.
_AVIF_QUALITY, _LEAST_AVIF_QUALITY = 63, 35
_JPEG_QUALITY = 76

_EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|heic|svg|tiff?)\s*$", re.IGNORECASE)


def without_extension(name: str) -> str:
    """Return the name of a file of a picture without what says its format."""
    return _EXTENSION.sub("", name).strip()


class ImageRefused(Exception):
    """The file cannot be used; the message says why and what to do, in words for an editor."""


@dataclass(frozen=True)
class CleanImage:
    """A picture that is safe to keep: its bytes, its size and a name made from its content."""

    content: bytes
    width: int
    height: int
    digest: str


@dataclass(frozen=True)
class Rendition:
    """One size of a picture in one format, under a name made from its content."""

    crop: str
    width: int
    height: int
    name: str
    content: bytes


@dataclass(frozen=True)
class Crop:
    """A shape that a picture is shown in. A ratio of nothing means the whole picture."""

    name: str
    widths: tuple[int, ...]
    ratio: float | None


CROPS = {
    "full": Crop("full", FULL_WIDTHS, None),
    "card": Crop("card", CARD_WIDTHS, CARD_RATIO),
    "portrait": Crop("portrait", PORTRAIT_WIDTHS, PORTRAIT_RATIO),
}
CONTENT_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


def clean(upload: bytes) -> CleanImage:
    """Return the picture in the bytes, upright, in sRGB and without any metadata.

    Raises ImageRefused for anything that is not a whole picture in an accepted format, or that is
    too large in bytes or pixels.
    """
    if len(upload) > MAX_BYTES:
        raise ImageRefused(
            f"This file is {len(upload) / 1024 / 1024:.0f} MB. Choose one of at most"
            f" {MAX_BYTES // 1024 // 1024} MB."
        )
    decoded = _decode(upload)
    turn, profile = _turn(decoded), decoded.info.get("icc_profile")
    # Before the profile is applied, which knows nothing of transparency and would drop it.
    picture = _opaque(_eight_bits(decoded))
    if picture.mode not in {"RGB", "L", "CMYK"}:
        picture = picture.convert("RGB")
    # Before the rest, which then has a quarter to do: an editor waits for this.
    picture.thumbnail((MAX_STORED_SIDE, MAX_STORED_SIDE), PillowImage.Resampling.LANCZOS)
    picture = _to_srgb(picture if turn is None else picture.transpose(turn), profile)
    content = _webp(picture)
    return CleanImage(
        content, picture.width, picture.height, hashlib.sha256(content).hexdigest()[:20]
    )


def as_kept(content: bytes) -> CleanImage | None:
    """Return a picture that some site of ours cleaned before, byte for byte, or nothing.

    It is one if it has the form that `clean` gives and room for nothing else: a WebP of a single
    part, the pixels, of a size that we keep. Raises ImageRefused as `clean` does.
    """
    is_plain = (
        content[:4] == b"RIFF"
        and content[8:16] == b"WEBPVP8 "
        and int.from_bytes(content[4:8], "little") + 8 == len(content)
        and int.from_bytes(content[16:20], "little") in {len(content) - 20, len(content) - 21}
        and len(content) <= MAX_BYTES
    )
    if not is_plain:
        return None
    picture = _decode(content)
    if max(picture.size) > MAX_STORED_SIDE:
        return None
    digest = hashlib.sha256(content).hexdigest()[:20]
    return CleanImage(content, picture.width, picture.height, digest)


def first_renditions(
    content: bytes, digest: str, focal_point: tuple[int, int]
) -> Iterator[Rendition]:
    """Yield one JPEG of a cleaned picture in each shape, for every browser: the work of a moment.

    `focal_point` is the part to keep when the picture is cropped, in per cent from left and top.
    """
    picture = _opened(content)
    for crop in CROPS.values():
        shaped = _crop(picture, crop.ratio, focal_point)
        widths = widths_for(crop, picture.width, picture.height)
        # The second width: large enough for most screens, small enough for most connections.
        yield _rendition(shaped, digest, crop, widths[:2][-1], "jpg")


def further_renditions(
    content: bytes, digest: str, focal_point: tuple[int, int]
) -> Iterator[Rendition]:
    """Yield every size of a cleaned picture in AVIF. It takes seconds: not for a request."""
    picture = _opened(content)
    for crop in CROPS.values():
        shaped = _crop(picture, crop.ratio, focal_point)
        for width in widths_for(crop, picture.width, picture.height):
            yield _rendition(shaped, digest, crop, width, "avif")


def _opened(content: bytes) -> PillowImage.Image:
    with PillowImage.open(io.BytesIO(content), formats=("WEBP",)) as opened:
        return opened.convert("RGB")


def _rendition(
    shaped: PillowImage.Image, digest: str, crop: Crop, width: int, extension: str
) -> Rendition:
    height = height_for(crop, width, shaped.width, shaped.height)
    sized = shaped.resize((width, height), PillowImage.Resampling.LANCZOS)
    content = _avif(sized) if extension == "avif" else _jpeg(sized)
    name = rendition_name(digest, crop, width, content, extension)
    return Rendition(crop.name, width, height, name, content)


def widths_for(crop: Crop, width: int, height: int) -> tuple[int, ...]:
    """Return the widths a picture of this size is offered in: never wider than it is."""
    available = width if crop.ratio is None else int(min(width, height * crop.ratio))
    fitting = tuple(each for each in crop.widths if each <= available)
    return fitting or (max(available, 1),)


def height_for(crop: Crop, rendition_width: int, width: int, height: int) -> int:
    """Return the height in pixels of a rendition of the given width."""
    ratio = crop.ratio or width / height
    return max(1, round(rendition_width / ratio))


def rendition_name(digest: str, crop: Crop, width: int, content: bytes, extension: str) -> str:
    """Return the file name of a rendition: other bytes always have another name."""
    mark = hashlib.sha256(content).hexdigest()[:12]
    return f"images/{digest}/{crop.name}-{width}-{mark}.{extension}"


def original_name(digest: str) -> str:
    """Return the file name of the cleaned picture itself."""
    return f"images/{digest}/original.webp"


def _decode(upload: bytes) -> PillowImage.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken metadata, which we drop anyway
            # Between one and two times the limit Pillow only warns; for us that is a bomb too.
            warnings.simplefilter("error", PillowImage.DecompressionBombWarning)
            picture = PillowImage.open(io.BytesIO(upload), formats=ACCEPTED_FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise ImageRefused(
                    f"This picture has {picture.width * picture.height / 1e6:.0f} million pixels."
                    f" Choose one of at most {MAX_PIXELS // 1_000_000} million, or make it smaller."
                )
            if min(picture.width, picture.height) < MIN_SIDE:
                raise ImageRefused(
                    f"This picture is only {picture.width} by {picture.height} pixels. Choose a"
                    " larger one."
                )
            picture.load()
    except (PillowImage.DecompressionBombError, PillowImage.DecompressionBombWarning) as error:
        raise ImageRefused(
            "This file unpacks to far more than it seems to hold, so it was not opened. Save the"
            " picture again at a normal size."
        ) from error
    except ImageRefused:
        raise
    except Exception as error:  # the four decoders fail on broken files in every way there is
        raise ImageRefused(
            f"This file is not a picture we can use, or it is broken. Choose a {ACCEPTED_NAMES}"
            " file."
        ) from error
    return picture


def _turn(picture: PillowImage.Image) -> PillowImage.Transpose | None:
    """Return what turns the picture upright, or nothing if it is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of broken metadata
            return _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation) or 1)
    except Exception:
        return None  # metadata too broken to read is no metadata


def _eight_bits(picture: PillowImage.Image) -> PillowImage.Image:
    if picture.mode != "I;16":
        return picture
    # Pillow's own conversion keeps the number, so that anything but black turns white.
    return picture.convert("I").point(lambda value: value / 256).convert("L")


def _opaque(picture: PillowImage.Image) -> PillowImage.Image:
    if picture.mode not in {"RGBA", "LA", "PA"} and "transparency" not in picture.info:
        return picture
    layered = picture if picture.mode == "LA" else picture.convert("RGBA")
    colours = layered.convert("L" if layered.mode == "LA" else "RGB")
    flat = PillowImage.new(colours.mode, colours.size, "white")
    flat.paste(colours, mask=layered.getchannel("A"))
    return flat


def _to_srgb(picture: PillowImage.Image, profile: bytes | None) -> PillowImage.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            picture = converted or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile: the colours as they are beat no picture
    flat = picture.convert("RGB")
    flat.info = {}
    return flat


def _crop(
    picture: PillowImage.Image, ratio: float | None, focal_point: tuple[int, int]
) -> PillowImage.Image:
    if ratio is None:
        return picture
    width = min(picture.width, round(picture.height * ratio))
    height = min(picture.height, round(picture.width / ratio))
    left = _offset(picture.width, width, focal_point[0])
    top = _offset(picture.height, height, focal_point[1])
    return picture.crop((left, top, left + width, top + height))


def _offset(whole: int, part: int, focal_per_cent: int) -> int:
    centred = round(whole * focal_per_cent / 100 - part / 2)
    return max(0, min(centred, whole - part))


def _webp(picture: PillowImage.Image) -> bytes:
    # What we keep ourselves. Method 0 of 6 takes a third of the time and not a byte more.
    return _saved(picture, "WEBP", quality=92, method=0)


def _jpeg(picture: PillowImage.Image) -> bytes:
    return _saved(picture, "JPEG", quality=_JPEG_QUALITY, optimize=True, progressive=True)


def _avif(picture: PillowImage.Image) -> bytes:
    most = MAX_PHONE_BYTES * max(1.0, (picture.width / PHONE_WIDTH) ** 2)
    content = _avif_of(picture, _AVIF_QUALITY)
    if len(content) <= most:
        return content
    best, low, high = b"", _LEAST_AVIF_QUALITY, _AVIF_QUALITY
    while high - low > 2:
        middle = (low + high) // 2
        content = _avif_of(picture, middle)
        if len(content) <= most:
            best, low = content, middle
        else:
            high = middle
    return best or _avif_of(picture, low)


def _avif_of(picture: PillowImage.Image, quality: int) -> bytes:
    # One thread: another processor is left for the readers.
    return _saved(picture, "AVIF", quality=quality, speed=6, max_threads=1)


def _saved(picture: PillowImage.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
