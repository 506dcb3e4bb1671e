"""Values of columns as an archive holds them, the same for every database of ours.

They go past the fields of the models on purpose: what stands encrypted in the database is encrypted
in the archive too, and no missing key can turn it into anything else.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col

from operations.backups.problems import BackupProblem

# By what Django calls the type of a field's column. A kind that is not here stops the backup: to
# guess would be to find out on the day of a restore.
_KINDS = {
    "AutoField": "integer",
    "BigAutoField": "integer",
    "BigIntegerField": "integer",
    "BooleanField": "boolean",
    "CharField": "text",
    "DateField": "date",
    "DateTimeField": "moment",
    "DecimalField": "decimal",
    "FileField": "text",
    "FloatField": "number",
    "GenericIPAddressField": "text",
    "IntegerField": "integer",
    "JSONField": "json",
    "PositiveBigIntegerField": "integer",
    "PositiveIntegerField": "integer",
    "PositiveSmallIntegerField": "integer",
    "SlugField": "text",
    "SmallIntegerField": "integer",
    "TextField": "text",
    "TimeField": "time",
}


def _canonical(text: str) -> str:
    # PostgreSQL keeps neither order nor spaces of JSON.
    return json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


_TO_ARCHIVE: dict[str, Callable[[Any], Any]] = {
    "date": date.isoformat,
    "decimal": str,
    "json": _canonical,
    "moment": lambda value: value.astimezone(UTC).isoformat(),
    "time": time.isoformat,
}


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, its kind in the archive, and the field it is made from."""

    name: str
    kind: str
    field: Any

    def reader(self, connection: BaseDatabaseWrapper) -> Callable[[Any], Any]:
        """Return what turns a value as the database gives it into one of the archive."""
        source = Col("", self.field)
        converters = connection.ops.get_db_converters(source)
        encode = _TO_ARCHIVE.get(self.kind)

        def read(value: Any) -> Any:
            for convert in converters:
                value = convert(value, source, connection)
            return value if value is None or encode is None else encode(value)

        return read

    def writer(self, connection: BaseDatabaseWrapper) -> Callable[[Any], Any]:
        """Return what turns a value of the archive into one as the database takes it."""
        operations = connection.ops
        decoders: dict[str, Callable[[Any], Any]] = {
            "date": lambda value: operations.adapt_datefield_value(date.fromisoformat(value)),
            "decimal": Decimal,
            "moment": lambda value: operations.adapt_datetimefield_value(
                datetime.fromisoformat(value)
            ),
            "time": lambda value: operations.adapt_timefield_value(time.fromisoformat(value)),
        }
        decode = decoders.get(self.kind)
        return lambda value: value if value is None or decode is None else decode(value)


def column_of(field: Any) -> Column:
    """Return the column of a field of a model. Raises BackupProblem for a kind we do not know."""
    source = field
    while isinstance(source, models.ForeignKey):
        source = source.target_field
    kind = _KINDS.get(source.get_internal_type())
    if kind is None:
        raise BackupProblem(
            f"The column {field.column} of {field.model._meta.db_table} is of a kind that backups"
            f" do not know yet ({source.get_internal_type()}): see operations/backups/columns.py."
        )
    return Column(field.column, kind, source)
