"""The processes of the site, started together and looked after: web server, jobs, figures.

`manage.py serve` turns into this. It knows no Django, so that it takes little memory.

- What ends by itself is started again, after a wait that doubles from one second to a minute.
- SIGTERM and SIGINT end everything, once requests under way are answered.
- SIGHUP starts a new web server from the files as they are now. Only when it is ready is the old
  one told to finish, and the rest started again; one that does not start leaves all as it was.

The listening sockets are this process's own, one for each worker, and are never closed meanwhile: a
connection that comes while workers change waits, and is neither refused nor lost (decision 0002).
"""

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

from operations.telling import tell

# For requests under way when a server is told to stop. Without it, a client that never finishes
# sending would keep the server from ever stopping.
SECONDS_TO_FINISH = 20
_SECONDS_BEFORE_KILL = SECONDS_TO_FINISH + 5
_SECONDS_TO_START = 120
_SHORTEST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_BETWEEN_LOOKS = 1.0


@dataclass
class Part:
    """A process of the group, started in a folder; a server is given its sockets."""

    name: str
    command: Sequence[str]
    folder: str
    sockets: Sequence[int] = ()
    is_ready: bool = field(default=False, init=False)
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    # Through this a server's workers tell, a byte each, that they are ready.
    pipe: int | None = field(default=None, init=False)
    _told: int = field(default=0, init=False)
    _begun: float = field(default=0.0, init=False)
    _due: float = field(default=0.0, init=False)
    _wait: float = field(default=_SHORTEST_WAIT, init=False)

    def start(self) -> None:
        """Start it."""
        command, passed = [*self.command], [*self.sockets]
        if self.sockets:
            self.pipe, writing = os.pipe()
            os.set_blocking(self.pipe, False)
            passed.append(writing)
            command += ["--sockets", ",".join(map(str, self.sockets)), "--ready", str(writing)]
        self._told = 0
        self._begun = time.monotonic()
        try:
            self.process = subprocess.Popen(  # noqa: S603  (commands of our own)
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                pass_fds=passed,
                process_group=0,  # Ctrl+C reaches it through us, once
            )
        finally:
            if self.sockets:
                os.close(writing)

    @property
    def is_running(self) -> bool:
        """Say whether the process is there."""
        return self.process is not None and self.process.poll() is None

    @property
    def is_overdue(self) -> bool:
        """Say whether a server has had long enough to get ready, and is not."""
        return not self.is_ready and time.monotonic() - self._begun > _SECONDS_TO_START

    def hear(self) -> None:
        """Take in what the workers have told."""
        if self.pipe is None:
            return
        with contextlib.suppress(BlockingIOError):
            self._told += len(os.read(self.pipe, 64))
        if self._told >= len(self.sockets):
            self.is_ready = True
            self._close_pipe()

    def see_to(self) -> None:
        """If it has ended, start it again once its time has come."""
        now = time.monotonic()
        if self.process is not None and not self.is_running:
            if now - self._begun > _LONGEST_WAIT:
                self._wait = _SHORTEST_WAIT
            tell(
                f"The process “{self.name}” ended by itself, with code {self.process.returncode}."
                f" It is started again in {self._wait:g} s.",
                "ERROR",
            )
            self._due, self._wait = now + self._wait, min(2 * self._wait, _LONGEST_WAIT)
            self.kill()  # what it has left behind
            self.process = None
        if self.process is None and now >= self._due:
            self.start()

    def terminate(self) -> None:
        """Tell it to finish and end."""
        if self.process is not None and self.is_running:
            self.process.terminate()

    def kill(self) -> None:
        """End it and the processes it has started, whatever they are at."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._close_pipe()

    def await_end(self, until: float) -> None:
        """Return when it has ended. It is killed if that takes too long."""
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0.0, until - time.monotonic()))
        self.kill()

    def _close_pipe(self) -> None:
        if self.pipe is not None:
            os.close(self.pipe)
            self.pipe = None


class ProcessGroup:
    """All of them, until they are told to end."""

    def __init__(self, web: Part, others: Sequence[Part]) -> None:
        self._web = web
        self._others = list(others)
        self._coming: Part | None = None
        self._leaving: list[tuple[Part, float]] = []
        self._is_to_end = False
        self._is_to_renew = False
        self._woken, self._wake = socket.socketpair()
        self._woken.setblocking(False)
        self._wake.setblocking(False)

    def run(self) -> int:
        """Work until a signal ends it, or the first server did not start; return the exit code."""
        with self._woken, self._wake:
            signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
            try:
                return self._run()
            finally:
                signal.set_wakeup_fd(-1)

    def _run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, self._note)
        for part in (self._web, *self._others):
            part.start()
        code = self._await_first()
        while not (self._is_to_end or code):
            if self._is_to_renew and self._coming is None:
                self._renew()
            for part in (self._web, *self._others):
                part.see_to()
            self._see_to_coming()
            self._see_to_leaving()
            self._sleep()
        self._end()
        return code

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number in {signal.SIGTERM, signal.SIGINT}:
            self._is_to_end = True
        elif number == signal.SIGHUP:
            self._is_to_renew = True

    def _sleep(self) -> None:
        """Wait a moment, or for a signal, the end of a process, or what a server tells."""
        servers = [each for each in (self._web, self._coming) if each is not None]
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            for each in servers:
                if each.pipe is not None:
                    selector.register(each.pipe, selectors.EVENT_READ)
            selector.select(_BETWEEN_LOOKS)
        with contextlib.suppress(BlockingIOError):
            self._woken.recv(1024)
        for each in servers:
            each.hear()

    def _await_first(self) -> int:
        """Return 0 when the first server is ready, or its code if it ended before that."""
        while not (self._is_to_end or self._web.is_ready):
            if self._web.process is not None and not self._web.is_running:
                return abs(self._web.process.returncode) or 1
            self._sleep()
        return 0

    def _renew(self) -> None:
        tell("A new server starts beside the old one.")
        self._is_to_renew = False
        self._coming = Part(
            self._web.name, self._web.command, self._web.folder, self._web.sockets
        )  # fmt: skip
        self._coming.start()

    def _see_to_coming(self) -> None:
        coming = self._coming
        if coming is None:
            return
        if coming.is_ready:
            tell("The new server is ready. The old one finishes what it is at, and ends.")
            until = time.monotonic() + _SECONDS_BEFORE_KILL
            self._web.terminate()
            self._leaving.append((self._web, until))
            self._web, self._coming = coming, None
            for part in self._others:
                part.terminate()
                part.await_end(until)
                part.start()
        elif not coming.is_running or coming.is_overdue:
            tell("The new server did not start. The old one goes on.", "ERROR")
            coming.kill()
            self._coming = None

    def _see_to_leaving(self) -> None:
        for part, until in self._leaving:
            if not part.is_running or time.monotonic() > until:
                part.kill()
        self._leaving = [each for each in self._leaving if each[0].is_running]

    def _end(self) -> None:
        until = time.monotonic() + _SECONDS_BEFORE_KILL
        coming = [] if self._coming is None else [self._coming]
        parts = [self._web, *self._others, *coming, *(part for part, _ in self._leaving)]
        for part in parts:
            part.terminate()
        for part in parts:
            part.await_end(until)
