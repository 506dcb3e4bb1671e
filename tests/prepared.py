"""What takes long to make and is the same for every process of a test run.

The first process that needs it makes it; the others wait and take it. `make test` has it shared by
its two runs (`TEST_PREPARED`).
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from scripts.environment import PYTHON, ROOT


def folder_for_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all processes of the run share."""
    if shared := os.environ.get("TEST_PREPARED"):
        return Path(shared)
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


def prepared(folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of that name which `make` has filled, once for all processes."""
    done = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            begun = folder / f"{name}.begun"
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir()
            make(begun)
            begun.rename(done)
    return done


def migrated_file(folder: Path) -> Path:
    """Return an SQLite file with every table and no content."""

    def make(begun: Path) -> None:
        _migrate(f"sqlite:///{begun / 'empty.sqlite3'}")

    return prepared(folder, "sqlite", make) / "empty.sqlite3"


def migrated_template(folder: Path, server: str) -> str:
    """Return the name of a database on the PostgreSQL with every table and no content."""
    name = "clinic_empty"

    def make(begun: Path) -> None:
        create_database(server, name)
        _migrate(f"{server.rsplit('/', 1)[0]}/{name}")

    prepared(folder, "postgres", make)
    return name


def create_database(server: str, name: str, template: str = "template0") -> None:
    """Make a database on the PostgreSQL, as a copy of another one that nobody is using."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def copy_into_memory(file: Path, name: str) -> sqlite3.Connection:
    """Fill a database in memory; it lasts while somebody is connected to it, as the caller is."""
    memory = sqlite3.connect(name, uri=True, check_same_thread=False)
    with sqlite3.connect(file) as source:
        source.backup(memory)
    source.close()
    return memory


def _migrate(url: str) -> None:
    subprocess.run(
        [PYTHON, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": url},
        check=True,
    )
