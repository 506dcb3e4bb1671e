"""Loads what staff recorded about pages: evidence held, and what is to be reviewed again."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.db import models

from evidence.models import EvidenceHeld, ReviewNeeded, Source
from pages.content.files import ContentError, read_list
from pages.content.page_drafts import FOLDERS
from pages.content.rows import errors_named, find, given
from practitioners.models import Practitioner
from publishing.models import page_key

HELD, NEEDED = "evidence-held.yaml", "pages-to-review.yaml"
# Records may be about profiles, too.
KINDS: dict[str, type[models.Model]] = {**FOLDERS, "practitioners": Practitioner}


def load_page_records(folder: Path, *, is_new: bool) -> Counter[str]:
    """Load both lists into a site that was new; return how many rows of each were added.

    Later, staff have made records of their own, and nothing tells theirs from those of the file.
    """
    added: Counter[str] = Counter()
    if not is_new:
        return added
    for name, model in ((HELD, EvidenceHeld), (NEEDED, ReviewNeeded)):
        path = folder / name
        if not path.exists():
            continue
        if model is ReviewNeeded:
            # Loading sources and claims is no change of them.
            ReviewNeeded.objects.all().delete()
        with errors_named(path):
            for row in read_list(path):
                _record(model, row)
                added[str(model._meta.verbose_name_plural)] += 1
    return added


def _record(model: type[models.Model], row: dict[str, Any]) -> None:
    page = page_named(row["page"])
    if model is EvidenceHeld:
        EvidenceHeld.objects.create(
            **page_key(page),
            source=find(Source, "key", row["source"]),
            **given(row, "at", "by_name", "rule", "sentence", "note"),
        )
    else:
        ReviewNeeded.objects.create(**page_key(page), **given(row, "since", "by_name", "reason"))


def page_named(name: str) -> models.Model:
    """Return the page or profile of a name such as conditions/back-pain."""
    folder, _, slug = str(name).partition("/")
    if folder not in KINDS:
        raise ContentError(f"“{name}” is no page; write it like conditions/back-pain")
    return find(KINDS[folder], "slug", slug)
