"""`python -m operations.serving`: opens the port, and starts the processes of the site on it."""

import argparse
import contextlib
import os
import socket
import sys
from collections.abc import Sequence

from operations.process_group import Part, ProcessGroup

_BACKLOG = 1024


class PortTaken(Exception):
    """The port cannot be listened on. The text says why."""


def open_sockets(host: str, port: int, count: int) -> list[socket.socket]:
    """Return so many sockets that share one port. New connections fall to one of them by chance."""
    family, _, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    try:
        # One that shares nothing, so that nobody else's server on the port goes unnoticed.
        with _bound(family, address) as alone:
            address = alone.getsockname()
        return [_listening(_bound(family, address, shares=True)) for _ in range(count)]
    except OSError as error:
        raise PortTaken(f"Cannot listen on {host} port {port}: {error.strerror}.") from error


def _bound(family: int, address: object, *, shares: bool = False) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    with contextlib.ExitStack() as undo:
        undo.callback(opened.close)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shares:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        opened.bind(address)  # type: ignore[arg-type]
        undo.pop_all()
    return opened


def _listening(opened: socket.socket) -> socket.socket:
    opened.listen(_BACKLOG)
    opened.setblocking(False)
    return opened


def parts(chosen: argparse.Namespace, sockets: Sequence[socket.socket]) -> tuple[Part, list[Part]]:
    """Return the web server, and what runs beside it."""
    parent = ["--parent", str(os.getpid())]
    web = Part(
        "web",
        [
            sys.executable, "-m", "operations.web_server", chosen.application,
            "--threads", str(chosen.threads),
        ],
        chosen.folder,
        [each.fileno() for each in sockets],
    )  # fmt: skip
    manage = [sys.executable, "manage.py"]
    others = []
    if chosen.jobs:
        others.append(Part("jobs", [*manage, "run_jobs", *parent], chosen.folder))
    if chosen.metrics_port:
        port = ["--port", str(chosen.metrics_port)]
        others.append(Part("metrics", [*manage, "metrics", *port, *parent], chosen.folder))
    return web, others


def main(arguments: Sequence[str]) -> int:
    """Start everything, and return the exit code once it was told to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    # The path, and not the folder itself: it may be a link to the release that is current.
    parser.add_argument("--folder", default=os.curdir)
    parser.add_argument("--jobs", action="store_true")
    parser.add_argument("--metrics-port", type=int, default=0)
    parser.add_argument("application")
    chosen = parser.parse_args(arguments)
    try:
        sockets = open_sockets(chosen.host, chosen.port, chosen.workers)
    except (PortTaken, socket.gaierror) as problem:
        sys.exit(str(problem))
    return ProcessGroup(*parts(chosen, sockets)).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
