"""Counts in memory what is read, and writes it down now and then, apart from any request.

What a process has counted since it last wrote is lost if it is killed: a few seconds of counts.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from multiprocessing.util import Finalize
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from visits.keeping import add_counts
from visits.models import MAX_PATH

logger = logging.getLogger(__name__)

# Different addresses between two writings. There are fewer pages; what is missing is up to whoever
# asks, so that a flood of addresses that were made up costs little memory.
MAX_PAGES = 5000
MAX_MISSING_AT_ONCE = 500


class Tally:
    """The counts of one process. Any thread may add to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._pages: Counter[tuple[date, str]] = Counter()
        self._missing: Counter[str] = Counter()
        self._thread: threading.Thread | None = None

    def record(self, path: str, times: int) -> None:
        """Count readings of a page, today. An address too long to be kept is not counted."""
        key = (timezone.localdate(), path)
        with self._lock:
            if len(path) <= MAX_PATH:
                _add(self._pages, key, times, MAX_PAGES)
        self.see_to_flushing()

    def record_missing(self, path: str) -> None:
        """Count that somebody asked for an address that leads nowhere."""
        with self._lock:
            if len(path) <= MAX_PATH:
                _add(self._missing, path, 1, MAX_MISSING_AT_ONCE)
        self.see_to_flushing()

    def flush(self) -> None:
        """Write all counts to the database. What could not be written waits for the next time."""
        with self._writing:
            for write in (*_writers, self._write):
                try:
                    write()
                except Exception:  # nobody above to tell, and the next time it may go well
                    logger.exception("Counts could not be written; they are kept for later.")

    def _write(self) -> None:
        with self._lock:
            pages, self._pages = self._pages, Counter()
            missing, self._missing = self._missing, Counter()
        if not pages and not missing:
            return
        try:
            add_counts(pages, missing)
        except Exception:
            with self._lock:
                for key, times in pages.items():
                    _add(self._pages, key, times, MAX_PAGES)
                for path, times in missing.items():
                    _add(self._missing, path, times, MAX_MISSING_AT_ONCE)
            raise

    def see_to_flushing(self) -> None:
        """Start the thread that writes, at the first count: only now is a worker what it will be.

        A process that was forked has no thread yet, whatever its parent had.
        """
        if not settings.VISITS_FLUSH_SECONDS or (self._thread and self._thread.is_alive()):
            return
        with self._lock:
            if self._thread and self._thread.is_alive():
                return
            if self._thread is None:
                # Like `atexit`, which worker processes of the server leave out when they end.
                Finalize(None, self.flush, exitpriority=1)
            self._thread = threading.Thread(
                target=self._keep_flushing, name="count readers", daemon=True
            )
            self._thread.start()

    def _keep_flushing(self) -> None:
        while settings.VISITS_FLUSH_SECONDS:
            time.sleep(settings.VISITS_FLUSH_SECONDS)
            self.flush()
            connection.close()  # this thread's own: it would lie idle until the next time


def _add(counts: Counter[Any], key: object, times: int, most: int) -> None:
    if key in counts or len(counts) < most:
        counts[key] += times


_tally = Tally()
_writers: list[Callable[[], None]] = []


def register_writer(write: Callable[[], None]) -> None:
    """Have what another app counts in memory written along. Called from its `AppConfig`.

    `write` keeps what it could not write, and raises; the other writers are not kept from theirs.
    """
    if write not in _writers:
        _writers.append(write)


def record(path: str, times: int = 1) -> None:
    """Count a reading, or several, of the page at the address, today."""
    _tally.record(path, times)


def record_missing(path: str) -> None:
    """Count that somebody asked for an address that leads nowhere."""
    _tally.record_missing(path)


def see_to_flushing() -> None:
    """Have the counts written before long. To be called by whoever has counted something."""
    _tally.see_to_flushing()


def flush() -> None:
    """Write what this process has counted to the database."""
    _tally.flush()
