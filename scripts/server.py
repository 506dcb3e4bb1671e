"""The production server as a child process: started, awaited, stopped."""

import http.client
import signal
import subprocess
import time
from collections.abc import Mapping
from types import FrameType

from scripts.address import Address
from scripts.environment import PYTHON, ROOT, Problem

SECONDS_TO_START = 60


class Server:
    """`manage.py serve` on an address."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.is_stopping = False
        self.process: subprocess.Popen[bytes] | None = None

    def stop_on_signals(self) -> None:
        """Let Ctrl+C, a polite kill and a closed terminal stop the server."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.stop()

    def start(self, variables: Mapping[str, str]) -> None:
        """Start the server, unless it was told to stop before that."""
        if self.is_stopping:
            return
        self.process = subprocess.Popen(
            [
                PYTHON, "manage.py", "serve",
                "--host", self.address.host, "--port", str(self.address.port),
            ],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            process_group=0,  # Ctrl+C reaches the server through us, once
        )  # fmt: skip
        if self.is_stopping:
            self.stop()

    def stop(self) -> None:
        """Ask the server to finish what it is at and end."""
        self.is_stopping = True
        if self.process is not None:
            self.process.terminate()

    @property
    def is_running(self) -> bool:
        """Say whether it runs and nobody has asked it to stop."""
        return not self.is_stopping and self.process is not None and self.process.poll() is None

    def wait_until_ready(self) -> None:
        """Return once it answers, or ends, or was told to."""
        deadline = time.monotonic() + SECONDS_TO_START
        while self.is_running and not answers(self.address):
            if time.monotonic() > deadline:
                self.stop()
                raise Problem(f"The server did not answer within {SECONDS_TO_START} seconds.")
            time.sleep(0.1)

    def wait(self) -> None:
        """Return when it was stopped; raise a problem if it ended by itself."""
        code = self.process.wait() if self.process is not None else 0
        if not self.is_stopping:
            raise Problem(f"The server stopped by itself (code {code}). The lines above say why.")


def answers(address: Address) -> bool:
    """Say whether something at the address speaks HTTP."""
    connection = http.client.HTTPConnection(address.near_host, address.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
