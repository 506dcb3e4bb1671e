"""The site's own mark as pixels, from the same figures as `static/img/logo-mark.svg`."""

from PIL import Image, ImageDraw

_BOX = 48  # units: the drawing's own
_FINER = 4  # drawn so many times larger, so that its edges come out smooth

_CIRCLE = (2, 2, 46, 46)
# The sweep cut out of the disc: where it starts, then Bézier curves (two handles and an end each).
_START = (4.0, 46.0)
_SWEEP = (
    ((8, 34), (32, 36), (31, 28.5)),
    ((30.3, 23.5), (19, 24.5), (17.2, 15.5)),
    ((20, 21), (39.5, 20.5), (40.3, 29.5)),
    ((41, 38), (26, 37), (24, 50)),
)
_NEEDLE = ((31.5, 7.5), (31.5, 16.8))
_STEPS = 24  # straight lines for each curve


def mark(size: int, needle_width: float = 2.4) -> Image.Image:
    """Return the mark as a mask of `size` by `size` pixels: white where its colour goes.

    A small mark needs a wider needle, in units of the drawing (48 across), to be seen.
    """
    scale = size * _FINER / _BOX
    mask = Image.new("L", (size * _FINER, size * _FINER), 0)
    draw = ImageDraw.Draw(mask)
    draw.ellipse([value * scale for value in _CIRCLE], fill=255)
    draw.polygon([(x * scale, y * scale) for x, y in _sweep()], fill=0)
    needle = [(x * scale, y * scale) for x, y in _NEEDLE]
    half = needle_width * scale / 2
    draw.line(needle, fill=0, width=round(half * 2))
    for x, y in needle:  # its round ends
        draw.ellipse((x - half, y - half, x + half, y + half), fill=0)
    return mask.resize((size, size), Image.Resampling.LANCZOS)


def _sweep() -> list[tuple[float, float]]:
    points = [_START]
    for first, second, end in _SWEEP:
        begin = points[-1]
        for step in range(1, _STEPS + 1):
            part, rest = step / _STEPS, 1 - step / _STEPS
            weights = (rest**3, 3 * rest**2 * part, 3 * rest * part**2, part**3)
            corners = (begin, first, second, end)
            points.append(
                (
                    sum(each * x for each, (x, _) in zip(weights, corners, strict=True)),
                    sum(each * y for each, (_, y) in zip(weights, corners, strict=True)),
                )
            )
    return points
