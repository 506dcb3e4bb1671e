"""Full-text search by SQLite's FTS5. See https://sqlite.org/fts5.html."""

from django.db import connection

from search.index.fields import WEIGHTS

_TABLE = "search_index"
_COLUMNS = ", ".join(WEIGHTS)
CREATE = f"CREATE VIRTUAL TABLE IF NOT EXISTS {_TABLE} USING fts5({_COLUMNS})"
DROP = f"DROP TABLE IF EXISTS {_TABLE}"
_PUT = f"INSERT INTO {_TABLE} (rowid, {_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s)"  # noqa: S608
_REMOVE = f"DELETE FROM {_TABLE} WHERE rowid = %s"  # noqa: S608  (names of ours)
_FIND = (
    f"SELECT rowid FROM {_TABLE} WHERE {_TABLE} MATCH %s"  # noqa: S608
    f" ORDER BY bm25({_TABLE}, {', '.join(str(weight) for weight in WEIGHTS.values())}) LIMIT %s"
)


class SqliteStore:
    """The stems in one virtual table; a row's number is the entry's id."""

    def put(self, entry_id: int, fields: dict[str, str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_REMOVE, [entry_id])
            cursor.execute(_PUT, [entry_id, *(fields[name] for name in WEIGHTS)])

    def remove(self, entry_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_REMOVE, [entry_id])

    def clear(self) -> None:
        with connection.cursor() as cursor:
            # Dropped rather than emptied: it may be damaged. Readers see the old one until the end.
            cursor.execute(DROP)
            cursor.execute(CREATE)

    def candidates(self, stems: list[str], limit: int) -> list[int]:
        # Quoted, so that no word is taken for an operator; a stem has letters and digits only.
        expression = " OR ".join(f'"{stem}"' for stem in stems)
        with connection.cursor() as cursor:
            cursor.execute(_FIND, [expression, limit])
            return [row[0] for row in cursor.fetchall()]
