"""From the start to the first answer, the memory of all processes, and whether it grows."""

import time
from functools import partial

from scripts.bench.effort import Effort
from scripts.bench.figures import Line, Outcome, median
from scripts.bench.load import BROWSER, load
from scripts.bench.running import Running
from scripts.bench.site import ARTICLE, MIXED, Site
from scripts.environment import Problem

CONNECTIONS = 16
_AT_FIRST = 10_000
_MOST_MEGABYTES = 150
_MOST_SECONDS = 300  # for one look at the memory
# What two looks at a process that does not grow may differ by.
_NO_LEAK_MEGABYTES = 2.0
# Forms and searches are rendered each time; one reader in a hundred asks for one.
_READERS = [path for path in MIXED if not path.startswith(("/contact/", "/search/"))]
_LEAKS = [*_READERS * 8, "/contact/", "/search/?q=back+pain"]


def measure(site: Site, effort: Effort) -> Outcome:
    """Measure starts, then memory after 10,000 requests, 20,000, and 100,000 more."""
    starts = []
    for _ in range(effort.starts):
        with site.serve() as server:
            starts.append(server.seconds_to_first_answer)
    with site.serve() as server:
        server.warm(MIXED, BROWSER)
        at_first = _memory_after(server, _AT_FIRST)
        before = _memory_after(server, _AT_FIRST)
        after = _memory_after(server, effort.leak_requests)
        processes = len(server.processes())
    grown = after - before
    lines = [
        median("from the start to the first answer", starts, "s"),
        median(f"memory (PSS) after {_AT_FIRST:,} requests", [at_first], "MB", _MOST_MEGABYTES),
        Line(f"the same after {_AT_FIRST:,} more", before, "MB"),
        Line(
            f"grown by {effort.leak_requests:,} further requests", grown, "MB",
            target=f"≤ {_NO_LEAK_MEGABYTES:g}", met=grown <= _NO_LEAK_MEGABYTES,
        ),
        Line("processes of the group, jobs included", processes),
    ]  # fmt: skip
    return Outcome("Start and memory", lines)


def _memory_after(server: Running, requests: int) -> float:
    """Return the memory after so many requests or a few more, as wrk counts seconds."""
    ask = partial(load, server.url, _LEAKS, connections=CONNECTIONS, may_be_idle=True)
    deadline = time.monotonic() + _MOST_SECONDS
    while requests > 0:
        done = ask(seconds=1)
        requests -= done.requests
        # Whole seconds: the last may be one that is hardly needed, and no more than that.
        if done.requests and requests > 5 * done.requests:
            requests -= ask(seconds=min(10, requests // done.requests - 2)).requests
        if time.monotonic() > deadline:
            raise Problem(f"{requests:,} requests were still to do after {_MOST_SECONDS} s.")
    time.sleep(0.5)  # what is under way is done
    return server.pss_megabytes()


def memory_of(server: Running, path: str = ARTICLE) -> float:
    """Return another server's memory after as many requests for one page."""
    left = _AT_FIRST
    while left > 0:
        left -= load(server.url, [path], connections=CONNECTIONS, seconds=2).requests
    return server.pss_megabytes()
