"""A Redis, or a Valkey, that lives as long as the tests that need one."""

import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from scripts import debian
from scripts.address import free_port
from scripts.environment import Problem

_PROGRAMS = ("valkey-server", "redis-server")
_NONE = """\
These tests need Redis or Valkey (redis-server or valkey-server), and neither is on this machine.
On Debian or Ubuntu: apt install redis-server. On macOS: brew install valkey."""
_SECONDS_TO_START = 10


def is_installed() -> bool:
    """Say whether this machine has Redis or Valkey."""
    return _installed() is not None


def find_program() -> str:
    """Return the server's program, after installing it if need be."""
    found = _installed()
    if found is None and debian.can_install():
        debian.install_package("redis-server")
        found = _installed()
    if found is None:
        raise Problem(_NONE)
    return found


def _installed() -> str | None:
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


@contextmanager
def throw_away_redis() -> Iterator[str]:
    """Start an empty server on loopback that writes nothing, yield its address, and stop it."""
    port, password = free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="clinic-redis-") as folder:
        server = subprocess.Popen(
            [
                find_program(), "--bind", "127.0.0.1", "--port", str(port),
                "--requirepass", password, "--save", "", "--appendonly", "no", "--dir", folder,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            _wait(server, port)
            yield f"redis://:{password}@127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Problem(f"Redis did not start on port {port}.")
