"""Loads the pictures of a folder of content, and finds them by the names of their files.

`pictures.yaml` says what belongs to each file of `images/`; a file that it does not know is loaded
when a page names it. Texts place a picture by its file, `![What it shows](image:room.png)`, which
the site keeps as a number.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pages.content.files import ContentError, read_list
from pages.content.rows import errors_named, given
from publishing import images
from publishing.images import ImageRefused
from publishing.models import Image

LIST, FOLDER = "pictures.yaml", "images"
_FILE_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,150}", re.ASCII)
# A file has a dot in its name, and the number of a picture has none.
_PLACED = re.compile(r"(?<=\]\(image:)[A-Za-z0-9][\w-]*\.[\w.-]+", re.ASCII)


class Pictures:
    """The pictures of one folder of content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER
        self.rows: dict[str, Mapping[str, Any]] = {}
        self.found: dict[str, Image] = {}
        self.added = 0
        self.list = folder / LIST

    def load(self) -> None:
        """Load every picture of the list. Raises ContentError for one that cannot be used."""
        with errors_named(self.list):
            self.rows = {row["file"]: row for row in read_list(self.list)}
        for file in self.rows:
            with errors_named(self.list, str(file)):
                self.get(file)

    def get(self, file: str) -> Image:
        """Return the picture of a file. Raises ContentError where there is none that we accept."""
        if file not in self.found:
            self.found[file] = self._loaded(file)
        return self.found[file]

    def placed(self, text: str) -> str:
        """Return a text with the numbers of its pictures in place of the names of their files."""
        return _PLACED.sub(lambda match: str(self.get(match[0]).pk), text)

    def _loaded(self, file: str) -> Image:
        path = self._path(file)
        # Before it is read: nobody's memory has to hold what is refused anyway.
        if path.stat().st_size > images.MAX_BYTES:
            most = images.MAX_BYTES // 1024 // 1024
            raise ContentError(f"{file}: pictures have at most {most} MB")
        content = path.read_bytes()
        try:
            picture = images.as_kept(content) or images.clean(content)
        except ImageRefused as error:
            raise ContentError(f"{file}: {error}") from error
        known = Image.objects.filter(digest=picture.digest).first()
        if known is not None:
            return known
        row = self.rows.get(file, {})
        title = path.stem.replace("-", " ").capitalize()[:120]
        image = Image(**{"title": title} | given(row, "title", "focal_x", "focal_y", "permission"))
        image.full_clean(exclude=["digest", "width", "height"])
        image.keep(picture)
        if row.get("uploaded_at"):
            Image.objects.filter(pk=image.pk).update(uploaded_at=row["uploaded_at"])
        self.added += 1
        return image

    def _path(self, file: str) -> Path:
        """Return where a file is. Never outside the folder, whatever the name says or links to."""
        path = self.folder / file
        is_inside = _FILE_NAME.fullmatch(file) and path.resolve().parent == self.folder.resolve()
        if not is_inside:
            raise ContentError(f"“{file}” is not the name of a file in {self.folder}")
        if not path.is_file():
            raise ContentError(f"there is no picture {file} in {self.folder}")
        return path
