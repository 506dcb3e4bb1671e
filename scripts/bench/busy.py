"""Ten times a clinic's busiest hour, while an editor publishes every second.

A busy clinic's website has some 2,000 visits a day of four pages each, a sixth of them in the
busiest hour: 1,300 pages an hour, with the two or three pictures and files of a first visit about
one request a second. Ten times that is 10 requests a second; twice as many are asked for here, all
of them pages, at fixed times whether the answers come or not, so that a slow answer holds nobody up
and is counted.
"""

import http.client
import itertools
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from scripts.address import DEFAULT_HOST
from scripts.bench.effort import Effort
from scripts.bench.figures import Line, Outcome, median, percentile
from scripts.bench.load import BROWSER
from scripts.bench.publishing_now import SLUG
from scripts.bench.site import ARTICLE, Site
from scripts.environment import PYTHON, ROOT

PER_SECOND = 20
_MOST_MILLISECONDS = 50
# Ports of readers; more would wait for one of the two processors all the same.
_READERS = 16
EDITED = f"/articles/{SLUG}/"
# The second shows the newest articles, and says their summaries.
_SHOW_EDITION = (EDITED, "/articles/")
PATHS = (
    "/", EDITED, "/conditions/back-pain/", ARTICLE, "/articles/", "/conditions/",
    "/conditions/neck-pain/", "/treatments/", "/practitioners/", EDITED, "/search/?q=neck+pain",
    "/contact/", "/conditions/headaches/", "/articles/?page=2", "/sitemap.xml",
)  # fmt: skip
_EDITION = re.compile(r"Edition (\d+) of the benchmark")


@dataclass
class Seen:
    """What readers met with. Many threads add to the lists, which Python does one at a time."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    fresh: int = 0
    published: int = 0  # the edition that readers have to be given by now


def measure(site: Site, effort: Effort) -> Outcome:
    """Ask at a steady rate while somebody publishes, and judge every answer."""
    seen = Seen()
    publishing: list[float] = []
    with site.serve() as server, _editor(site) as editor:
        server.warm(PATHS, BROWSER)
        over = threading.Event()
        at_work = threading.Thread(
            target=_publish, args=(editor, server.port, seen, publishing, over)
        )
        at_work.start()
        begun = time.perf_counter()
        with ThreadPoolExecutor(_READERS) as pool:
            for number, path in enumerate(itertools.islice(
                itertools.cycle(PATHS), effort.load_seconds * PER_SECOND
            )):  # fmt: skip
                due = begun + number / PER_SECOND
                time.sleep(max(0.0, due - time.perf_counter()))
                pool.submit(_read, server.port, path, due, seen)
        over.set()
        at_work.join()
    times = seen.milliseconds
    p99 = percentile(times, 99)
    lines = [
        Line(f"pages read, {PER_SECOND} a second", len(times)),
        Line("published meanwhile", seen.published),
        Line("errors", len(seen.errors), target="0", met=not seen.errors),
        Line("answers checked for the newest text", seen.fresh + len(seen.stale)),
        Line("stale answers", len(seen.stale), target="0", met=not seen.stale),
        Line("p50", percentile(times, 50), "ms"),
        Line("p99", p99, "ms", target=f"< {_MOST_MILLISECONDS}", met=p99 < _MOST_MILLISECONDS),
        Line("longest", max(times), "ms"),
        median("publishing took", publishing, "ms"),
    ]
    return Outcome("Ten times the busiest hour", lines, notes=(seen.errors + seen.stale)[:5])


@contextmanager
def _editor(site: Site) -> "Iterator[subprocess.Popen[str]]":
    process = subprocess.Popen(
        [PYTHON, "-m", "scripts.bench.publishing_now"],
        cwd=ROOT,
        env=site.variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _publish(
    editor: "subprocess.Popen[str]", port: int, seen: Seen, publishing: list[float],
    over: threading.Event,
) -> None:  # fmt: skip
    """Publish once a second; right after each, every worker has to give the new text."""
    assert editor.stdin is not None and editor.stdout is not None  # noqa: S101, PT018  (pipes)
    for number in itertools.count(1):
        editor.stdin.write(f"{number}\n")
        editor.stdin.flush()
        told = editor.stdout.readline().split()
        if len(told) != 2:
            seen.errors.append("The editor could not publish.")
            return
        publishing.append(float(told[1]))
        seen.published = number
        for path in _SHOW_EDITION * 3:  # new connections, which fall to either worker
            _read(port, path, time.perf_counter(), seen)
        if over.wait(max(0.0, 1 - publishing[-1] / 1000)):
            return


def _read(port: int, path: str, due: float, seen: Seen) -> None:
    """Read a page; what was published before we asked has to be in it."""
    expected = seen.published
    connection = http.client.HTTPConnection(DEFAULT_HOST, port, timeout=20)
    try:
        connection.request("GET", path, headers={"User-Agent": BROWSER["User-Agent"]})
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        seen.errors.append(f"{path}: {error!r}")
        return
    finally:
        connection.close()
    seen.milliseconds.append((time.perf_counter() - due) * 1000)
    if answer.status != 200:
        seen.errors.append(f"{path} answered {answer.status}")
    elif path in _SHOW_EDITION and expected:
        found = _EDITION.search(body.decode())
        edition = int(found[1]) if found else 0
        if edition < expected:
            seen.stale.append(f"{path} gave edition {edition} after {expected}")
        else:
            seen.fresh += 1
