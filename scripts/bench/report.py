"""The report of a run: a table in Markdown, and the same as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scripts.bench.figures import Line, Outcome, number

HEADS = ("what", "figure", "spread", "target", "")


def markdown(machine: Mapping[str, Any], effort: str, outcomes: Sequence[Outcome]) -> str:
    """Return the report as a person reads it."""
    lines = [
        "# Benchmarks",
        "",
        "{processors} × {processor}, {memory_gib} GiB, {system}, Python {python}.".format(
            **machine
        ),
        "Who asks shares the processors with who answers.",
    ]
    if effort != "full":
        lines += ["", f"A {effort} run, to see that it works: its figures mean little."]
    for outcome in outcomes:
        lines += ["", f"## {outcome.title}", ""]
        if outcome.lines:
            lines += _table(HEADS, [_cells(line) for line in outcome.lines])
        for table in outcome.tables:
            lines += ["", f"### {table.title}", "", *_table(table.heads, table.rows)]
        lines += [f"\n{note}" for note in outcome.notes]
    return "\n".join(lines) + "\n"


def _cells(line: Line) -> tuple[str, ...]:
    spread = "–".join(number(value) for value in line.spread) if line.spread else ""
    met = {None: "", True: "met", False: "missed"}[line.met]
    return line.what, f"{number(line.figure)} {line.unit}".strip(), spread, line.target, met


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    aligned = ["---", *["---:"] * (len(heads) - 1)]
    return [_row(heads), _row(aligned), *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def keep(
    folder: Path, measured_at: str, machine: Mapping[str, Any], effort: str,
    outcomes: Mapping[str, Outcome],
) -> Path:  # fmt: skip
    """Write the report in both forms, named by its time; return the one for people."""
    folder.mkdir(parents=True, exist_ok=True)
    name = measured_at[:19].replace(":", "")
    kept = {
        "measured_at": measured_at,
        "machine": dict(machine),
        "effort": effort,
        "parts": {part: asdict(outcome) for part, outcome in outcomes.items()},
    }
    (folder / f"{name}.json").write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    file = folder / f"{name}.md"
    file.write_text(markdown(machine, effort, list(outcomes.values())))
    return file
