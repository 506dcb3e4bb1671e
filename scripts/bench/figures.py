"""The arithmetic of the benchmarks, and the lines it is told in; not what is measured."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that so many per cent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * percent // 100) - 1)]


@dataclass(frozen=True)
class Line:
    """A line of the table: what was measured, what came out, and what is asked for."""

    what: str
    figure: float
    unit: str = ""
    spread: tuple[float, float] | None = None
    target: str = ""
    met: bool | None = None
    values: Sequence[float] = field(default_factory=tuple)


@dataclass(frozen=True)
class Table:
    """A table beside the lines, such as one row for each candidate."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Outcome:
    """What a part has measured."""

    title: str
    lines: Sequence[Line]
    tables: Sequence[Table] = field(default_factory=tuple)
    notes: Sequence[str] = field(default_factory=tuple)


def ratio(
    what: str, ours: Sequence[float], theirs: Sequence[float], at_least: float | None = None
) -> Line:
    """Return the line of a comparison in pairs: the median of the pairs' ratios, and their spread.

    The two were measured in turn, so what else the machine did at the time falls on both.
    """
    each = [round(a / b, 3) for a, b in zip(ours, theirs, strict=True)]
    middle = statistics.median(each)
    return Line(
        what,
        middle,
        "×",
        (min(each), max(each)),
        "" if at_least is None else f"≥ {at_least:g}",
        None if at_least is None else middle >= at_least,
        each,
    )


def median(what: str, values: Sequence[float], unit: str, at_most: float | None = None) -> Line:
    """Return the line of something measured several times."""
    middle = statistics.median(values)
    return Line(
        what,
        middle,
        unit,
        (min(values), max(values)) if len(values) > 1 else None,
        "" if at_most is None else f"≤ {at_most:g}",
        None if at_most is None else middle <= at_most,
        values,
    )


def number(value: float) -> str:
    """Return a figure as a person reads it: three digits that count, thousands apart."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}"
