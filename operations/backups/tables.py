"""Tables as the migrations that were applied have made them, whatever the software's age."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from operations.backups.columns import Column, column_of
from operations.backups.problems import BackupProblem

# Left out of every archive. All of it is made again, by itself or by `restore`.
LEFT_OUT = {
    "django_session": "nobody stays signed in through a restore",
    "search_searchentry": "the search index is made from the pages",
    "search_searchword": "the search index is made from the pages",
    "search_staleentry": "the search index is made from the pages",
}
_AT_ONCE = 500  # rows

Migration = tuple[str, str]
Row = list[Any]


@dataclass(frozen=True)
class Table:
    """A table of ours: its name, the column that numbers its rows, and all its columns."""

    name: str
    key: str
    has_numbers: bool  # given out by the database, each once
    columns: tuple[Column, ...]

    @property
    def described(self) -> list[list[str]]:
        """The columns with their kinds, as the archive holds them."""
        return [[column.name, column.kind] for column in self.columns]


def applied_migrations(connection: BaseDatabaseWrapper) -> list[Migration]:
    """Return the migrations of the database. Raises BackupProblem if we do not know them all."""
    loader = MigrationLoader(connection)
    applied = set(loader.applied_migrations)
    unknown = sorted(applied - set(loader.graph.nodes))
    if unknown:
        names = ", ".join(".".join(each) for each in unknown)
        raise BackupProblem(
            f"The database was changed by another release of this software ({names})."
            " Use that release."
        )
    return sorted(applied)


def tables_of(migrations: Iterable[Migration]) -> list[Table]:
    """Return the tables that these migrations make, in the order of their names."""
    loader = MigrationLoader(None)
    state = loader.project_state(last_of(loader, migrations))
    models = state.apps.get_models(include_auto_created=True)
    found = [_table(model._meta) for model in models if _is_kept(model._meta)]
    return sorted(found, key=lambda table: table.name)


def _is_kept(options: Any) -> bool:
    return options.managed and not options.proxy and options.db_table not in LEFT_OUT


def _table(options: Any) -> Table:
    return Table(
        options.db_table,
        options.pk.column,
        options.pk.get_internal_type().endswith("AutoField"),
        tuple(column_of(field) for field in options.local_concrete_fields),
    )


def last_of(loader: MigrationLoader, migrations: Iterable[Migration]) -> list[Migration]:
    """Return those of the migrations that none of the others follows on."""
    made = set(migrations)
    nodes = loader.graph.node_map
    return sorted(
        each for each in made if not any(after.key in made for after in nodes[each].children)
    )


def read_rows(connection: BaseDatabaseWrapper, table: Table) -> Iterator[list[Row]]:
    """Yield the table's rows as the archive holds them, some hundreds at a time, by number."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(column.name) for column in table.columns)
    readers = [column.reader(connection) for column in table.columns]
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {names} FROM {quote(table.name)}"  # noqa: S608  (names of ours)
            f" ORDER BY {quote(table.key)}"
        )
        while rows := cursor.fetchmany(_AT_ONCE):
            yield [[read(value) for read, value in zip(readers, row, strict=True)] for row in rows]


def write_rows(connection: BaseDatabaseWrapper, table: Table, rows: list[Row]) -> None:
    """Add rows of the archive to the table."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(column.name) for column in table.columns)
    places = ", ".join(["%s"] * len(table.columns))
    writers = [column.writer(connection) for column in table.columns]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(table.name)} ({names}) VALUES ({places})",  # noqa: S608
            [[write(value) for write, value in zip(writers, row, strict=True)] for row in rows],
        )


def last_number(connection: BaseDatabaseWrapper, table: Table) -> int:
    """Return the last number that was given to a row, which may be gone since.

    Kept, so that nothing new gets the number of something erased that the audit log tells of.
    """
    if not table.has_numbers:
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
            found = cursor.fetchone()
            return int(found[0]) if found else 0
        sequence = _sequence(connection, cursor, table)
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608
        return int(cursor.fetchone()[0])


def go_on_from(connection: BaseDatabaseWrapper, table: Table, number: int) -> None:
    """Have the database number the next row of the table with what follows the number."""
    if not number:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
            cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table.name, number])
        else:
            sequence = _sequence(connection, cursor, table)
            cursor.execute("SELECT setval(%s, %s)", [sequence, number])


def _sequence(connection: BaseDatabaseWrapper, cursor: Any, table: Table) -> str:
    quoted = connection.ops.quote_name(table.name)
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [quoted, table.key])
    name: str = cursor.fetchone()[0]
    return name
