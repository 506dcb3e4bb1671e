"""How long readers wait, at the most that one machine can answer: 16 and 200 at the same time."""

from collections.abc import Sequence

from scripts.bench.effort import Effort
from scripts.bench.figures import Line, Outcome, median
from scripts.bench.load import BROWSER, load
from scripts.bench.running import Running
from scripts.bench.site import ARTICLE, MIXED, RENDERED, Site

CONNECTIONS = (16, 200)


def measure(site: Site, effort: Effort) -> Outcome:
    """Measure a kept page, a mixture of pages with form and search, and a page that is not kept."""
    lines: list[Line] = []
    with site.serve() as server:
        server.warm(MIXED, BROWSER)
        lines += _lines(server, "kept page", [ARTICLE], 1, effort)
        lines += _lines(server, "mixed pages, form and search too", MIXED, 3, effort)
        server.warm([RENDERED], BROWSER)
        lines += _lines(server, "page rendered each time", [RENDERED], 4, effort)
    return Outcome("Latency under full load", lines)


def _lines(
    server: Running, what: str, paths: Sequence[str], seconds: float, effort: Effort
) -> list[Line]:
    """Return the lines of one kind of page; long enough for the last of 200 to have its turn."""
    lines = []
    for connections in CONNECTIONS:
        runs = []
        for _ in range(effort.pairs):
            runs.append(load(server.url, paths, connections=connections, seconds=seconds))
            # The server goes on with what nobody waits for any more: not the next run's to bear.
            server.warm(paths[:1], BROWSER)
        told = f"{what}, {connections} connections"
        lines += [
            median(f"{told}: p50", [each.p50_milliseconds for each in runs], "ms"),
            median(f"{told}: p99", [each.p99_milliseconds for each in runs], "ms"),
        ]
    return lines
