"""Draws a share image. Knows nothing of pages, the database or files."""

import functools
import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from components.mark import mark

# What Facebook, LinkedIn, X and messengers show whole, as a wide card.
WIDTH, HEIGHT = 1200, 630
# Part of every address: count it up when the drawing changes, so that nobody keeps the old one.
DESIGN = 1

_FONT = Path(__file__).with_name("DejaVuSerifCondensed-Bold.ttf")
_PAPER, _INK, _WHITE = "#fbf7f0", "#16302f", "#ffffff"  # as in static/css/tokens.css
_MARGIN = 72
_FOOT = 132  # height of the strip with the clinic's name
_TITLE_TOP, _TITLE_BOTTOM = 150, HEIGHT - _FOOT - 40
_TITLE_SIZES = range(124, 43, -4)
_LINE_HEIGHT = 1.18  # of the letters' size
_STEPS = 16  # of colour from letter to ground, so that edges are smooth and files small


@dataclass(frozen=True)
class Picture:
    """All that a share image shows."""

    title: str
    label: str
    clinic: str
    brand_colour: str
    has_mark: bool


def draw(picture: Picture) -> bytes:
    """Return the picture as PNG, 1200 by 630 pixels.

    White on the brand colour is readable, since `validate_brand_colour` refuses any other; the
    clinic's name stands in ink on paper.
    """
    canvas = Image.new("RGB", (WIDTH, HEIGHT), picture.brand_colour)
    pen = ImageDraw.Draw(canvas)
    if picture.label:
        pen.text((_MARGIN, 108), _drawable(picture.label), _WHITE, _font(36), anchor="ls")
    size, lines = _set(_drawable(picture.title))
    height = round(size * _LINE_HEIGHT)
    # Letters stand on their line; the first one's tops are to touch the upper edge of the space.
    top = _TITLE_TOP + max(0, (_TITLE_BOTTOM - _TITLE_TOP - height * len(lines)) // 2)
    for number, line in enumerate(lines):
        pen.text((_MARGIN, top + height * number + size), line, _WHITE, _font(size), anchor="ls")
    _draw_foot(canvas, pen, picture)
    buffer = io.BytesIO()
    few = canvas.quantize(palette=_palette(picture.brand_colour), dither=Image.Dither.NONE)
    few.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@functools.lru_cache(maxsize=4)
def _palette(brand_colour: str) -> Image.Image:
    """Return the colours that the picture may have: those between each ground and its letters."""
    values: list[int] = []
    for ground, letters in ((brand_colour, _WHITE), (_PAPER, _INK), (_PAPER, brand_colour)):
        ends = list(zip(ImageColor.getrgb(ground), ImageColor.getrgb(letters), strict=True))
        for step in range(_STEPS):
            share = step / (_STEPS - 1)
            values += [round(first + (last - first) * share) for first, last in ends]
    palette = Image.new("P", (1, 1))
    palette.putpalette(values)
    return palette


def _draw_foot(canvas: Image.Image, pen: ImageDraw.ImageDraw, picture: Picture) -> None:
    top = HEIGHT - _FOOT
    pen.rectangle((0, top, WIDTH, HEIGHT), fill=_PAPER)
    left = _MARGIN
    if picture.has_mark:
        side = 76
        canvas.paste(picture.brand_colour, (left, top + (_FOOT - side) // 2), mark(side))
        left += side + 24
    room = WIDTH - _MARGIN - left
    name = _drawable(picture.clinic)
    size = next((each for each in range(44, 19, -2) if _font(each).getlength(name) <= room), 20)
    name = _cut(name, _font(size), room)
    pen.text((left, top + _FOOT // 2), name, _INK, _font(size), anchor="lm")


def _set(title: str) -> tuple[int, list[str]]:
    """Return the largest size at which the title fits its space, and its lines.

    At the smallest size, words too long for a line are broken and lines too many left out.
    """
    room, space = WIDTH - 2 * _MARGIN, _TITLE_BOTTOM - _TITLE_TOP
    for size in _TITLE_SIZES:
        lines = _wrap(title, _font(size), room)
        fits = all(_font(size).getlength(line) <= room for line in lines)
        if fits and len(lines) * size * _LINE_HEIGHT <= space:
            return size, lines
    size = _TITLE_SIZES[-1]
    font = _font(size)
    lines = _wrap(" ".join(_pieces(title, font, room)), font, room)
    most = int(space / (size * _LINE_HEIGHT))
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(f"{lines[most - 1]} …", font, room)]
    return size, lines


def _wrap(text: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _pieces(text: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """Return the words, those too long for a line in pieces."""
    pieces: list[str] = []
    for word in text.split():
        piece = ""
        for letter in word:
            if font.getlength(f"{piece}{letter}-") > room:
                pieces.append(f"{piece}-")
                piece = ""
            piece += letter
        pieces.append(piece)
    return pieces


def _cut(line: str, font: ImageFont.FreeTypeFont, room: int) -> str:
    """Return the line, shortened with an ellipsis where there is no room for all of it."""
    whole = line
    while line and font.getlength(line) > room:
        whole = whole[:-1].removesuffix("…").rstrip()
        line = f"{whole}…"
    return line


def _drawable(text: str) -> str:
    """Return the text composed and on one line, without what only a screen can follow."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if unicodedata.category(each) in {"Cc", "Zs", "Zl", "Zp"} else each
            for each in composed if unicodedata.category(each) not in {"Cf", "Cs"})  # fmt: skip
    return " ".join("".join(kept).split())


@functools.lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    # Without a layout engine from outside the wheel, so that every machine draws alike.
    return ImageFont.truetype(_FONT, size, layout_engine=ImageFont.Layout.BASIC)
