"""The lists of plain rows: redirects, reply templates, and the rules that staff have set.

A new site starts with some rows of these. Where the clinic has not been set up yet, a list that the
folder has takes their place; later, what is there already is left alone.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models

from enquiries.models import RedFlag, ReplyTemplate, RetentionRule, SpamPolicy
from evidence.models import ClinicRule, RuleSeverity
from pages.content.files import read_list
from pages.content.rows import errors_named, given, plain_fields, save_checked
from publishing.models import Redirect, ReviewPolicy


@dataclass(frozen=True)
class Table:
    """A list: its file, and the field by which its rows are told apart (none: there is one row)."""

    file: str
    model: type[models.Model]
    key: str = ""

    def key_of(self, row: Mapping[str, Any]) -> Any:
        """Return what tells an entry of the file from the others."""
        if not self.key:
            return ""
        field: Any = self.model._meta.get_field(self.key)
        return row.get(self.key, field.get_default())

    def known(self) -> list[Any]:
        """Return what tells apart the rows that are there."""
        rows = self.model._default_manager.all()
        return list(rows.values_list(self.key, flat=True)) if self.key else ["" for _ in rows]


TABLES = (
    Table("redirects.yaml", Redirect, "old_path"),
    Table("reply-templates.yaml", ReplyTemplate, "name"),
    Table("red-flags.yaml", RedFlag, "key"),
    Table("times-enquiries-are-kept.yaml", RetentionRule, "outcome"),
    Table("limits-for-spam.yaml", SpamPolicy),
    Table("rules-of-review.yaml", ReviewPolicy),
    Table("wording-rules.yaml", ClinicRule, "phrases"),
    Table("switched-wording-rules.yaml", RuleSeverity, "rule"),
)


def load_tables(folder: Path, *, is_new: bool) -> Counter[str]:
    """Load every list of the folder; return how many rows of each were added.

    `is_new` says that nobody has set up the clinic yet. Raises ContentError for a wrong entry.
    """
    added: Counter[str] = Counter()
    for table in TABLES:
        path = folder / table.file
        if not path.exists():
            continue
        if is_new:
            table.model._default_manager.all().delete()
        known = table.known()
        with errors_named(path):
            rows = [row for row in read_list(path) if table.key_of(row) not in known]
        for row in rows:
            with errors_named(path, str(table.key_of(row))):
                _load(table, row)
            added[str(table.model._meta.verbose_name_plural)] += 1
    return added


def _load(table: Table, row: Mapping[str, Any]) -> None:
    fields = given(row, *plain_fields(table.model))
    if not table.key:
        # The one row of its kind has the same key always.
        fields["pk"] = 1
    save_checked(table.model(**fields))
