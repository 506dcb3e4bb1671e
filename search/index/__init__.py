"""The database's own full-text search: one table of stems, made the same on every database.

A store keeps, under an entry's key, the stems of its fields, and returns the entries that hold any
of some stems, the likeliest first. Words are brought to their stems before they come here
(`search.words`), so that every database finds the same pages.
"""

from typing import Protocol

from django.db import connection

from search.index.postgresql import PostgresStore
from search.index.sqlite import SqliteStore


class Store(Protocol):
    """What a database has to be able to do."""

    def put(self, entry_id: int, fields: dict[str, str]) -> None:
        """Keep the stems of an entry's fields, instead of what was kept before."""
        ...

    def remove(self, entry_id: int) -> None:
        """Forget an entry."""
        ...

    def clear(self) -> None:
        """Forget every entry; makes the table if it is missing."""
        ...

    def candidates(self, stems: list[str], limit: int) -> list[int]:
        """Return the ids of entries with any of the stems, the likeliest first."""
        ...


def store() -> Store:
    """Return the store of the database that the site uses."""
    return PostgresStore() if connection.vendor == "postgresql" else SqliteStore()
