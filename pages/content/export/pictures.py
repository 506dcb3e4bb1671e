"""Writes the pictures, and names them by their files where texts place them by number."""

import re

from django.core.files.storage import default_storage
from django.utils.text import slugify

from pages.content.export.writing import ExportError, Folder, plain, told
from pages.content.pictures import FOLDER, LIST
from publishing.images import original_name, without_extension
from publishing.models import Image

_PLACED = re.compile(r"(?<=\]\(image:)[0-9]{1,18}(?=[)\s])")


class PictureNames:
    """The name of every picture's file, by its key."""

    def __init__(self) -> None:
        pictures = list(Image.objects.order_by("digest"))
        self.names = {picture.pk: _name(picture) for picture in pictures}

    def of(self, picture: Image | None) -> str | None:
        """Return the name of the file of a picture."""
        return self.names[picture.pk] if picture else None

    def in_text(self, text: str) -> str:
        """Return a text that places its pictures by file; one that is gone keeps its number."""
        return _PLACED.sub(lambda match: self.names.get(int(match[0]), match[0]), text)


def _name(picture: Image) -> str:
    title = slugify(without_extension(picture.title))[:60].strip("-") or "picture"
    return f"{title}-{picture.digest[:8]}.webp"


def write_pictures(folder: Folder, names: PictureNames) -> int:
    """Write every picture and what staff said of it; return how many there are."""
    rows = []
    pictures = Image.objects.in_bulk(names.names)
    for pk, name in sorted(names.names.items(), key=lambda each: each[1]):
        picture = pictures[pk]
        stored = original_name(picture.digest)
        if not default_storage.exists(stored):
            raise ExportError(
                f"The file of the picture “{picture.title}” is missing. Bring it back from a backup"
                f" ({stored}), or take the picture off its pages and delete it."
            )
        with default_storage.open(stored) as file:
            folder.write(f"{FOLDER}/{name}", file.read())
        rows.append(
            {"file": name}
            | told(picture, ["title", "focal_x", "focal_y", "permission"])
            | {"uploaded_at": plain(picture.uploaded_at)}
        )
    folder.write_list(LIST, rows)
    return len(rows)
