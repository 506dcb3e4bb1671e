"""A small bar chart as one line of drawing, with words that say the same."""

from collections.abc import Sequence
from dataclasses import dataclass

_STEP = 4  # of which a bar takes three
_HEIGHT = 24


@dataclass(frozen=True)
class Chart:
    """What a template needs to draw the bars. `words` is the alternative to seeing them."""

    width: int
    height: int
    drawing: str  # the "d" of an SVG path
    words: str
    total: int


def bar_chart(values: Sequence[int], span: str) -> Chart:
    """Return a chart of the values, oldest first, the highest as high as the chart.

    `span` says in words what stretch they are of. Whatever is not nothing can be seen.
    """
    most = max(values, default=0)
    bars = []
    for place, value in enumerate(values):
        if value:
            height = max(1, round(value * _HEIGHT / most))
            bars.append(f"M{place * _STEP} {_HEIGHT}v-{height}h{_STEP - 1}v{height}z")
    words = f"{span}: {sum(values)} in all, at most {most} at once" if most else f"{span}: none"
    return Chart(max(1, len(values) * _STEP), _HEIGHT, "".join(bars), words, sum(values))
