"""Puts an archive back: into an empty system, checked before anything is written and after."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from enquiries import retention
from enquiries.crypto import UNREADABLE
from enquiries.models import Enquiry, OutgoingMail
from operations.backups import media
from operations.backups.archive import About, Manifest, digest_of, lines_of
from operations.backups.problems import FAILURES, BackupProblem, told
from operations.backups.reading import MediaFile, SomeRows, parts_of, verify
from operations.backups.snapshot import snapshot
from operations.backups.tables import (
    Migration,
    Table,
    go_on_from,
    last_of,
    read_rows,
    tables_of,
    write_rows,
)
from search import upkeep

_HALF_MADE = " The database was left half made: throw it away and begin again with an empty one."


@dataclass(frozen=True)
class Restored:
    """What came back, and what whoever restores has to know."""

    about: About
    manifest: Manifest
    erased: int
    mail_waiting: int
    can_be_read: bool


def restore(path: Path, key: str, now: datetime) -> Restored:
    """Restore an archive into an empty database and media storage.

    All of the archive is checked first. The tables are made as they were, filled, compared with the
    archive, and brought up to date; then the search index is made, and everything whose time is
    over is erased. Raises BackupProblem.
    """
    about, manifest = verify(path, key)
    _check_database_is_empty()
    tables = _tables_of(about)
    _check_files(manifest)
    _fill(path, key, about, manifest, tables)
    return _bring_up_to_date(about, manifest, now)


def _bring_up_to_date(about: About, manifest: Manifest, now: datetime) -> Restored:
    """Apply what this release adds, make what no archive holds, and erase what is due."""
    call_command("migrate", verbosity=0, interactive=False)
    upkeep.rebuild()
    erased = retention.purge(now)
    newest = Enquiry.objects.order_by("-pk").first()
    return Restored(
        about=about,
        manifest=manifest,
        erased=erased,
        mail_waiting=OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING).count(),
        can_be_read=newest is None or newest.full_name != UNREADABLE,
    )


def _check_database_is_empty() -> None:
    tables = connection.introspection.table_names()
    if tables:
        raise BackupProblem(
            f"The database is not empty: it has {len(tables)} tables. A backup is restored into an"
            " empty one only, so that nothing is lost. With SQLite, stop the site and move the"
            " database’s file away. With PostgreSQL, make a new database (createdb) and name it"
            " in DATABASE_URL. Do not run `migrate` first: restoring does."
        )


def _tables_of(about: About) -> dict[str, Table]:
    """Return the archive's tables by name. Raises BackupProblem if this release has others."""
    known = MigrationExecutor(connection).loader.graph.nodes
    unknown = [".".join(each) for each in _migrations(about) if each not in known]
    if unknown:
        raise BackupProblem(
            f"The backup was made by a newer release of this software ({about.release}), which"
            f" this one cannot read ({', '.join(unknown)}). Install that release and restore again."
        )
    tables = {table.name: table for table in tables_of(_migrations(about))}
    if {name: table.described for name, table in tables.items()} != about.tables:
        raise BackupProblem(
            "The backup’s tables are not those that its migrations make here. Restore it with the"
            f" release that made it ({about.release}), then update."
        )
    return tables


def _check_files(manifest: Manifest) -> None:
    for name, file in manifest.files.items():
        content = media.read(name)
        if content is not None and digest_of(content) != file.sha256:
            raise BackupProblem(
                f"The media storage holds another file named {name}. Restore into an empty one."
            )


def _migrations(about: About) -> list[Migration]:
    return [(app, name) for app, name in about.migrations]


def _fill(path: Path, key: str, about: About, manifest: Manifest, tables: dict[str, Table]) -> None:
    """Make the tables as they were, and put rows and files into them."""
    executor = MigrationExecutor(connection)
    executor.migrate(last_of(executor.loader, _migrations(about)))
    try:
        # Rows point to each other in any order; that is checked when all of them are there.
        with transaction.atomic():
            _empty(tables)
            for part in parts_of(path, key):
                if isinstance(part, SomeRows):
                    write_rows(connection, tables[part.table], part.rows)
                elif isinstance(part, MediaFile):
                    media.write(part.name, part.content)
            for name, rows in manifest.tables.items():
                go_on_from(connection, tables[name], rows.last_number)
        _compare(tables, manifest)
    except FAILURES as problem:
        raise BackupProblem(f"{told(problem)}{_HALF_MADE}") from problem


def _empty(tables: dict[str, Table]) -> None:
    """Take away what the migrations wrote: the archive has it, as it became."""
    with connection.cursor() as cursor:
        for name in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608


def _compare(tables: dict[str, Table], manifest: Manifest) -> None:
    """Read every row and file once more from where they are now. Raises BackupProblem."""
    with snapshot() as connection:
        for name, expected in manifest.tables.items():
            digest, count = hashlib.sha256(), 0
            for rows in read_rows(connection, tables[name]):
                digest.update(lines_of(rows))
                count += len(rows)
            if (count, digest.hexdigest()) != (expected.rows, expected.sha256):
                raise BackupProblem(
                    f"The table {name} did not come back as it was ({count} rows of"
                    f" {expected.rows})."
                )
    for name, file in manifest.files.items():
        if digest_of(media.read(name) or b"") != file.sha256:
            raise BackupProblem(f"The file {name} did not come back as it was.")
