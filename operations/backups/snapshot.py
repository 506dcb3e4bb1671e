"""One moment of the database, to be read at leisure while the site goes on writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# A transaction that only reads. In SQLite's WAL mode and in PostgreSQL's REPEATABLE READ it sees
# what was committed when it first read, and neither waits for writers nor keeps them waiting.
_BEGIN = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """Yield a connection of its own that sees the database as it is now, until the end."""
    site = connections[DEFAULT_DB_ALIAS]
    settings = deepcopy(site.settings_dict)
    settings["OPTIONS"].pop("pool", None)  # it would hold up a request for as long as this takes
    connection = type(site)(settings, DEFAULT_DB_ALIAS)
    try:
        with connection.cursor() as cursor:
            # Not by `atomic`, which on SQLite would take the lock of writers.
            cursor.execute(_BEGIN[connection.vendor])
            cursor.execute("SELECT count(*) FROM django_migrations")  # from here on
        yield connection
    finally:
        connection.close()
