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


# The rows of tables, by the table's name: a name and a value for each column.
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class DemoRows:
    """Every row that loading added, by table, and the folder with the pictures' files."""

    rows: Rows
    media: Path

    def restore(self) -> None:
        """Write the rows to the database."""
        for name, rows in self.rows.items():
            model = apps.get_model(name)
            model._base_manager.bulk_create([model(**row) for row in rows])


@contextmanager
def today() -> Iterator[None]:
    """Stop the clock at the demonstration's day."""
    with time_machine.travel(TODAY, tick=False):
        yield


def load_rows(media: Path) -> Rows:
    """Load the folder, return what was added and leave the database as it was."""
    with override_settings(MEDIA_ROOT=media), today(), transaction.atomic():
        load_content(FOLDER)
        found = {model._meta.label: _rows(model) for model in _tables()}
        transaction.set_rollback(True)
    return found


def _rows(model: type[models.Model]) -> list[dict[str, Any]]:
    names = [field.attname for field in model._meta.concrete_fields]
    return list(model._base_manager.values(*names))


def _tables() -> list[type[models.Model]]:
    tables = apps.get_models(include_auto_created=True)
    # The parts of the body come with the software; every database has them.
    return [each for each in tables if each._meta.app_label in _APPS and each is not BodyRegion]
