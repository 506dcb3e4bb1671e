"""Tells the board what has changed, once the change is committed.

Whatever is written to a table that readers' pages are made of makes every page out of date, unless
who writes it says more exactly what has changed (`page_changed`). So nothing has to be remembered
when a new table comes: only tables that no page shows are named here.
"""

import functools
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from delivery.board import Board
from delivery.connections import take_one_apart
from delivery.models import Change
from delivery.shown import ANY_PAGE, EVERYTHING

logger = logging.getLogger(__name__)

# How often a machine asks what others have changed. They promise their readers a second.
SECONDS_BETWEEN_LOOKS = 0.4
KEPT = timedelta(days=1)
_LOOKED_BACK = 500

# Tables of which no page that is kept shows anything.
_UNSEEN = (
    "account_", "accounts_", "auth_", "axes_", "delivery_", "django_admin_log", "django_session",
    "enquiries_", "mfa_", "operations_",
    "evidence_clinicrule", "evidence_evidenceheld", "evidence_reviewneeded",
    "evidence_ruleseverity", "feedback_",
    "publishing_auditentry", "publishing_cancellation", "publishing_externallink",
    "publishing_publication", "publishing_redirect", "publishing_review",
    "publishing_renditiontask", "publishing_scheduledchange", "publishing_sharelink",
    "publishing_submission", "publishing_unusedfile", "publishing_version",
    "publishing_workinprogress", "search_", "visits_",
)  # fmt: skip
_SEEN_ALL_THE_SAME = ("publishing_reviewpolicy",)
_WRITE = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)

_seen_tables: set[str] = set()
_is_told_apart: ContextVar[bool] = ContextVar("is_told_apart", default=False)


@functools.cache
def board() -> Board:
    """Return the board of this machine."""
    return Board(settings.DATA_DIR / "changes.board")


@contextmanager
def told_apart() -> Iterator[None]:
    """Have what is written inside not count as a change of everything: it is told of apart."""
    token = _is_told_apart.set(True)
    try:
        yield
    finally:
        _is_told_apart.reset(token)


def page_changed(tags: Iterable[str]) -> None:
    """Note that a page has changed, by the tags of those that show it."""
    _tell(sorted({*tags, ANY_PAGE}))


def _tell(tags: list[str]) -> None:
    if not settings.PAGE_CACHE_MEGABYTES:
        return
    _tell_other_machines(tags)
    transaction.on_commit(lambda: board().touch(tags))


def _touch_everything() -> None:
    board().touch([EVERYTHING])


def _everything_changed() -> None:
    if any(entry[1] is _touch_everything for entry in connection.run_on_commit):
        return  # told already, in this transaction
    _tell_other_machines([EVERYTHING])
    transaction.on_commit(_touch_everything)


def _tell_other_machines(tags: list[str]) -> None:
    if settings.HEARS_OTHER_MACHINES and _is_there():
        Change.objects.create(tags=tags, board=board().name)


def _is_there() -> bool:
    """Say whether the table is there yet: migrations of other apps write before it is made."""
    if not _seen_tables:
        _seen_tables.update({Change._meta.db_table} & set(connection.introspection.table_names()))
    return bool(_seen_tables)


def watch_writes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Note a change when something is written that pages may show. Wraps every statement."""
    result = execute(sql, params, many, context)
    if not _is_told_apart.get():
        write = _WRITE.match(sql)
        if write and is_seen(write[1]):
            _everything_changed()
    return result


def watch(connection: Any, **kwargs: Any) -> None:
    """Watch what is written over a new connection to the database, if pages are kept at all."""
    if settings.PAGE_CACHE_MEGABYTES and watch_writes not in connection.execute_wrappers:
        connection.execute_wrappers.append(watch_writes)


def is_seen(table: str) -> bool:
    """Say whether a page may show what stands in a table."""
    return table in _SEEN_ALL_THE_SAME or not table.startswith(_UNSEEN)


class Listener(threading.Thread):
    """Hears from the database what other machines have changed, and tells this one's board."""

    def __init__(self) -> None:
        super().__init__(name="hear of changes", daemon=True)
        self._heard = self._newest().keys()

    def run(self) -> None:
        """Look again and again. While the database is away, nothing is taken to stand."""
        take_one_apart()
        while True:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            try:
                self.look()
            except DatabaseError:
                logger.warning("What other machines change cannot be heard: no database.")
                connection.close()
                _touch_everything()

    def look(self) -> None:
        """Tell the board what came in from elsewhere since the last look."""
        newest = self._newest()
        for pk in newest.keys() - self._heard:
            board().touch(newest[pk])
        self._heard = newest.keys()

    def _newest(self) -> dict[int, list[str]]:
        # By number and not by time: a transaction that took long is heard of when it is committed.
        elsewhere = Change.objects.exclude(board=board().name).order_by("-pk")
        return dict(elsewhere.values_list("pk", "tags")[:_LOOKED_BACK])


def forget_old_changes() -> int:
    """Throw away what every machine has heard of long ago; return how many."""
    return Change.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
