"""Candidates for the production server, on the same site: which answers most, and how evenly."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.address import DEFAULT_HOST, free_port
from scripts.bench.effort import Effort
from scripts.bench.figures import Outcome, Table, number
from scripts.bench.load import BROWSER, Loaded, load
from scripts.bench.running import running
from scripts.bench.site import ARTICLE, RENDERED, Site
from scripts.bench.tools import scratch_environment
from scripts.environment import ROOT, Problem, say

APPLICATION = "clinic_site.wsgi:application"
CONNECTIONS = (16, 200)
HEADS = (
    "server", "kept, 16: requests/s", "p99 ms", "kept, 200: requests/s", "p99 ms",
    "rendered, 16: requests/s", "p99 ms", "rendered, 200: requests/s", "p99 ms", "memory MB",
)  # fmt: skip
# cheroot has a command line, but threads can only be chosen in code. It is one process.
_CHEROOT = """\
from cheroot.wsgi import Server
from clinic_site.wsgi import application
Server(({host!r}, {port}), application, numthreads={threads}).start()"""


@dataclass(frozen=True)
class Candidate:
    """A server, with its arguments but for the address."""

    name: str
    arguments: Sequence[str]


def _granian(workers: int, threads: int) -> Candidate:
    return Candidate(
        f"granian, {workers} × {threads} threads",
        [
            "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws",
            "--host", "{host}", "--port", "{port}", "--workers", str(workers),
            "--blocking-threads", str(threads), "--backlog", "1024", "--no-access-log",
            "--log-level", "error", APPLICATION,
        ],
    )  # fmt: skip


def _gunicorn(kind: str, workers: int, *more: str) -> Candidate:
    # An open connection holds a sync worker for good, so it closes each: that is how it is meant.
    return Candidate(
        f"gunicorn {kind}, {workers} workers{' × 5 threads' if more else ''}",
        [
            "-m", "gunicorn", "--worker-class", kind, "--workers", str(workers), *more,
            "--bind", "{host}:{port}", "--backlog", "1024", "--log-level", "error", APPLICATION,
        ],
    )  # fmt: skip


def candidates() -> list[Candidate]:
    """Return the servers, each as its own documentation would set it up for two processors."""
    return [
        _granian(1, 1),
        _granian(1, 5),
        _granian(2, 1),
        _granian(2, 2),
        _granian(2, 3),
        _granian(2, 5),
        _gunicorn("sync", 5),
        _gunicorn("gthread", 2, "--threads", "5"),
        Candidate(
            "waitress, 5 threads",
            ["-m", "waitress", "--listen", "{host}:{port}", "--threads", "5", APPLICATION],
        ),
        Candidate("cheroot, 5 threads", ["-c", _CHEROOT]),
        Candidate(
            "uWSGI, 2 × 5 threads",
            [
                "--http", "{host}:{port}", "--http-keepalive", "--master", "--processes", "2",
                "--threads", "5", "--listen", "100", "--enable-threads", "--lazy-apps",
                "--die-on-term", "--disable-logging", "--wsgi", "clinic_site.wsgi",
            ],
        ),
    ]  # fmt: skip


def measure(site: Site, effort: Effort) -> Outcome:
    """Measure every candidate in turn, with pages kept and not, in as many rounds as asked."""
    python = scratch_environment("servers", with_site=True)
    everyone = candidates()
    found: dict[str, list[list[Loaded]]] = {each.name: [] for each in everyone}
    memory: dict[str, float] = {}
    notes = []
    for _ in range(effort.rounds):
        for candidate in everyone:
            try:
                figures, megabytes = _try(site, python, candidate)
            except Problem as problem:
                notes.append(f"{candidate.name} could not be measured: {problem}")
                continue
            found[candidate.name].append(figures)
            memory[candidate.name] = megabytes
            say(f"    {candidate.name}: {figures[0].requests_per_second:,.0f} requests/s")
    rows = [_row(name, rounds, memory[name]) for name, rounds in found.items() if rounds]
    title = f"Median of {effort.rounds} rounds; connections stay open where the server lets them"
    return Outcome("Servers", [], [Table(title, HEADS, rows)], notes)


def _try(site: Site, python: Path, candidate: Candidate) -> tuple[list[Loaded], float]:
    figures = []
    megabytes = 0.0
    for path in (ARTICLE, RENDERED):
        port = free_port()
        with running(
            _command(python, candidate, port),
            port=port,
            cwd=ROOT,
            variables=site.variables,
            wait_for=ARTICLE,
            log=site.folder / "servers.log",
        ) as server:
            server.warm([path], BROWSER)
            for connections in CONNECTIONS:
                # Long enough for the last of 200 to have its turn.
                seconds = 1 if path == ARTICLE else connections // 50 or 2
                figures.append(
                    load(
                        server.url,
                        [path],
                        connections=connections,
                        seconds=seconds,
                        may_be_idle=True,  # one that cannot keep up at all is a finding
                    )
                )
            megabytes = megabytes or server.pss_megabytes()
    return figures, megabytes


def _command(python: Path, candidate: Candidate, port: int) -> list[str]:
    is_uwsgi = candidate.name.startswith("uWSGI")
    program = [str(python.with_name("uwsgi"))] if is_uwsgi else [str(python)]
    if is_uwsgi:
        program += ["--home", str(python.parent.parent)]
    return program + [
        each.format(host=DEFAULT_HOST, port=port, threads=5) for each in candidate.arguments
    ]


def _row(name: str, rounds: Sequence[Sequence[Loaded]], megabytes: float) -> list[str]:
    cells = [name]
    for each in zip(*rounds, strict=True):
        cells += [
            number(statistics.median(one.requests_per_second for one in each)),
            number(statistics.median(one.p99_milliseconds for one in each)),
        ]
    return [*cells, number(megabytes)]
