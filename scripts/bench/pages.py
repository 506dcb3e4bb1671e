"""The pages themselves: what each weighs, and how long Django alone takes for it.

And two things that people wait for: the check of a long page's wording, and the search over many
pages.
"""

import json
import statistics
import subprocess
from typing import Any

from scripts.bench.effort import FULL, Effort
from scripts.bench.figures import Line, Outcome, median
from scripts.bench.load import BROWSER
from scripts.bench.running import fetch
from scripts.bench.site import ARTICLE, Site
from scripts.environment import PYTHON, ROOT, Problem
from scripts.search_bench import search_figures, search_lines

PAGES = {"home": "/", "condition": "/conditions/back-pain/", "article": ARTICLE}
# The first flight of a new connection: ten packets.
_FIRST_FLIGHT = 14_600


def measure(site: Site, effort: Effort) -> Outcome:
    """Measure the pages; the search too, unless it is only to be seen that all works."""
    lines: list[Line] = []
    with site.serve() as server:
        for name, path in PAGES.items():
            _, body = fetch(server.port, path, BROWSER)
            lines.append(median(f"{name}: HTML, brotli", [len(body)], "bytes", _FIRST_FLIGHT))
    rendering = _facts(site, "render_times", *PAGES.values())["milliseconds"]
    for name, path in PAGES.items():
        lines.append(
            Line(f"{name}: rendered by Django alone", statistics.median(rendering[path]), "ms")
        )
    notes = [f"Wording check: {_facts(site, 'wording_quality', '--speed')['told']}."]
    if effort is FULL:
        notes += search_lines(search_figures(site.variables))
    return Outcome("Pages", lines, notes=notes)


def _facts(site: Site, script: str, *arguments: str) -> dict[str, Any]:
    """Return what a script that measures inside .venv prints."""
    done = subprocess.run(
        [PYTHON, "-m", f"scripts.{script}", *arguments],
        cwd=ROOT,
        env=site.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(f"{done.stderr.strip()}\n\nscripts.{script} could not measure.")
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts
