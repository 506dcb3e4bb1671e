"""Compresses kept pages at their best once nobody waits for them.

Brotli at its best takes ten times as long as rendering a page does. So the first readers of a new
page are given a quick coding, some bytes longer, and a thread of low priority makes the best one.
"""

import os
import queue
import threading
import weakref
from contextlib import suppress
from typing import Protocol

_NICENESS = 10


class Squeezable(Protocol):
    """Something that can be made smaller."""

    def squeeze(self) -> None:
        """Do it."""


_waiting: "queue.Queue[weakref.ref[Squeezable]]" = queue.Queue()
_starting = threading.Lock()
_thread: threading.Thread | None = None


def later(page: Squeezable) -> None:
    """Have the page squeezed soon, unless nobody keeps it any longer by then."""
    global _thread
    _waiting.put(weakref.ref(page))
    with _starting:
        if _thread is None or not _thread.is_alive():  # in a process that was forked, for example
            _thread = threading.Thread(target=_work, name="squeeze pages", daemon=True)
            _thread.start()


def finish() -> None:
    """Return once everything that was asked for is done."""
    _waiting.join()


def _work() -> None:
    with suppress(OSError, AttributeError):  # readers come first, where the system can tell
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
    while True:
        page = _waiting.get()()
        try:
            if page is not None:
                page.squeeze()
        finally:
            _waiting.task_done()
