"""A server under measurement: started in a session of its own, awaited, looked at, ended."""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.address import DEFAULT_HOST
from scripts.environment import Problem

_SECONDS_TO_START = 60
_SECONDS_TO_STOP = 30
_BETWEEN_TRIES = 0.005
# New connections fall to workers by chance.
_REQUESTS_TO_WARM = 6
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


class Running:
    """A server with all its processes."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, begun: float) -> None:
        self.process = process
        self.port = port
        self.url = f"http://{DEFAULT_HOST}:{port}"
        self._begun = begun
        self.seconds_to_first_answer = 0.0

    def wait_for(self, path: str) -> None:
        """Return once the path answers 200, and note how long that took from the start."""
        deadline = time.monotonic() + _SECONDS_TO_START
        while not _answers_well(self.port, path):
            if self.process.poll() is not None:
                raise Problem(f"{self.process.args!r} ended with code {self.process.returncode}.")
            if time.monotonic() > deadline:
                raise Problem(f"{self.process.args!r} did not answer {path} with 200 in time.")
            time.sleep(_BETWEEN_TRIES)
        self.seconds_to_first_answer = time.perf_counter() - self._begun

    def warm(self, paths: Sequence[str], headers: Mapping[str, str]) -> None:
        """Have every worker make what it makes at its first request for a path."""
        for _ in range(_REQUESTS_TO_WARM):
            for path in dict.fromkeys(paths):
                fetch(self.port, path, headers)

    def processes(self) -> list[int]:
        """Return the numbers of all processes of the session that was started."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # it ended meanwhile
                # The sixth field, counted after the name, which may hold anything.
                fields = entry.read_text().rpartition(")")[2].split()
                if int(fields[3]) == self.process.pid:
                    found.append(int(entry.parent.name))
        return found

    def pss_megabytes(self) -> float:
        """Return the memory of all processes, what they share counted once."""
        kilobytes = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
                kilobytes += int(found[1]) if found else 0
        return kilobytes / 1024

    def stop(self) -> None:
        """End it politely, and what is left of its session after that."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_SECONDS_TO_STOP)
        for pid in self.processes():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    port: int,
    cwd: Path,
    variables: Mapping[str, str],
    wait_for: str = "/",
    log: Path | None = None,
) -> Iterator[Running]:
    """Start a server, wait for its first good answer, and end it in any case."""
    with (log or Path(os.devnull)).open("ab") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        server = Running(process, port, begun)
        try:
            server.wait_for(wait_for)
            yield server
        finally:
            server.stop()


def _answers_well(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(DEFAULT_HOST, port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def fetch(port: int, path: str, headers: Mapping[str, str]) -> tuple[dict[str, str], bytes]:
    """Return headers, by names in small letters, and body of an answer as they are sent."""
    connection = http.client.HTTPConnection(DEFAULT_HOST, port, timeout=30)
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise Problem(f"{path} answered {answer.status}, so there is nothing to measure.")
    return {name.lower(): value for name, value in answer.getheaders()}, body
