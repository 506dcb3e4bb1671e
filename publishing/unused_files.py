"""The end of files that no picture points to any more: replaced crops, deleted pictures.

A reader may have the page open that showed them, a search engine or a feed reader may have kept
their addresses. So they stay for a while after it is seen that nothing needs them.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import transaction

from publishing.models import Image, UnusedFile
from publishing.stored_files import listing

GRACE = timedelta(days=30)
_FOLDER = "images"
_AT_ONCE = 200


def remove_unused(now: datetime) -> int:
    """Note which files nothing points to, remove those noted long ago, and return how many.

    Does nothing in a storage that cannot list its files.
    """
    _note(now)
    due = UnusedFile.objects.filter(since__lt=now - GRACE).values_list("name", flat=True)
    return sum(_remove(name, now) for name in list(due))


def _note(now: datetime) -> None:
    for digests in _folders():
        kept = {
            name
            for image in Image.objects.filter(digest__in=digests)
            for name in image.file_names()
        }
        there = {
            f"{_FOLDER}/{digest}/{file}"
            for digest in digests
            for file in listing(f"{_FOLDER}/{digest}")[1]
        }
        UnusedFile.objects.filter(name__in=kept).delete()
        UnusedFile.objects.bulk_create(
            [UnusedFile(name=name, since=now) for name in there - kept], ignore_conflicts=True
        )


def _remove(name: str, now: datetime) -> bool:
    folder = name.rpartition("/")[0]
    with transaction.atomic():
        # Whoever writes the same file again takes the note away first, and one of us waits.
        if not UnusedFile.objects.filter(name=name, since__lt=now - GRACE).delete()[0]:
            return False
        digest = folder.rpartition("/")[2]
        if any(name in image.file_names() for image in Image.objects.filter(digest=digest)):
            return False
        default_storage.delete(name)
    if not any(listing(folder)):
        with suppress(OSError):
            default_storage.delete(folder)
    return True


def _folders() -> Iterator[list[str]]:
    digests = sorted(listing(_FOLDER)[0])
    for start in range(0, len(digests), _AT_ONCE):
        yield digests[start : start + _AT_ONCE]
