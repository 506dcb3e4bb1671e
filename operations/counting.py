"""What a worker counts for whoever watches the site: requests, and answers from the kept pages.

Counted in files that `manage.py metrics` adds up over all workers (prometheus_client calls it the
multiprocess mode). Where no folder is named for them, as under `make dev`, in memory alone.
"""

import os
from collections.abc import Callable
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

from delivery.pages import KeptPages
from operations.counted_files import VARIABLE
from visits.tally import register_writer

_KINDS = ("counter", "gauge_livesum", "histogram")
_FILE_BYTES = 1 << 16  # as prometheus_client makes them
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def _reserve(folder: str) -> None:
    """Take the place on the disk now. Writing to a mapped file on a full disk ends a process."""
    for kind in _KINDS:
        with (Path(folder) / f"{kind}_{os.getpid()}.db").open("a+b") as file:
            os.posix_fallocate(file.fileno(), 0, _FILE_BYTES)


if folder := os.environ.get(VARIABLE):
    _reserve(folder)

requests = Counter(
    "clinic_requests", "Requests that the framework answered, by class of status", ["status"]
)
durations = Histogram(
    "clinic_request_seconds", "How long the framework took for an answer", buckets=_BUCKETS
)
kept_answers = Counter("clinic_kept_pages_answered", "Answers given from the kept pages")
kept_misses = Counter("clinic_kept_pages_missed", "Pages that were not kept, or not right any more")
kept_bytes = Gauge(
    "clinic_kept_pages_bytes", "What kept pages take, all workers together",
    multiprocess_mode="livesum",
)  # fmt: skip


def note_request(status: int, seconds: float) -> None:
    """Count a request that the framework answered."""
    requests.labels(f"{status // 100}xx").inc()
    durations.observe(seconds)


def watch(pages: KeptPages) -> None:
    """Have what a worker's kept pages did be counted, every few seconds and when it ends."""
    register_writer(_writer(pages))


def _writer(pages: KeptPages) -> Callable[[], None]:
    told = [0, 0]

    def write() -> None:
        answered, missed = pages.answered, pages.missed
        kept_answers.inc(answered - told[0])
        kept_misses.inc(missed - told[1])
        told[:] = answered, missed
        kept_bytes.set(pages.bytes)

    return write
