"""`manage.py run_jobs`: sends mail, tells of overdue replies, erases enquiries on time."""

import os
import signal
import threading
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connections
from django.utils import timezone

from enquiries.jobs import Rota

SECONDS_BETWEEN = 5
_BETWEEN_LOOKS = 0.25
# For the job under way, once it is time to end. A mail server may take long over one mail; what is
# broken off is done again later.
_GRACE_OF_A_CHILD = 1.5
_GRACE = 15.0


class Command(BaseCommand):
    """Works until it is stopped, or once. Any number of them may run at a time."""

    help = "Do the work behind the site: mail, overdue replies, erasure. Runs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")
        parser.add_argument(
            "--parent", type=int, default=0, help="end when this process is no longer the parent"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rota = Rota()
        if options["once"]:
            rota.run_due(timezone.now())
            return
        time_to_end = threading.Event()
        watch(time_to_end, options["parent"])
        while not time_to_end.is_set():
            close_old_connections()
            rota.run_due(timezone.now())
            time_to_end.wait(SECONDS_BETWEEN)
        connections.close_all()


def watch(time_to_end: threading.Event, parent: int) -> None:
    """Say when it is time to end: a signal came, or the parent is gone. Then see that it ends."""
    at_work = threading.main_thread()
    signals: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        signals.append(number)  # nothing more: what it interrupts may hold the event's lock

    def look() -> None:
        while not signals and _is_wanted(parent):
            time.sleep(_BETWEEN_LOOKS)
        time_to_end.set()
        at_work.join(_GRACE_OF_A_CHILD if parent else _GRACE)
        if at_work.is_alive():
            os._exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    if not _is_wanted(parent):
        time_to_end.set()
    threading.Thread(target=look, name="watch", daemon=True).start()


def _is_wanted(parent: int) -> bool:
    return not parent or os.getppid() == parent
