"""The demonstration's content, loaded once a process and put into a test's database in a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.apps import apps
from django.db import models, transaction
from django.test import override_settings

from conditions.models import BodyRegion
from pages.content.loading import load_content

FOLDER = Path(__file__).resolve().parents[1] / "demo"
# A Monday within opening hours, after every review date of the demonstration.
TODAY = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/London"))

_APPS = ("clinic", "evidence", "publishing", "treatments", "conditions", "practitioners",
         "articles", "pages", "suitability", "search")  # fmt: skip


@dataclass(frozen=True)
class DemoRows:
    """Every row that loading added, by table, and the folder with the pictures' files."""

    rows: list[tuple[type[models.Model], list[Any]]]
    media: Path

    def restore(self) -> None:
        """Write the rows to the database."""
        for model, rows in self.rows:
            model._base_manager.bulk_create(rows)


@contextmanager
def today() -> Iterator[None]:
    """Stop the clock at the demonstration's day."""
    with time_machine.travel(TODAY, tick=False):
        yield


def load_rows(media: Path) -> DemoRows:
    """Load the folder, keep what was added and leave the database as it was."""
    with override_settings(MEDIA_ROOT=media), today(), transaction.atomic():
        load_content(FOLDER)
        found = [(model, list(model._base_manager.all())) for model in _tables()]
        transaction.set_rollback(True)
    return DemoRows(found, media)


def _tables() -> list[type[models.Model]]:
    tables = apps.get_models(include_auto_created=True)
    # The parts of the body come with the software; every database has them.
    return [each for each in tables if each._meta.app_label in _APPS and each is not BodyRegion]
