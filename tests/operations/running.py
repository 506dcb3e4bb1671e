"""A site that runs as in production, with its jobs and figures, for the tests that look at it."""

import contextlib
import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from scripts.address import free_port
from scripts.environment import ROOT

SECRET_KEY = "canary-of-the-secret-key-" + "x" * 32
_SECONDS = 60.0


@dataclass
class Answer:
    """What the site answered."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass
class Running:
    """The site's process, folder, ports, and whoever visits it with their cookies."""

    folder: Path
    port: int
    metrics_port: int
    process: "subprocess.Popen[bytes]"
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: str | None = None, port: int = 0, **headers: str
    ) -> Answer:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=_SECONDS)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={each}" for name, each in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for each in answer.headers.get_all("Set-Cookie", []):
                name, _, value = each.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(answer.status, answer.headers, answer.read().decode())

    def log(self) -> str:
        """Return all that its processes have written."""
        return (self.folder / "log").read_text()

    def entries(self) -> list[dict[str, Any]]:
        """Return the lines of the log that are JSON objects."""
        lines = [line for line in self.log().splitlines() if line.startswith("{")]
        return [json.loads(line) for line in lines]

    def says(self, text: str) -> bool:
        """Say whether the log has a text."""
        return text in self.log()

    def database(self, statement: str) -> list[Any]:
        """Do something to its database behind its back."""
        with contextlib.closing(sqlite3.connect(self.folder / "db.sqlite3")) as connection:
            found = connection.execute(statement).fetchall()
            connection.commit()
        return found

    def children(self, command: str) -> list[int]:
        """Return the processes that its first one has started, by a part of their command."""
        listed = subprocess.run(
            ["/bin/ps", "--ppid", str(self.process.pid), "-o", "pid=,args="],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return [int(line.split()[0]) for line in listed.stdout.splitlines() if command in line]

    def signal(self, number: signal.Signals) -> None:
        """Send its first process a signal."""
        self.process.send_signal(number)


def soon(check: Callable[[], object]) -> bool:
    """Say whether it comes to be so within a minute."""
    deadline = time.monotonic() + _SECONDS
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def collect_names(folder: Path) -> None:
    """Write a manifest in which every static file has its own name: pages need no more of them."""
    names = [name for finder in get_finders() for name, _ in finder.list([])]
    (folder / "static").mkdir()
    manifest = {"version": "1.1", "paths": {name: name for name in names}, "hash": ""}
    (folder / "static" / "staticfiles.json").write_text(json.dumps(manifest))


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Running]:
    """Serve the database in the folder with two workers, jobs and figures; end it in any case."""
    port, metrics_port = free_port(), free_port()
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "clinic_site.settings",
        "DEBUG": "false",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": SECRET_KEY,
        "ENQUIRY_KEYS": ",".join(settings.ENQUIRY_KEYS),
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "EMAIL_HOST": "",
        **more,
    }
    options = ["--port", str(port), "--workers", "2", "--metrics-port", str(metrics_port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *options],
            cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    site = Running(folder, port, metrics_port, process)
    try:
        assert soon(lambda: _answers(site) or process.poll() is not None), site.log()
        assert process.poll() is None, site.log()
        yield site
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(site: Running) -> bool:
    try:
        return site.ask("GET", "/livez").status == 200
    except OSError:
        return False
