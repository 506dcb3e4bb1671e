"""Writes counts to the database, adding to what is there, and keeps the tables small."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from visits.models import MissingAddress, PageCount

MAX_MISSING = 2000
COUNTS_ARE_KEPT = timedelta(days=3 * 365 + 1)
MISSING_ARE_KEPT = timedelta(days=90)
_ROWS_AT_ONCE = 150  # times five values is below the smallest limit SQLite was ever built with


def add_counts(pages: Mapping[tuple[date, str], int], missing: Mapping[str, int]) -> None:
    """Add to the counts of pages by day and address, and of addresses that lead nowhere.

    All of it is written, or nothing. Several processes may do so at a time: the database adds, and
    rows are touched in one order, so that no two wait for each other.
    """
    today = timezone.localdate()
    with transaction.atomic():
        _upsert(
            PageCount,
            ("day", "path", "times"),
            [(_as_date(day), path, times) for (day, path), times in sorted(pages.items())],
            "(day, path) DO UPDATE SET times = {table}.times + excluded.times",
        )
        _upsert(
            MissingAddress,
            ("path", "times", "first_on", "last_on", "is_dismissed"),
            [
                (path, times, _as_date(today), _as_date(today), False)
                for path, times in sorted(missing.items())
            ],
            "(path) DO UPDATE SET times = {table}.times + excluded.times,"
            " last_on = excluded.last_on",
        )
        if missing:
            _keep_the_most_wanted()


def _as_date(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _upsert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    on_conflict: str,
) -> None:
    """Insert rows, or add to those that are there.

    In SQL, because Django's own upsert can replace a value and not add to it.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    places = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for some in _in_parts(rows):
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608  (nothing of a visitor's)
                f" VALUES {', '.join([places] * len(some))}"
                f" ON CONFLICT {on_conflict.format(table=table)}",
                [value for row in some for value in row],
            )


def _in_parts(rows: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield rows[start : start + _ROWS_AT_ONCE]


def _keep_the_most_wanted() -> None:
    """Forget the addresses that were asked for least, once there are too many."""
    surplus = MissingAddress.objects.order_by("-times", "-last_on", "-pk")[MAX_MISSING:]
    keys = list(surplus.values_list("pk", flat=True))
    if keys:
        MissingAddress.objects.filter(pk__in=keys).delete()


def tidy() -> None:
    """Remove counts older than three years, and addresses nobody asked for in 90 days."""
    today = timezone.localdate()
    PageCount.objects.filter(day__lt=today - COUNTS_ARE_KEPT).delete()
    MissingAddress.objects.filter(last_on__lt=today - MISSING_ARE_KEPT).delete()
