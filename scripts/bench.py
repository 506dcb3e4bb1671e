"""`make bench`: how fast this machine serves the demo clinic's pages with the production server.

It also times the wording check of claims, which editors wait for.

The client runs on the same machine and takes a share of its processors, and there is no network
between the two: compare results of one machine with each other, and with nothing else.
"""

import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from scripts.address import DEFAULT_HOST, Address, free_port
from scripts.environment import PYTHON, ROOT, Problem, install, say
from scripts.local_site import Variables, manage, prepare_data, site_variables
from scripts.machine import describe_machine
from scripts.server import Server

PAGES = {
    "home": "/",
    "condition": "/conditions/back-pain/",
    "article": "/articles/what-medical-acupuncture-is/",
}
CONNECTIONS = 4
WARM_UP = 10  # requests on each connection before the measured ones
REQUESTS = 250  # measured requests on each connection, for each page
RESULTS = ROOT / "benchmarks" / "results"


@dataclass(frozen=True)
class Result:
    """What was measured of one page."""

    page: str
    path: str
    requests_per_second: float
    p50_milliseconds: float
    p99_milliseconds: float
    render_milliseconds: float
    html_bytes: int


def percentile(values: list[float], percent: int) -> float:
    """Return the value that so many per cent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def fetch(connection: http.client.HTTPConnection, path: str) -> int:
    """Fetch a page over an open connection and return its size."""
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise Problem(f"{path} answered {response.status}, so there is nothing to measure.")
    return len(body)


def one_connection(address: Address, path: str) -> tuple[list[float], float, float]:
    """Return each request's milliseconds, and when the measured ones began and ended."""
    connection = http.client.HTTPConnection(address.host, address.port, timeout=30)
    try:
        for _ in range(WARM_UP):
            fetch(connection, path)
        times = []
        begin = time.perf_counter()
        for _ in range(REQUESTS):
            start = time.perf_counter()
            fetch(connection, path)
            times.append((time.perf_counter() - start) * 1000)
        return times, begin, time.perf_counter()
    finally:
        connection.close()


def measure(address: Address, page: str, path: str, render_times: list[float]) -> Result:
    """Load one page from several connections at once."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        runs = list(pool.map(lambda _: one_connection(address, path), range(CONNECTIONS)))
    times = [value for run_times, _, _ in runs for value in run_times]
    seconds = max(end for _, _, end in runs) - min(begin for _, begin, _ in runs)
    connection = http.client.HTTPConnection(address.host, address.port, timeout=30)
    size = fetch(connection, path)
    connection.close()
    return Result(
        page=page,
        path=path,
        requests_per_second=round(len(times) / seconds, 1),
        p50_milliseconds=round(percentile(times, 50), 2),
        p99_milliseconds=round(percentile(times, 99), 2),
        render_milliseconds=round(statistics.median(render_times), 2),
        html_bytes=size,
    )


def facts_from(script: str, *arguments: str, variables: Variables) -> dict[str, Any]:
    """Return what a script that measures inside .venv prints."""
    done = subprocess.run(
        [PYTHON, "-m", f"scripts.{script}", *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(f"{done.stderr.strip()}\n\nscripts.{script} could not measure.")
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def run_benchmark(folder: str) -> dict[str, Any]:
    """Serve the demo from a scratch folder, measure, and return everything worth keeping."""
    address = Address(DEFAULT_HOST, free_port())
    scratch = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "SITE_URL", "SECRET_KEY", "SECRET_KEY_FILE"}
    }
    variables = site_variables({**scratch, "DATA_DIR": folder}, address)
    variables |= {"DEBUG": "false", "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"}
    prepare_data(variables)
    say("Loading the demo clinic into a scratch folder")
    manage(variables, "migrate", "--verbosity", "0")
    manage(variables, "load_content", "demo")
    manage(variables, "collectstatic", "--noinput", "--verbosity", "0")
    say("Rendering pages")
    facts = facts_from("render_times", *PAGES.values(), variables=variables)
    say("Checking the wording of a long page")
    wording = facts_from("wording_quality", "--speed", variables=variables)
    server = Server(address)
    try:
        server.start(variables)
        server.wait_until_ready()
        say(f"Fetching each page {CONNECTIONS * REQUESTS} times")
        results = [
            measure(address, page, path, facts["milliseconds"][path])
            for page, path in PAGES.items()
        ]
    finally:
        server.stop()
        server.wait()
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "versions": facts["versions"],
        "connections": CONNECTIONS,
        "requests_per_page": CONNECTIONS * REQUESTS,
        "wording_check": wording,
        "results": [asdict(result) for result in results],
    }


def table(report: dict[str, Any]) -> str:
    """Return the report as a person reads it."""
    about = report["machine"]
    row = "{:<10} {:>11} {:>8} {:>8} {:>10} {:>8}".format
    lines = [
        "{processors} × {processor}, {memory_gib} GiB, {system}, Python {python}".format(**about),
        row("page", "requests/s", "p50 ms", "p99 ms", "render ms", "HTML kB"),
    ]
    lines += [
        row(
            result["page"],
            result["requests_per_second"],
            result["p50_milliseconds"],
            result["p99_milliseconds"],
            result["render_milliseconds"],
            round(result["html_bytes"] / 1000, 1),
        )
        for result in report["results"]
    ]
    lines.append("The client shares the processors with the server.")
    lines.append("Render: the median time of Django alone, nothing cached.")
    lines.append(f"Wording check: {report['wording_check']['told']}.")
    return "\n".join(lines)


def main() -> int:
    """Measure, print and keep the result."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        install("base")
        with tempfile.TemporaryDirectory(prefix="clinic-bench-") as folder:
            report = run_benchmark(folder)
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped; nothing was kept.")
        return 130
    RESULTS.mkdir(parents=True, exist_ok=True)
    name = report["measured_at"][:19].replace(":", "")
    file = RESULTS / f"{name}.json"
    file.write_text(json.dumps(report, indent=2) + "\n")
    say(f"\n{table(report)}\nKept in {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
