"""Draws the site's icons from its mark: `python -m scripts.icons`, after the mark has changed.

They are committed, in the colours of `static/img/favicon.svg`: an icon is asked for at addresses
that do not change with the clinic's colour.
"""

from pathlib import Path

from PIL import Image, ImageDraw

from components.mark import mark

ROOT = Path(__file__).resolve().parents[1]
_GROUND, _MARK = "#0f5c5c", "#fffdf8"
_FINER = 4
# Shares of the icon's side, as in favicon.svg: 1.1 × 48 of 64, corners of 14 of 64.
_MARK_SHARE, _CORNER_SHARE = 1.1 * 48 / 64, 14 / 64
# A maskable icon may be cut to a circle of four fifths; the mark's disc stays within it.
_MASKABLE_SHARE = 0.66
_NEEDLE, _NEEDLE_WHEN_SMALL = 2.8, 4.2  # 4.2 is one and a half pixels at a side of 16


def icon(side: int, *, rounded: bool, share: float = _MARK_SHARE) -> Image.Image:
    """Return the icon: the mark on its ground, with rounded corners or to the edges."""
    canvas = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    shape = Image.new("L", (side * _FINER, side * _FINER), 0 if rounded else 255)
    if rounded:
        corners = (0, 0, side * _FINER - 1, side * _FINER - 1)
        radius = side * _FINER * _CORNER_SHARE
        ImageDraw.Draw(shape).rounded_rectangle(corners, radius, fill=255)
    canvas.paste(_GROUND, mask=shape.resize((side, side), Image.Resampling.LANCZOS))
    inner = round(side * share)
    left = (side - inner) // 2
    needle = _NEEDLE if side > 64 else _NEEDLE_WHEN_SMALL
    canvas.paste(_MARK, (left, left), mark(inner, needle))
    return canvas


def main() -> None:
    """Write every icon to its place."""
    images, root = ROOT / "static" / "img", ROOT / "root"
    root.mkdir(exist_ok=True)
    small = [icon(side, rounded=True) for side in (16, 32, 48)]
    sizes = [each.size for each in small]
    small[-1].save(root / "favicon.ico", sizes=sizes, append_images=small[:-1])
    # A telephone rounds the corners itself, and shows what is see-through as black.
    _save(icon(180, rounded=False), root / "apple-touch-icon.png")
    for side in (192, 512):
        _save(icon(side, rounded=True), images / f"icon-{side}.png")
    maskable = icon(512, rounded=False, share=_MASKABLE_SHARE)
    _save(maskable, images / "icon-maskable-512.png")


def _save(picture: Image.Image, path: Path) -> None:
    # Few colours stand in an icon: those between mark and ground, and how see-through they are.
    picture.quantize(32, Image.Quantize.FASTOCTREE).save(path, "PNG", optimize=True)


if __name__ == "__main__":
    main()
