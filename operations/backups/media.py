"""The files of the media storage, whichever storage it is."""

import json
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from operations.backups.problems import BackupProblem
from operations.backups.tables import Row, Table
from publishing.models import Image


def names(folder: str = "") -> Iterator[str]:
    """Yield the names of all files. Raises BackupProblem if the storage cannot list them."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was uploaded yet, or the folder was just removed
        return
    except NotImplementedError:
        raise BackupProblem(
            "The storage of MEDIA_STORAGE cannot list its files, so they cannot be backed up."
        ) from None
    before = f"{folder}/" if folder else ""
    yield from (before + name for name in sorted(files))
    for name in sorted(folders):
        yield from names(before + name)


def needed_by(table: Table, row: Row) -> set[str]:
    """Return the names of the files that a row of the archive points to, if it is a picture’s."""
    values = dict(zip((column.name for column in table.columns), row, strict=True))
    if table.name != Image._meta.db_table or "renditions" not in values:
        return set()
    renditions = json.loads(values["renditions"])
    return Image(digest=values["digest"], renditions=renditions).file_names()


def read(name: str) -> bytes | None:
    """Return what the file holds, or nothing if there is no such file."""
    try:
        with default_storage.open(name) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content


def write(name: str, content: bytes) -> None:
    """Keep a file under its name. One that is there already has to be the same."""
    if read(name) == content:
        return
    kept = default_storage.save(name, ContentFile(content))
    if kept != name:
        default_storage.delete(kept)
        raise BackupProblem(
            f"The media storage holds another file named {name}. Restore into an empty one."
        )
