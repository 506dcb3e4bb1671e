"""What becomes slower as articles become more: 40, 4,000 and 40,000 of them."""

import shutil
from typing import Any

from scripts.bench.effort import Effort
from scripts.bench.figures import Line, Outcome, Table, number
from scripts.bench.plot import growth_plot
from scripts.bench.site import Site
from scripts.environment import ROOT, say

PICTURE = ROOT / "docs" / "growth.svg"
MOST = 1.5
# What has to name every page grows with them.
MUST_GROW = {"sitemap", "sitemap of articles"}
Figures = dict[str, dict[str, Any]]


def measure(site: Site, effort: Effort) -> Outcome:
    """Fill a copy of the site step by step, and measure at each."""
    folder = site.folder / "growing"
    shutil.copytree(
        site.folder,
        folder,
        ignore=shutil.ignore_patterns("growing", "postgres", "wagtail", "nginx"),
    )
    growing = Site(folder)
    found: dict[int, Figures] = {}
    notes = []
    for size in effort.sizes:
        say(f"    {size:,} articles")
        filled = growing.inside("filling", str(size))
        notes.append(
            "{articles:,} articles: the search indexed in {index_seconds} s.".format(**filled)
        )
        found[size] = growing.inside("growing", str(effort.repeats))
    if effort.name == "full":
        PICTURE.write_text(growth_plot(_curves(found)))
        notes.append(f"Plotted in {PICTURE.relative_to(ROOT)}.")
    return Outcome("Growth", lines(found), [table(found)], notes)


def lines(found: dict[int, Figures]) -> list[Line]:
    """Return how many times longer each page takes at the second size than at the first."""
    first, second, *_ = sorted(found)
    told = []
    for kind, words in (("rendered", "rendered each time"), ("kept", "kept")):
        for name, figures in found[first].items():
            if kind not in figures:
                continue
            grown = found[second][name][kind] / figures[kind]
            is_bound = name not in MUST_GROW
            told.append(
                Line(
                    f"{name}, {words}: {first:,} → {second:,}",
                    grown,
                    "×",
                    target=f"≤ {MOST:g}" if is_bound else "",
                    met=grown <= MOST if is_bound else None,
                )
            )
    return told


def table(found: dict[int, Figures]) -> Table:
    """Return the milliseconds and the queries at each size."""
    sizes = sorted(found)
    heads = ["page"]
    for size in sizes:
        heads += [f"{size:,}: ms", "kept ms", "queries"]
    rows = []
    for name in found[sizes[0]]:
        row = [name]
        for size in sizes:
            figures = found[size][name]
            kept = figures.get("kept")
            row += [
                number(figures["rendered"]),
                "" if kept is None else number(kept),
                str(figures["queries"]),
            ]
        rows.append(row)
    return Table("Milliseconds of processor time, on SQLite", heads, rows)


def _curves(found: dict[int, Figures]) -> dict[str, list[tuple[int, float]]]:
    sizes = sorted(found)
    return {
        name: [(size, found[size][name]["rendered"]) for size in sizes] for name in found[sizes[0]]
    }
