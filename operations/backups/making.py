"""Makes a backup: written under another name, read back whole, and only then called a backup."""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from enquiries.outbox import describe
from operations.backups.archive import Manifest
from operations.backups.keeping import archives, name_of, surplus
from operations.backups.problems import BackupProblem, told
from operations.backups.reading import verify
from operations.backups.sealed import seal
from operations.backups.writing import archive_parts
from operations.models import BackupRun

logger = logging.getLogger(__name__)

_UNFINISHED = ".partial"
# Long enough to see what is usual; the list is no record that anybody has to keep.
_RUNS_KEPT = timedelta(days=400)


def make_backup(now: datetime) -> BackupRun:
    """Back up the site into `BACKUP_DIR`, throw surplus archives away, and note how it went.

    Raises BackupProblem, or OSError for a disk that is full, after noting that too. Archives that
    are there stay.
    """
    started = time.monotonic()
    try:
        with _alone(settings.BACKUP_DIR):
            path, manifest = _make(now)
            run = BackupRun(
                succeeded=True,
                file_name=path.name,
                size=path.stat().st_size,
                rows=manifest.rows,
                files=len(manifest.files),
                missing_files=len(manifest.missing),
            )
            _throw_away(now)
    except Exception as problem:
        run = BackupRun(problem=told(problem)[:300])
        raise
    finally:
        run.at, run.seconds = now, int(time.monotonic() - started)
        _note(run)
    return run


def backup_key() -> str:
    """Return the key of the backups. Raises BackupProblem if there is none."""
    key: str = settings.BACKUP_KEY
    if not key:
        raise BackupProblem(
            "BACKUP_KEY is not set, so no backup can be made or opened. Make a key with"
            " `python -m operations.backups.keys`, set BACKUP_KEY or BACKUP_KEY_FILE to it, and"
            " keep a copy away from this machine: without it no backup can ever be opened."
        )
    return key


def _make(now: datetime) -> tuple[Path, Manifest]:
    """Write an archive, read it back, and give it its name."""
    key, manifest = backup_key(), Manifest()
    path = settings.BACKUP_DIR / name_of(now)
    partial = path.with_name(path.name + _UNFINISHED)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            seal(archive_parts(now, manifest), file, key)
            file.flush()
            os.fsync(file.fileno())
        _, found = verify(partial, key)
        if found != manifest:
            raise BackupProblem("What was written is not what was read. Look at the disk.")
        partial.replace(path)
        _sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    return path, manifest


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time make backups in the folder, and remove what a killed one left."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupProblem("Another backup is being made right now. Wait for it.") from None
        for left in folder.glob(f"*{_UNFINISHED}"):
            left.unlink()
        yield


def _throw_away(now: datetime) -> None:
    for path in surplus(archives(settings.BACKUP_DIR), now):
        path.unlink()


def _note(run: BackupRun) -> None:
    try:
        run.save()
        BackupRun.objects.filter(at__lt=run.at - _RUNS_KEPT).delete()
    except DatabaseError as problem:  # its table may not be made yet, or the database be away
        logger.error("The backup could not be noted: %s", describe(problem))


def _sync(folder: Path) -> None:
    """Have the new name survive a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
