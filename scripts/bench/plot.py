"""Draws how pages grow, as an SVG: both axes by powers of ten, a line and a name for each page."""

import math
from collections.abc import Mapping, Sequence
from html import escape

Curve = Sequence[tuple[int, float]]

_WIDTH, _HEIGHT = 760, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 250, 40, 50
_LINE_HEIGHT = 15
# Told apart by people who see colours differently, too (Okabe and Ito); dashed from the ninth on.
_COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#b8860b", "#000000", "#7f3c8d",
)  # fmt: skip


def growth_plot(curves: Mapping[str, Curve]) -> str:
    """Return the picture of milliseconds over the number of articles, for each page."""
    sizes = sorted({size for curve in curves.values() for size, _ in curve})
    times = [time for curve in curves.values() for _, time in curve]
    lowest, highest = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))

    def across(size: float) -> float:
        share = math.log10(size / sizes[0]) / math.log10(sizes[-1] / sizes[0])
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def down(time: float) -> float:
        share = (math.log10(time) - lowest) / max(1, highest - lowest)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        "<title>Milliseconds to render each page, by the number of articles</title>",
        '<g font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="20">Milliseconds to render, nothing kept</text>',
    ]
    for power in range(lowest, highest + 1):
        y = down(10.0**power)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(_text(_LEFT - 8, y + 4, f"{10.0**power:g}", ' text-anchor="end"'))
    parts += [
        _text(across(size), _HEIGHT - 28, f"{size:,}", ' text-anchor="middle"') for size in sizes
    ]
    parts.append(f'<text x="{_LEFT}" y="{_HEIGHT - 8}">articles</text>')
    names = _apart({name: down(curve[-1][1]) for name, curve in curves.items()})
    for place, (name, curve) in enumerate(curves.items()):
        colour = _COLOURS[place % len(_COLOURS)]
        dashes = ' stroke-dasharray="5 3"' if place >= len(_COLOURS) else ""
        points = " ".join(f"{across(size):.1f},{down(time):.1f}" for size, time in curve)
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
        )
        parts.append(_text(_WIDTH - _RIGHT + 10, names[name] + 4, name, f' fill="{colour}"'))
    return "\n".join([*parts, "</g>", "</svg>"]) + "\n"


def _text(x: float, y: float, words: str, more: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{escape(words)}</text>'


def _apart(wanted: Mapping[str, float]) -> dict[str, float]:
    """Return where each name stands: where its line ends, or as near as others leave room."""
    placed: dict[str, float] = {}
    lowest = -math.inf
    for name, y in sorted(wanted.items(), key=lambda each: each[1]):
        lowest = max(y, lowest + _LINE_HEIGHT)
        placed[name] = lowest
    over = lowest - (_HEIGHT - _BOTTOM)
    if over > 0:  # shift up what was pushed below the axis, from the last one on
        limit: float = _HEIGHT - _BOTTOM
        for name, y in sorted(placed.items(), key=lambda each: -each[1]):
            placed[name] = min(y, limit)
            limit = placed[name] - _LINE_HEIGHT
    return placed
