"""Whatever is uploaded, what is kept is upright, opaque sRGB pixels and nothing else."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage
from PIL import PngImagePlugin

from publishing.images import (
    CONTENT_TYPES,
    CROPS,
    MAX_BYTES,
    MAX_STORED_SIDE,
    CleanImage,
    ImageRefused,
    Rendition,
    clean,
    first_renditions,
    further_renditions,
    height_for,
    widths_for,
)
from publishing.media import _OUR_NAME
from tests.publishing.uploads import (
    BLUE,
    CORNERS,
    NOT_PICTURES,
    RED,
    bomb,
    encode,
    halves,
    photo,
    picture_bytes,
    swapped_profile,
)

WHITE = (255, 255, 255)


def renditions(kept: CleanImage, focal_point: tuple[int, int]) -> list[Rendition]:
    """Return all that is made of a picture, at once and later."""
    return [
        *first_renditions(kept.content, kept.digest, focal_point),
        *further_renditions(kept.content, kept.digest, focal_point),
    ]


def opened(content: bytes) -> PillowImage.Image:
    picture = PillowImage.open(io.BytesIO(content))
    picture.load()
    return picture


def is_near(first: tuple[int, ...], second: tuple[int, ...], distance: int = 12) -> bool:
    return all(abs(one - other) <= distance for one, other in zip(first, second, strict=True))


def colour(content: bytes, across: float = 0.5, down: float = 0.5) -> tuple[int, ...]:
    """Return the colour at a place, given as shares of width and height."""
    picture = opened(content).convert("RGB")
    found = picture.getpixel((int(across * picture.width), int(down * picture.height)))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_accepted_format_is_kept_as_webp(kind: str) -> None:
    kept = clean(picture_bytes(kind))
    assert opened(kept.content).format == "WEBP"
    assert (kept.width, kept.height) == opened(kept.content).size == (64, 48)
    assert is_near(colour(kept.content), RED)


@pytest.mark.parametrize("upload", NOT_PICTURES.values(), ids=NOT_PICTURES.keys())
def test_anything_else_is_refused_in_words_for_an_editor(upload: bytes) -> None:
    with pytest.raises(ImageRefused, match=r"Choose a JPEG, PNG, WebP or AVIF file\."):
        clean(upload)


@pytest.mark.parametrize("side", [12_000, 20_000])
def test_decompression_bomb_is_refused_without_being_unpacked(side: int) -> None:
    """12,000 squared is over Pillow's warning, 20,000 squared over its error."""
    upload = bomb(side)
    assert len(upload) < 100_000
    with pytest.raises(ImageRefused, match="unpacks to far more than it seems to hold"):
        clean(upload)


def test_more_than_forty_million_pixels_are_refused() -> None:
    with pytest.raises(ImageRefused, match="has 41 million pixels"):
        clean(bomb(6_400))


def test_text_bomb_inside_a_picture_is_refused() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "a" * 5_000_000, zip=True)
    with pytest.raises(ImageRefused):
        clean(picture_bytes("PNG", pnginfo=notes))


def test_file_over_the_limit_is_refused_before_it_is_opened() -> None:
    with pytest.raises(ImageRefused, match=r"This file is 15 MB\. Choose one of at most 15 MB\."):
        clean(b"\x00" * (MAX_BYTES + 1))


@pytest.mark.parametrize("size", [(15, 100), (100, 15), (1, 1)])
def test_speck_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ImageRefused, match="is only"):
        clean(picture_bytes(size=size))


def test_smallest_picture_is_kept() -> None:
    kept = clean(picture_bytes(size=(16, 16)))
    assert (kept.width, kept.height) == (16, 16)


@pytest.mark.parametrize(
    ("size", "kept_size"),
    [((4000, 1000), (2400, 600)), ((1000, 4000), (600, 2400)), ((2400, 100), (2400, 100))],
)
def test_large_picture_is_made_smaller_in_proportion(
    size: tuple[int, int], kept_size: tuple[int, int]
) -> None:
    kept = clean(picture_bytes(size=size))
    assert (kept.width, kept.height) == kept_size
    assert max(kept_size) <= MAX_STORED_SIDE


