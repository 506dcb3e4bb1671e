"""A crowd on one database: many who read and some who write, all at the same time."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from scripts.faults import visitor
from scripts.faults.mail_server import BadMailServer
from scripts.faults.site import TrialSite
from scripts.faults.trials import Outcome

READERS, WRITERS, SECONDS = 50, 5, 60.0
# Each of them asks the database, since no page is kept in this trial.
ADDRESSES = ("/", "/conditions/", "/treatments/", "/articles/", "/search/?q=knee", "/contact/")
_LOCKED = "database is locked"


def readers_and_writers(
    site: TrialSite,
    mail: BadMailServer,
    *,
    readers: int = READERS,
    writers: int = WRITERS,
    seconds: float = SECONDS,
) -> Outcome:
    """50 readers and 5 writers for a minute: everybody is answered, and nobody finds it locked."""
    site.start(LOG_LEVEL="WARNING", PAGE_CACHE_MEGABYTES="0")
    until = time.monotonic() + seconds
    read, written = Counter[int](), Counter[int]()
    numbers, lock = itertools.count(60_000), threading.Lock()
    slowest = {"read": 0.0, "write": 0.0}

    def work(kind: str, counts: Counter[int], once: Callable[[], int]) -> None:
        while time.monotonic() < until:
            begun = time.monotonic()
            status = once()
            with lock:
                counts[status] += 1
                slowest[kind] = max(slowest[kind], time.monotonic() - begun)

    def look() -> int:
        return visitor.ask(site.address, "GET", random.choice(ADDRESSES)).status  # noqa: S311

    def write() -> int:
        token = visitor.open_form(site.address, time.monotonic() + 30)
        return visitor.send(site.address, visitor.answers(next(numbers), token)).status

    crowd = [threading.Thread(target=work, args=("read", read, look)) for _ in range(readers)]
    crowd += [threading.Thread(target=work, args=("write", written, write)) for _ in range(writers)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    site.kill()
    outcome = Outcome(
        {
            "seconds": seconds,
            "pages read": read.total(),
            "enquiries sent": written.total(),
            "answers to readers other than 200": read.total() - read[200],
            "answers to writers other than 303": written.total() - written[303],
            "slowest page, seconds": round(slowest["read"], 1),
            "slowest form and sending, seconds": round(slowest["write"], 1),
            f"“{_LOCKED}” in the log": Path(site.log).read_text(errors="replace").count(_LOCKED),
        }
    )
    outcome.expect(read.keys() == {200}, f"readers were answered {dict(read)}")
    outcome.expect(written.keys() == {303}, f"writers were answered {dict(written)}")
    outcome.expect(not outcome.counted[f"“{_LOCKED}” in the log"], "the database was locked")
    return outcome
