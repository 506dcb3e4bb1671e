"""Writes the site's content to a folder, in the format that `load_content` reads."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from pages.content.export.lists import write_lists
from pages.content.export.pages import write_pages
from pages.content.export.people import write_clinic, write_people
from pages.content.export.pictures import PictureNames, write_pictures
from pages.content.export.readme import readme
from pages.content.export.writing import ExportError, Folder

__all__ = ["ExportError", "Exported", "export_site"]


@dataclass(frozen=True)
class Exported:
    """What an export holds: how many of each kind, and how many pages in the bin it leaves out."""

    counts: Counter[str]
    in_bin: int


@transaction.atomic
def export_site(path: Path) -> Exported:
    """Write the whole content to an empty or new folder. Raises ExportError where that cannot be.

    The same site gives the same bytes, so that an export can be kept under version control.
    """
    folder = Folder(path)
    pictures = PictureNames()
    counts: Counter[str] = Counter()
    counts["clinic details"] = write_clinic(folder, pictures)
    counts["practitioners"] = write_people(folder, pictures)
    pages, in_bin = write_pages(folder, pictures)
    counts.update(pages)
    counts.update(write_lists(folder))
    counts["pictures"] = write_pictures(folder, pictures)
    folder.write("README.md", readme())
    return Exported(+counts, in_bin)
