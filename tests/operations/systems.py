"""Whole systems of a test's own: a database, a media folder and a folder for backups."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models
from django.test import override_settings

from operations.backups.tables import LEFT_OUT
from tests.prepared import migrated_file, migrated_template

_FILE = "db.sqlite3"
Rows = dict[str, dict[Any, dict[str, Any]]]


@dataclass(frozen=True)
class System:
    """Where a system keeps what it has."""

    folder: Path

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    def archive(self) -> Path:
        """Return the newest of its backups."""
        return max(self.backups.glob("clinic-*.age"))


@contextmanager
def empty_system(folder: Path) -> Iterator[System]:
    """Put an empty database, without tables, and empty folders in the place of the tests' own."""
    name = ""
    if connection.vendor != "sqlite":
        name = _made("template0")
    with _system(folder, name) as system:
        yield system


@contextmanager
def migrated_system(folder: Path, shared: Path) -> Iterator[System]:
    """Put a system with every table and no content in the place of the tests' own."""
    name = ""
    if connection.vendor == "sqlite":
        folder.mkdir(exist_ok=True)
        shutil.copy(migrated_file(shared), folder / _FILE)
    else:
        name = _made(migrated_template(shared, os.environ["TEST_DATABASE_URL"]))
    with _system(folder, name) as system:
        yield system


@contextmanager
def _system(folder: Path, database: str) -> Iterator[System]:
    system = System(folder)
    folder.mkdir(exist_ok=True)
    settings = connection.settings_dict
    before, held = settings["NAME"], connection.connection
    # Kept open: a database in memory ends with its last connection.
    connection.connection = None
    settings["NAME"] = database or str(folder / _FILE)
    try:
        with override_settings(MEDIA_ROOT=folder / "media", BACKUP_DIR=system.backups):
            yield system
    finally:
        connection.close()
        settings["NAME"] = before
        connection.connection = held
        if database:
            _outside(f"DROP DATABASE {database} WITH (FORCE)")


def _made(template: str) -> str:
    name = f"test_backups_{secrets.token_hex(6)}"
    _outside(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def _outside(command: str) -> None:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(command)


def every_row() -> Rows:
    """Return each row of each table of the site, by table and number, as the database has it."""
    found: Rows = {}
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.managed and not options.proxy and options.db_table not in LEFT_OUT:
            found[options.db_table] = {row[options.pk.column]: row for row in _rows(model)}
    return found


def _rows(model: type[models.Model]) -> Iterator[dict[str, Any]]:
    columns = [field.column for field in model._meta.local_concrete_fields]
    is_json = {
        field.column
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.JSONField)
    }
    with connection.cursor() as cursor:
        quoted = ", ".join(f'"{column}"' for column in columns)
        cursor.execute(f'SELECT {quoted} FROM "{model._meta.db_table}"')  # noqa: S608
        for values in cursor.fetchall():
            row = dict(zip(columns, values, strict=True))
            # Spaces and the order of keys mean nothing.
            yield {
                name: json.loads(value) if name in is_json and value is not None else value
                for name, value in row.items()
            }


def every_file(folder: str = "") -> dict[str, bytes]:
    """Return what each file of the media storage holds."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return {}
    found = {}
    for file in files:
        with default_storage.open(f"{folder}/{file}".lstrip("/")) as opened:
            found[f"{folder}/{file}".lstrip("/")] = opened.read()
    for each in folders:
        found |= every_file(f"{folder}/{each}".lstrip("/"))
    return found