@pytest.mark.parametrize("orientation", range(1, 9))
def test_camera_orientation_is_applied(orientation: int) -> None:
    kept = clean(photo(orientation))
    assert (kept.width, kept.height) == (120, 80)
    for (corner, expected), (across, down) in zip(
        CORNERS.items(), [(0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)], strict=True
    ):
        found = colour(kept.content, across, down)
        assert is_near(found, expected, 25), f"{sorted(corner)} is {found}"


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_orientation_of_other_formats_is_applied(kind: str) -> None:
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    kept = clean(encode(halves(), kind, exif=exif))
    assert (kept.width, kept.height) == (40, 120)
    assert is_near(colour(kept.content, 0.5, 0.1), RED, 25)
    assert is_near(colour(kept.content, 0.5, 0.9), BLUE, 25)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_orientation_that_does_not_exist_changes_nothing(orientation: int) -> None:
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    kept = clean(encode(halves(), "JPEG", exif=exif))
    assert (kept.width, kept.height) == (120, 40)


@pytest.mark.parametrize(
    "exif",
    [b"Exif\x00\x00garbage", b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\xff\x01\x12\x00\x03\x00"],
)
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_broken_metadata_do_not_stand_in_the_way(kind: str, exif: bytes) -> None:
    kept = clean(picture_bytes(kind, exif=exif))
    assert (kept.width, kept.height) == (64, 48)


def test_nothing_but_pixels_is_kept() -> None:
    """No position, camera, comment, packet or profile, in what is kept and in every rendition."""
    upload = photo(6, icc_profile=swapped_profile())
    assert all(secret in upload for secret in (b"SecretCamera", b"SecretComment", b"SecretPacket"))
    kept = clean(upload)
    for content in [kept.content, *(each.content for each in renditions(kept, (0, 0)))]:
        assert b"Secret" not in content
        assert b"Exif" not in content
        picture = opened(content)
        assert not dict(picture.getexif())
        assert not {"icc_profile", "comment", "xmp", "exif", "XML:com.adobe.xmp"} & {
            key for key, value in picture.info.items() if value
        }


@pytest.mark.parametrize(
    "upload",
    [
        picture_bytes(mode="RGBA", colour=(0, 0, 0, 0)),
        picture_bytes(mode="RGBA", colour=(0, 0, 0, 0), icc_profile=swapped_profile()),
        picture_bytes(mode="LA", colour=(0, 0)),
        picture_bytes(mode="P", colour=0, transparency=0),
        picture_bytes(mode="RGB", colour=(9, 9, 9), transparency=(9, 9, 9)),
        picture_bytes("WEBP", mode="RGBA", colour=(0, 0, 0, 0), exact=True),
        picture_bytes("AVIF", mode="RGBA", colour=(0, 0, 0, 0)),
    ],
    ids=["RGBA", "RGBA with profile", "LA", "palette", "RGB", "WebP", "AVIF"],
)
def test_what_is_transparent_turns_white(upload: bytes) -> None:
    assert is_near(colour(clean(upload).content), WHITE)


def test_half_transparent_colour_is_mixed_with_white() -> None:
    kept = clean(picture_bytes(mode="RGBA", colour=(0, 0, 0, 128)))
    assert is_near(colour(kept.content), (127, 127, 127))


def test_sixteen_bit_greys_keep_their_brightness() -> None:
    upload = picture_bytes(mode="I;16", colour=20_000)
    assert opened(upload).mode == "I;16"
    assert is_near(colour(clean(upload).content), (78, 78, 78))


def test_print_colours_are_turned_into_screen_colours() -> None:
    kept = clean(picture_bytes("JPEG", mode="CMYK", colour=(255, 0, 0, 0)))
    red, green, blue = colour(kept.content)
    assert red < 60
    assert min(green, blue) > 190


@pytest.mark.parametrize("mode", ["1", "L"])
def test_black_and_white_stays_so(mode: str) -> None:
    assert is_near(colour(clean(picture_bytes(mode=mode, colour=0)).content), (0, 0, 0))
    assert is_near(colour(clean(picture_bytes(mode=mode, colour=255)).content), WHITE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_colour_profile_is_applied_before_it_is_dropped(kind: str) -> None:
    kept = clean(picture_bytes(kind, icc_profile=swapped_profile()))
    red, _, blue = colour(kept.content)
    assert blue > 150
    assert red < 80


def test_colour_profile_is_applied_to_a_turned_picture_too() -> None:
    kept = clean(photo(6, icc_profile=swapped_profile()))
    assert (kept.width, kept.height) == (120, 80)
    red, _, blue = colour(kept.content, 0.2, 0.2)  # red, before
    assert blue > 150
    assert red < 80


def test_broken_colour_profile_leaves_the_colours_alone() -> None:
    assert is_near(colour(clean(picture_bytes("PNG", icc_profile=b"broken")).content), RED)


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "AVIF"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind: str) -> None:
    other = PillowImage.new("RGB", (64, 48), BLUE)
    upload = picture_bytes(kind, save_all=True, append_images=[other], duration=100)
    assert getattr(opened(upload), "n_frames", 1) == 2
    kept = clean(upload)
    assert getattr(opened(kept.content), "n_frames", 1) == 1
    assert is_near(colour(kept.content), RED, 20)


def test_same_pixels_have_the_same_name_whatever_file_they_came_in() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "somebody")
    first, second = clean(picture_bytes()), clean(picture_bytes(pnginfo=notes))
    other = clean(picture_bytes(colour=BLUE))
    assert first.digest == second.digest != other.digest
    assert re.fullmatch("[0-9a-f]{20}", first.digest)


