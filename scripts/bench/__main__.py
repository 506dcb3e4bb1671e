"""`make bench`: measure, print, and keep the figures."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from scripts.bench import (
    busy,
    cached,
    enquiries,
    growth,
    latency,
    memory,
    nginx,
    pages,
    servers,
    wagtail,
)
from scripts.bench.effort import FULL, SHORT, Effort
from scripts.bench.figures import Outcome
from scripts.bench.report import keep, markdown
from scripts.bench.site import Site
from scripts.environment import ROOT, Problem, install, say
from scripts.machine import describe_machine

Part = Callable[[Site, Effort], Outcome]
PARTS: dict[str, Part] = {
    "pages": pages.measure,
    "cached": cached.measure,
    "wagtail": wagtail.measure,
    "nginx": nginx.measure,
    "latency": latency.measure,
    "memory": memory.measure,
    "enquiries": enquiries.measure,
    "load": busy.measure,
    "growth": growth.measure,
    "servers": servers.measure,
}
RESULTS = ROOT / "benchmarks" / "results"


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Return the parts that were asked for, all if none, and how long to measure."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--short", action="store_true", help="just see that it works; not kept")
    parsed = parser.parse_args(arguments)
    if unknown := set(parsed.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}")
    return parsed


def measure(names: list[str], effort: Effort) -> dict[str, Outcome]:
    """Measure the parts, one after the other, on one site."""
    outcomes = {}
    with tempfile.TemporaryDirectory(prefix="clinic-bench-") as folder:
        site = Site(Path(folder) / "site")
        site.set_up()
        for name in names:
            begun = time.monotonic()
            try:
                outcomes[name] = PARTS[name](site, effort)
            except Problem as problem:  # the other parts are worth having all the same
                outcomes[name] = Outcome(f"{name}: not measured", [], notes=[str(problem)])
            say(f"  {name}: {time.monotonic() - begun:.0f} s")
    return outcomes


def main(arguments: list[str]) -> int:
    """Measure, print and keep the result."""
    parsed = parse_arguments(arguments)
    effort = SHORT if parsed.short else FULL
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    measured_at = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        install("base")
        outcomes = measure(parsed.parts or list(PARTS), effort)
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped; nothing was kept.")
        return 130
    machine = describe_machine()
    say(f"\n{markdown(machine, effort.name, list(outcomes.values()))}")
    if effort is FULL:
        file = keep(RESULTS, measured_at, machine, effort.name, outcomes)
        say(f"Kept in {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
