"""Gives a PostgreSQL the tables and rows of a site on the first release."""

import sqlite3
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from tests.upgrade.first_release import migrations


def put_first_release(file: Path) -> None:
    """Migrate an empty database to where the first release ends, and copy its SQLite file there."""
    MigrationExecutor(connection).migrate(migrations())
    source = sqlite3.connect(file)
    named = source.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    tables = [name for (name,) in named if not name.startswith("sqlite_")]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE " + ", ".join(tables))
        for table in tables:
            _copy(source, table)
    source.close()


def _copy(source: sqlite3.Connection, table: str) -> None:
    """Copy the rows of a table; PostgreSQL reads each value from text as its column's type."""
    with connection.cursor() as cursor:
        rows = source.execute(f"SELECT * FROM {table}")  # noqa: S608  (the name is our own)
        names = [column[0] for column in rows.description]
        columns = ", ".join(f'"{name}"' for name in names)
        places = ", ".join(["%s"] * len(names))
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608
            [[None if value is None else str(value) for value in row] for row in rows],
        )
        if "id" in names:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {table}",  # noqa: S608
                [table],
            )