FILES = [picture_bytes(kind, size=(32, 24)) for kind in ("JPEG", "PNG", "WEBP", "AVIF")]


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    st.floats(0, 1),
)
def test_damaged_file_is_kept_or_refused_and_never_an_error(
    upload: bytes, changes: list[tuple[float, int]], share_kept: float
) -> None:
    damaged = bytearray(upload)
    for place, value in changes:
        damaged[int(place * len(damaged))] = value
    damaged = damaged[: max(int(share_kept * len(damaged)), len(damaged) // 2)]
    try:
        kept = clean(bytes(damaged))
    except ImageRefused:
        return
    assert opened(kept.content).size == (kept.width, kept.height)


def test_renditions_are_what_their_names_say() -> None:
    kept = clean(picture_bytes(size=(1500, 900)))
    made = renditions(kept, (30, 70))
    names = {re.sub("-[0-9a-f]{12}", "", each.name.rpartition("/")[2]) for each in made}
    assert names == {
        *(
            f"{crop.name}-{width}.avif"
            for crop in CROPS.values()
            for width in widths_for(crop, 1500, 900)
        ),
        "full-800.jpg", "card-720.jpg", "portrait-256.jpg",
    }  # fmt: skip
    for each in made:
        picture = opened(each.content)
        assert picture.size == (each.width, each.height)
        assert each.height == height_for(CROPS[each.crop], each.width, 1500, 900)
        extension = each.name.rpartition(".")[2]
        assert picture.get_format_mimetype() == CONTENT_TYPES[extension]
        assert _OUR_NAME.fullmatch(each.name)


@pytest.mark.parametrize(
    ("crop", "size", "widths"),
    [
        ("full", (2400, 1600), (400, 800, 1120, 1440)),
        ("full", (1000, 500), (400, 800)),
        ("full", (300, 200), (300,)),
        ("card", (2400, 1600), (360, 720, 1080)),
        ("card", (2400, 300), (360,)),
        ("card", (100, 50), (75,)),
        ("portrait", (2400, 200), (160,)),
        ("portrait", (20, 900), (20,)),
    ],
)
def test_no_rendition_is_wider_than_the_picture(
    crop: str, size: tuple[int, int], widths: tuple[int, ...]
) -> None:
    assert widths_for(CROPS[crop], *size) == widths


@pytest.mark.parametrize(
    ("focal_x", "left", "right"), [(0, RED, RED), (50, RED, BLUE), (100, BLUE, BLUE)]
)
def test_crop_keeps_the_focal_point(
    focal_x: int, left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    kept = clean(encode(halves((1200, 400))))
    (portrait,) = [
        each.content
        for each in renditions(kept, (focal_x, 50))
        if each.crop == "portrait" and each.name.endswith(".jpg")
    ]
    assert opened(portrait).size == (256, 307)
    assert is_near(colour(portrait, 0.1), left, 30)
    assert is_near(colour(portrait, 0.9), right, 30)


@pytest.mark.parametrize("size", [(40_000, 16), (16, 40_000), (16, 16), (17, 2_000)])
def test_picture_of_odd_shape_has_renditions(size: tuple[int, int]) -> None:
    kept = clean(picture_bytes(mode="L", colour=100, size=size))
    made = renditions(kept, (100, 0))
    assert len(made) >= 2 * len(CROPS)
    assert all(min(opened(each.content).size) >= 1 for each in made)
