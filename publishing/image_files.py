"""The files of pictures in the storage. Their names are made from their content."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from publishing.images import CONTENT_TYPES
from publishing.models.unused_file import UnusedFile


def store(name: str, content: bytes) -> None:
    """Write a file under a name made from its content, unless it is there already, and whole."""
    # First: whoever is removing it as unused either has done so now, or never will.
    UnusedFile.objects.filter(name=name).delete()
    if default_storage.exists(name):
        if default_storage.size(name) == len(content):
            return
        default_storage.delete(name)  # whoever wrote it was broken off
    file = ContentFile(content)
    # What an object store tells browsers; not every system knows these endings.
    file.content_type = CONTENT_TYPES[name.rpartition(".")[2]]  # type: ignore[attr-defined]
    kept = default_storage.save(name, file)
    if kept != name:  # somebody else wrote the same meanwhile
        default_storage.delete(kept)
