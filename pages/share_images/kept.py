"""Share images as files: each is drawn once a month, and the months before are thrown away.

The name is the digest of all that the picture shows, so a file never holds anything else. The
folder is the month in which it was drawn: what nobody asks for any longer goes by itself, without a
list of what is still in use.
"""

import logging
import secrets
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from publishing.stored_files import listing

logger = logging.getLogger(__name__)

FOLDER = "share-images"
# So that a run of housekeeping ends, however many there are; the next one goes on.
MOST_REMOVED = 5000


def read(digest: str) -> bytes | None:
    """Return the picture if it was drawn this month."""
    name = _name(digest)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name) as file:
        content: bytes = file.read()
    return content


def keep(digest: str, content: bytes) -> None:
    """Write the picture, whole or not at all. A disk that is full only makes us draw again."""
    name = _name(digest)
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:  # no folder but an object store, which takes files whole
        default_storage.save(name, ContentFile(content))
        return
    try:
        _write(path, content)
    except OSError:
        logger.exception("The share image %s could not be kept", name)


def remove_old() -> int:
    """Remove pictures drawn in earlier months, at most `MOST_REMOVED`, and say how many."""
    removed = 0
    for month in listing(FOLDER)[0]:
        if month >= _month():
            continue
        for name in listing(f"{FOLDER}/{month}")[1][: MOST_REMOVED - removed]:
            default_storage.delete(f"{FOLDER}/{month}/{name}")
            removed += 1
        if not any(listing(f"{FOLDER}/{month}")):
            default_storage.delete(f"{FOLDER}/{month}")
    return removed


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
    try:
        part.write_bytes(content)
        part.replace(path)  # at once, so that nobody reads half a picture
    finally:
        part.unlink(missing_ok=True)


def _name(digest: str) -> str:
    return f"{FOLDER}/{_month()}/{digest}.png"


def _month() -> str:
    return f"{timezone.localdate():%Y-%m}"
