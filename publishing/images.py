"""The only code that opens an uploaded picture.

A picture is decoded by one of four known parsers, turned upright, converted to sRGB and encoded
again, so that nothing of the uploaded file survives but its pixels: no position, no camera, no
comment, no hidden second file.
"""

import hashlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

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

# Widths in pixels of a whole picture, for a column of about 42 rem on screens of one to three dots.
FULL_WIDTHS = (480, 960, 1440)
CARD_WIDTHS = (320, 640)
CARD_RATIO = 3 / 2
PORTRAIT_WIDTHS = (160, 320)
PORTRAIT_RATIO = 1.0


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
    """One size of a picture in one format."""

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
FORMATS = ("avif", "webp", "jpg")
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
    picture = _to_srgb(_upright(_decode(upload)))
    picture.thumbnail((MAX_STORED_SIDE, MAX_STORED_SIDE), PillowImage.Resampling.LANCZOS)
    content = _encode(picture, "webp", quality=92)
    return CleanImage(
        content, picture.width, picture.height, hashlib.sha256(content).hexdigest()[:20]
    )


def renditions(content: bytes, digest: str, focal_point: tuple[int, int]) -> Iterator[Rendition]:
    """Yield every size and format of a cleaned picture.

    `focal_point` is the part to keep when the picture is cropped, in per cent from left and top.
    """
    with PillowImage.open(io.BytesIO(content), formats=("WEBP",)) as opened:
        picture = opened.convert("RGB")
    for crop in CROPS.values():
        shaped = _crop(picture, crop.ratio, focal_point)
        for width in widths_for(crop, picture.width, picture.height):
            height = height_for(crop, width, picture.width, picture.height)
            sized = shaped.resize((width, height), PillowImage.Resampling.LANCZOS)
            for extension in FORMATS:
                yield Rendition(
                    rendition_name(digest, crop, width, focal_point, extension),
                    _encode(sized, extension),
                )


def widths_for(crop: Crop, width: int, height: int) -> tuple[int, ...]:
    """Return the widths a picture of this size is offered in: never wider than it is."""
    available = width if crop.ratio is None else int(min(width, height * crop.ratio))
    fitting = tuple(each for each in crop.widths if each <= available)
    return fitting or (max(available, 1),)


def height_for(crop: Crop, rendition_width: int, width: int, height: int) -> int:
    """Return the height in pixels of a rendition of the given width."""
    ratio = crop.ratio or width / height
    return max(1, round(rendition_width / ratio))


def rendition_name(
    digest: str, crop: Crop, width: int, focal_point: tuple[int, int], extension: str
) -> str:
    """Return the file name of a rendition: a new picture or crop always has a new name."""
    shape = "full" if crop.ratio is None else f"{crop.name}-{focal_point[0]}-{focal_point[1]}"
    return f"images/{digest}/{shape}-{width}.{extension}"


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


def _upright(picture: PillowImage.Image) -> PillowImage.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of broken metadata
            turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation) or 1)
    except Exception:
        turn = None  # metadata too broken to read is no metadata
    return picture if turn is None else picture.transpose(turn)


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


def _to_srgb(picture: PillowImage.Image) -> PillowImage.Image:
    profile = picture.info.get("icc_profile")
    # Before the profile is applied, which knows nothing of transparency and would drop it.
    picture = _opaque(_eight_bits(picture))
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            base = picture if picture.mode in {"RGB", "L", "CMYK"} else picture.convert("RGB")
            converted = ImageCms.profileToProfile(
                base, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            picture = converted or base
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


def _encode(picture: PillowImage.Image, extension: str, quality: int | None = None) -> bytes:
    buffer = io.BytesIO()
    if extension == "avif":
        # speed 8 of 10 halves the time of the default for a few per cent more bytes
        picture.save(buffer, "AVIF", quality=quality or 55, speed=8)
    elif extension == "webp":
        picture.save(buffer, "WEBP", quality=quality or 74, method=4)
    else:
        picture.save(buffer, "JPEG", quality=quality or 76, optimize=True, progressive=True)
    return buffer.getvalue()
