"""Threads that work on one real database at the same moment."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections


@contextmanager
def shared_database(folder: Path) -> Iterator[None]:
    """On SQLite, put a file in the place of the database in memory, which threads cannot share."""
    if connection.vendor != "sqlite":
        yield
        return
    name = connection.settings_dict["NAME"]
    copy = folder / "copy.sqlite3"
    connection.ensure_connection()
    connection.cursor().execute("VACUUM INTO %s", [str(copy)])
    held, connection.connection = connection.connection, None
    connection.settings_dict["NAME"] = str(copy)
    try:
        yield
    finally:
        connection.close()
        connection.connection = held
        connection.settings_dict["NAME"] = name


def in_threads(number: int, work: Callable[[], Any]) -> list[Any]:
    """Do the work in so many threads that start together; return what each returned."""
    results: list[Any] = []
    gate = threading.Barrier(number)

    def run() -> None:
        try:
            gate.wait()
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
