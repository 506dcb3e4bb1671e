"""Reads an archive from its first byte to its last, and checks all of it on the way."""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from operations.backups.archive import (
    ABOUT,
    MANIFEST,
    MEDIA,
    TABLES,
    About,
    File,
    Manifest,
    about_from,
    digest_of,
    manifest_from,
)
from operations.backups.problems import BackupProblem
from operations.backups.sealed import unsealed

_NOT_OURS = "{} is not a backup of this software."


@dataclass(frozen=True)
class SomeRows:
    """Some rows of a table, in the order of its columns."""

    table: str
    rows: list[list[Any]]


@dataclass(frozen=True)
class MediaFile:
    """A file of the media storage."""

    name: str
    content: bytes


Part = About | SomeRows | MediaFile | Manifest


def parts_of(path: Path, key: str) -> Iterator[Part]:
    """Yield what an archive holds: what it says of itself first, the manifest last.

    Nothing may be relied on before the end. Raises BackupProblem, at the end at the latest, if the
    archive is not whole and exactly as it was made.
    """
    if not path.is_file():
        raise BackupProblem(f"There is no file {path}.")
    seen = _Seen()
    try:
        with unsealed(path, key) as stream, tarfile.open(fileobj=stream, mode="r|gz") as members:
            for member in members:
                file = members.extractfile(member)
                yield seen.take(member.name, file.read() if file else b"")
    except tarfile.TarError:
        raise BackupProblem(_NOT_OURS.format(path.name)) from None
    seen.check_all(path.name)


def verify(path: Path, key: str) -> tuple[About, Manifest]:
    """Read a whole archive and return what it says it holds, and does."""
    about, manifest = None, None
    for part in parts_of(path, key):
        if isinstance(part, About):
            about = part
        elif isinstance(part, Manifest):
            manifest = part
    if about is None or manifest is None:
        raise BackupProblem(_NOT_OURS.format(path.name))
    return about, manifest


class _Seen:
    """What was read so far, to be held against the manifest."""

    def __init__(self) -> None:
        self._about = ""
        self._tables: dict[str, tuple[int, Any]] = {}
        self._files: dict[str, File] = {}
        self._manifest: Manifest | None = None

    def take(self, name: str, content: bytes) -> Part:
        """Note a part of the archive and return what it means."""
        if name == ABOUT:
            self._about = digest_of(content)
            return about_from(content)
        if name == MANIFEST:
            self._manifest = manifest_from(content)
            return self._manifest
        if name.startswith(MEDIA):
            name = name.removeprefix(MEDIA)
            self._files[name] = File(len(content), digest_of(content))
            return MediaFile(name, content)
        table = name.removeprefix(TABLES).partition("/")[0]
        rows = [json.loads(line) for line in content.splitlines()]
        count, digest = self._tables.get(table, (0, hashlib.sha256()))
        digest.update(content)
        self._tables[table] = (count + len(rows), digest)
        return SomeRows(table, rows)

    def check_all(self, name: str) -> None:
        """Raise BackupProblem if anything is missing, too much, or other than it was."""
        manifest = self._manifest
        if manifest is None:
            raise BackupProblem(_NOT_OURS.format(name))
        seen = dict.fromkeys(manifest.tables, (0, hashlib.sha256())) | self._tables
        counted = {table: (count, digest.hexdigest()) for table, (count, digest) in seen.items()}
        expected = {table: (each.rows, each.sha256) for table, each in manifest.tables.items()}
        is_whole = (
            manifest.about == self._about and counted == expected and self._files == manifest.files
        )
        if not is_whole:
            raise BackupProblem(
                f"{name} does not hold what its manifest says. Take another backup."
            )
