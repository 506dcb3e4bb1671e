"""What a photograph weighs on a phone, and that one cannot see what was left out."""

import io
import math
from pathlib import Path

import pytest
from PIL import Image as PillowImage
from PIL import ImageChops, ImageStat

from publishing.images import (
    CROPS,
    MAX_PHONE_BYTES,
    PHONE_WIDTH,
    clean,
    further_renditions,
    height_for,
    rendition_name,
)
from tests.publishing.photo import photo_like
from tests.publishing.uploads import encode

DEMO = sorted((Path(__file__).parents[2] / "demo" / "images").glob("*.*"))


def at_phone_width(picture: PillowImage.Image, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Return the picture as a phone gets it, and make no other size."""
    only = CROPS["full"].__class__("full", (PHONE_WIDTH,), None)
    monkeypatch.setattr("publishing.images.CROPS", {"full": only})
    kept = clean(encode(picture, "JPEG", quality=92))
    [made] = further_renditions(kept.content, kept.digest, (50, 50))
    assert made.width == PHONE_WIDTH
    return made.content


def noise_ratio(content: bytes, picture: PillowImage.Image) -> float:
    """Return the peak signal to noise ratio in decibels, of brightness."""
    shown = PillowImage.open(io.BytesIO(content)).convert("L")
    wanted = picture.convert("L").resize(shown.size, PillowImage.Resampling.LANCZOS)
    [square] = ImageStat.Stat(ImageChops.difference(shown, wanted)).rms
    return 20 * math.log10(255 / square)


@pytest.mark.parametrize("size", [(1600, 1200), (1200, 1600)], ids=["landscape", "upright"])
def test_photograph_is_light_enough_for_a_phone_and_close_to_what_it_was(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = photo_like(size)
    content = at_phone_width(picture, monkeypatch)
    assert len(content) <= MAX_PHONE_BYTES
    assert noise_ratio(content, picture) > 34


def test_grain_costs_readers_no_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A photograph taken in the dark is the hardest; a lower quality makes it light enough."""
    picture = photo_like((1200, 1600), grain=24)
    content = at_phone_width(picture, monkeypatch)
    assert len(content) <= MAX_PHONE_BYTES
    assert noise_ratio(content, picture) > 28


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_pictures_of_the_demo_are_light_enough(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = PillowImage.open(path).convert("RGB")
    content = at_phone_width(picture, monkeypatch)
    assert len(content) <= MAX_PHONE_BYTES
    assert noise_ratio(content, picture) > 34


def test_other_bytes_have_another_name() -> None:
    crop = CROPS["card"]
    one, other = (rendition_name("0" * 20, crop, 360, each, "avif") for each in (b"1", b"2"))
    assert one != other
    assert one == rendition_name("0" * 20, crop, 360, b"1", "avif")


def test_shape_is_kept_in_every_width() -> None:
    for crop in CROPS.values():
        for width in crop.widths:
            shown = width / height_for(crop, width, 2400, 1600)
            assert shown == pytest.approx(crop.ratio or 1.5, rel=0.01)
