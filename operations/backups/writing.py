"""Puts an archive together, part by part: rows of one moment first, then the files."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import datetime

from django.db.backends.base.base import BaseDatabaseWrapper

from operations.backups import media
from operations.backups.archive import (
    ABOUT,
    FORMAT,
    MANIFEST,
    MEDIA,
    TABLES,
    About,
    File,
    Manifest,
    Rows,
    digest_of,
    lines_of,
    release,
    to_json,
)
from operations.backups.kept_settings import settings_to_keep
from operations.backups.snapshot import snapshot
from operations.backups.tables import (
    LEFT_OUT,
    Table,
    applied_migrations,
    last_number,
    read_rows,
    tables_of,
)

_COMPRESSION = 6  # zlib's own choice: the highest takes twice the time for a hundredth less


class _Packer:
    """A compressed tar file, handed out as it grows."""

    def __init__(self, now: datetime) -> None:
        self._now = int(now.timestamp())
        self._ready = io.BytesIO()
        self._zip = gzip.GzipFile(
            fileobj=self._ready, mode="wb", compresslevel=_COMPRESSION, mtime=self._now
        )
        self._tar = tarfile.open(fileobj=self._zip, mode="w|")  # noqa: SIM115

    def add(self, name: str, content: bytes) -> bytes:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = len(content), self._now, 0o600
        self._tar.addfile(member, io.BytesIO(content))
        return self._take()

    def finish(self) -> bytes:
        self.close()
        return self._take()

    def close(self) -> None:
        self._tar.close()
        self._zip.close()

    def _take(self) -> bytes:
        taken = self._ready.getvalue()
        self._ready.seek(0)
        self._ready.truncate()
        return taken


def archive_parts(now: datetime, manifest: Manifest) -> Generator[bytes]:
    """Yield a whole archive of the site as it is now, and fill in the manifest meanwhile.

    A picture’s file never changes, so the files of the rows are there to be read after the rows
    were. Files that no row points to may go meanwhile; they are then left out. Raises
    BackupProblem for what we cannot back up.
    """
    needed: set[str] = set()
    with closing(_Packer(now)) as packer:
        with snapshot() as connection:
            migrations = applied_migrations(connection)
            tables = tables_of(migrations)
            about = to_json(
                About(
                    format=FORMAT,
                    made_at=now.isoformat(timespec="seconds"),
                    release=release(),
                    database=connection.vendor,
                    migrations=[list(each) for each in migrations],
                    tables={table.name: table.described for table in tables},
                    left_out=LEFT_OUT,
                    settings=settings_to_keep(),
                )
            )
            manifest.about = digest_of(about)
            yield packer.add(ABOUT, about)
            for table in tables:
                yield from _rows(packer, connection, table, manifest, needed)
        yield from _files(packer, manifest)
        manifest.missing = sorted(needed - manifest.files.keys())
        yield packer.add(MANIFEST, to_json(manifest))
        yield packer.finish()


def _rows(
    packer: _Packer,
    connection: BaseDatabaseWrapper,
    table: Table,
    manifest: Manifest,
    needed: set[str],
) -> Iterator[bytes]:
    """Yield the rows of a table, and note which files they need."""
    digest, count = hashlib.sha256(), 0
    for number, rows in enumerate(read_rows(connection, table)):
        lines = lines_of(rows)
        digest.update(lines)
        count += len(rows)
        needed |= {name for row in rows for name in media.needed_by(table, row)}
        yield packer.add(f"{TABLES}{table.name}/{number:06}.jsonl", lines)
    manifest.tables[table.name] = Rows(count, digest.hexdigest(), last_number(connection, table))


def _files(packer: _Packer, manifest: Manifest) -> Iterator[bytes]:
    for name in media.names():
        content = media.read(name)
        if content is not None:
            manifest.files[name] = File(len(content), digest_of(content))
            yield packer.add(f"{MEDIA}{name}", content)
