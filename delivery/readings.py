"""Counts readings of kept pages with next to no work, and hands them over to `visits` at times."""

import threading

from visits import tally

_lock = threading.Lock()
_readings: dict[str, int] = {}


def add(path: str) -> None:
    """Count one reading of the page at a path."""
    with _lock:
        _readings[path] = _readings.get(path, 0) + 1


def hand_over() -> None:
    """Give `visits` what was counted since the last time; it writes it down."""
    with _lock:
        taken = dict(_readings)
        _readings.clear()
    for path, times in taken.items():
        tally.record(path, times)
