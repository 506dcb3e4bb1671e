"""The web server: Granian, on sockets that somebody else holds open (`operations.process_group`).

By itself Granian has each worker open a socket of its own. When the worker is replaced, connections
that wait in that socket are reset. Here each worker has a socket that stays.
"""

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from granian._granian import SocketHolder
from granian._internal import load_target
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess

from operations.process_group import SECONDS_TO_FINISH
from operations.telling import tell

_BACKLOG = 1024
_BETWEEN_LOOKS = 0.5
# Its lines go the way of all others, once the site's settings say which.
_LOGGING = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}


class Teller(logging.Handler):
    """Writes Granian's own lines, until the site's settings have set up the log."""

    def emit(self, record: logging.LogRecord) -> None:
        tell(record.getMessage(), record.levelname, record.name)


# What is Granian's here is not meant for others, and mostly has no types. `tests/operations` starts
# the real server, so that no new version gets in that differs.
_SocketHolder: Any = SocketHolder


class HeldSockets(MPServer):
    """Granian, each of whose workers has one of the sockets that are held open for it."""

    def __init__(self, application: str, *, sockets: Sequence[int], **options: Any) -> None:
        super().__init__(application, **options | {"workers": len(sockets)})
        self._held = [_SocketHolder(each, False, _BACKLOG) for each in sockets]

    def _init_shared_socket(self) -> None:
        self._ssp: Any = None
        self._shd: Any = None
        self._sso: Any = None

    def _spawn_worker(  # type: ignore[override]  # as MPServer has it
        self, idx: int, target: Any, callback_loader: Any
    ) -> WorkerProcess:
        self._shd = self._held[idx]
        return super()._spawn_worker(idx, target, callback_loader)


def load_and_tell(ready: int) -> Callable[[str], Any]:
    """Return what loads the application in a worker, and tells the pipe when that is done."""

    def load(target: str) -> Any:
        application = load_target(target)
        with contextlib.suppress(OSError):  # later workers find nobody who listens any more
            os.write(ready, b".")
        return application

    return load


def end_with(parent: int) -> None:
    """End when the parent is gone: nobody else would."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(_BETWEEN_LOOKS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=look, name="look for parent", daemon=True).start()


def main(arguments: Sequence[str]) -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("application")
    parser.add_argument("--threads", type=int, required=True, help="of each worker")
    parser.add_argument("--sockets", required=True, help="file numbers, one for each worker")
    parser.add_argument("--ready", type=int, required=True, help="where workers say that they are")
    chosen = parser.parse_args(arguments)
    logging.getLogger().addHandler(Teller())
    end_with(os.getppid())
    HeldSockets(
        chosen.application,
        sockets=[int(each) for each in chosen.sockets.split(",")],
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=chosen.threads,
        backlog=_BACKLOG,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        # Warnings say at times that a worker, gone already, had to be killed.
        log_level=LogLevels.error,
        log_dictconfig=_LOGGING,
    ).serve(target_loader=load_and_tell(chosen.ready))


if __name__ == "__main__":
    main(sys.argv[1:])
