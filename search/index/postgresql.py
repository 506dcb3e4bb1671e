"""Full-text search by PostgreSQL's tsvector.

The configuration is `simple`, because words come here as stems already.
"""

from django.db import connection

from search.index.fields import WEIGHTS

_TABLE = "search_index"
# PostgreSQL knows four weights, A to D; headings share theirs with the summary.
_LETTERS = {"title": "A", "names": "B", "headings": "C", "summary": "C", "body": "D"}
# From D to A, each of at most 1.
_SCALE = [WEIGHTS[name] / max(WEIGHTS.values()) for name in ("body", "summary", "names", "title")]
CREATE = (
    f"CREATE TABLE IF NOT EXISTS {_TABLE}"
    " (entry_id bigint PRIMARY KEY, stems tsvector NOT NULL);"
    f"CREATE INDEX IF NOT EXISTS {_TABLE}_stems ON {_TABLE} USING gin (stems)"
)
DROP = f"DROP TABLE IF EXISTS {_TABLE}"
_VECTOR = " || ".join(
    f"setweight(to_tsvector('simple', %s), '{letter}')" for letter in _LETTERS.values()
)
_PUT = (
    f"INSERT INTO {_TABLE} (entry_id, stems) VALUES (%s, {_VECTOR})"  # noqa: S608  (names of ours)
    " ON CONFLICT (entry_id) DO UPDATE SET stems = excluded.stems"
)
_REMOVE = f"DELETE FROM {_TABLE} WHERE entry_id = %s"  # noqa: S608
_FIND = (
    f"SELECT entry_id FROM {_TABLE}, to_tsquery('simple', %s) AS query"  # noqa: S608
    " WHERE stems @@ query"
    # 1: a long page gains nothing from its length alone.
    " ORDER BY ts_rank(%s::float4[], stems, query, 1) DESC, entry_id LIMIT %s"
)


class PostgresStore:
    """The stems of each entry as one weighted vector."""

    def put(self, entry_id: int, fields: dict[str, str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_PUT, [entry_id, *(fields[name] for name in _LETTERS)])

    def remove(self, entry_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_REMOVE, [entry_id])

    def clear(self) -> None:
        with connection.cursor() as cursor:
            # Not dropped: that would wait for readers, and have new ones wait till all is done.
            cursor.execute(CREATE)
            cursor.execute(f"DELETE FROM {_TABLE}")  # noqa: S608

    def candidates(self, stems: list[str], limit: int) -> list[int]:
        # Quoted, so that no word is taken for an operator; a stem has letters and digits only.
        expression = " | ".join(f"'{stem}'" for stem in stems)
        with connection.cursor() as cursor:
            cursor.execute(_FIND, [expression, _SCALE, limit])
            return [row[0] for row in cursor.fetchall()]
