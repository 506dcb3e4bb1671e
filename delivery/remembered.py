"""What goes into many pages, worked out once and kept by each process until it is out of date.

A page that has to be rendered, because it is new, because it changed or because staff ask for it,
finds its frame and its text ready. Nothing here may depend on who asks.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.utils import timezone

from delivery import moments, shown
from delivery.board import Board, Stamp
from delivery.changes import board

Value = TypeVar("Value")

# The text of a long page comes to some 100 kB with its sources.
_MOST = 200


@dataclass(frozen=True)
class _Entry:
    value: Any
    stamp: Stamp
    rows: frozenset[str]


_entries: OrderedDict[Hashable, _Entry] = OrderedDict()
_lock = threading.Lock()


def remembered(key: Hashable, work: Callable[[], Value], *tags: str) -> Value:
    """Return what `work` returns, which is done once for each key until something changes.

    It is out of date with whatever makes every page so, with the rows of pages that it loads, the
    further tags, and at the next moment at which pages say something else (`delivery.moments`).
    Whoever is given it must not change it. Inside a transaction nothing is kept and nothing taken:
    what that has written, nobody else may see yet.
    """
    if not _is_in_use():
        return work()
    return _find((next_moment(), key), work, tags)


def next_moment() -> float:
    """Return until when a page that is rendered now is right, in seconds since 1970."""
    if not _is_in_use():
        return _ask_for_moment()
    moment = _find("next moment", _ask_for_moment, ())
    if moment <= time.time():  # it has come
        with _lock:
            _entries.pop((board().name, "next moment"), None)
        moment = _find("next moment", _ask_for_moment, ())
    return moment


def _ask_for_moment() -> float:
    return moments.next_after(timezone.now()).timestamp()


def _is_in_use() -> bool:
    return bool(settings.PAGE_CACHE_MEGABYTES) and not connection.in_atomic_block


def _find(key: Hashable, work: Callable[[], Value], tags: tuple[str, ...]) -> Value:
    own_board = board()
    full_key = (own_board.name, key)
    entry = _entries.get(full_key)
    if entry is None or not own_board.stands(entry.stamp):
        entry = _worked_out(own_board, work, tags)
        with _lock:
            _entries[full_key] = entry
            _entries.move_to_end(full_key)
            while len(_entries) > _MOST:
                _entries.popitem(last=False)
    for tag in entry.rows:
        shown.row(tag)
    value: Value = entry.value
    return value


def _worked_out(own_board: Board, work: Callable[[], Any], tags: tuple[str, ...]) -> _Entry:
    # Taken before anything is read: what changes meanwhile makes the value out of date.
    before = own_board.photograph()
    with shown.collecting() as noted:
        value = work()
    stamp = before.stamp({shown.EVERYTHING, *noted.rows, *tags})
    return _Entry(value, stamp, frozenset(noted.rows))
