"""Says which migrations would lock a table of PostgreSQL for long, and what to write instead.

PostgreSQL's own documentation of ALTER TABLE and CREATE INDEX says which lock each takes and what
reads or writes the whole table. Tables of a few thousand rows may be locked: it takes milliseconds.
(django-migration-linter looks at other things: whether the former release still runs beside the new
tables. It reads SQL, so it knows nothing of how large a table is or of batches in Python.)
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now

# Staff write these one by one, so they stay small. All other tables grow by themselves.
SMALL_APPS = frozenset(
    {
        "articles", "clinic", "conditions", "evidence", "pages", "practitioners", "suitability",
        "treatments",
    }
)  # fmt: skip

INDEX = "makes an index with the table locked: use AddIndexLive in a migration with atomic = False"
SCAN = "looks through the whole table with it locked"
REWRITE = "writes every row anew with the table locked: add a new column and fill it in batches"
BATCHES = "holds what it wrote until its end: say atomic = False and commit in batches"
APART = "keeps the tables locked that the same migration changes: put it into one of its own"

_postgres = DatabaseWrapper({"NAME": "none", "OPTIONS": {}, "TIME_ZONE": None})


def problems(migration: migrations.Migration, before: ProjectState) -> list[str]:
    """Return what in a migration would lock for long; `before` are the models as it finds them.

    A migration whose `locks_briefly` says why that is fine has none.
    """
    if getattr(migration, "locks_briefly", ""):
        return []
    state = before.clone()
    is_small = migration.app_label in SMALL_APPS
    made_here: set[str] = set()
    found = []
    has_schema = any(not isinstance(each, _DATA) for each in _flat(migration.operations))
    for operation in _flat(migration.operations):
        if isinstance(operation, migrations.CreateModel):
            made_here.add(operation.name_lower)
        model = getattr(operation, "model_name_lower", getattr(operation, "name_lower", ""))
        if isinstance(operation, _DATA):
            if has_schema and migration.atomic:
                found.append(f"{operation.describe()}: {APART}")
            elif migration.atomic and not is_small:
                found.append(f"{operation.describe()}: {BATCHES}")
        elif not is_small and model not in made_here:
            found += [
                f"{operation.describe()}: {problem}"
                for problem in _of_schema(operation, migration.app_label, state)
            ]
        operation.state_forwards(migration.app_label, state)
    return found


_DATA = (migrations.RunPython, migrations.RunSQL)


def _flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    for each in operations:
        if isinstance(each, migrations.SeparateDatabaseAndState):
            yield from _flat(each.database_operations)
        else:
            yield each


def _of_schema(operation: Operation, app: str, state: ProjectState) -> Iterator[str]:
    if isinstance(operation, AddIndexConcurrently):
        return
    if isinstance(operation, migrations.AddIndex | migrations.AlterUniqueTogether):
        yield INDEX
    elif isinstance(operation, migrations.AddConstraint):
        is_index = isinstance(operation.constraint, models.UniqueConstraint)
        yield INDEX if is_index else SCAN
    elif isinstance(operation, migrations.AddField):
        if _is_indexed(operation.field):
            yield INDEX
        if _is_volatile(operation.field):
            yield REWRITE
    elif isinstance(operation, migrations.AlterField):
        after = state.clone()
        operation.state_forwards(app, after)
        former, new = (
            each.apps.get_model(app, operation.model_name)._meta.get_field(operation.name)
            for each in (state, after)
        )
        yield from _of_change(former, new)


def _of_change(former: Any, new: Any) -> Iterator[str]:
    if _is_indexed(new) and not _is_indexed(former):
        yield INDEX
    if former.null and not new.null:
        yield SCAN
    if not _is_wider(_type(former), _type(new)):
        yield REWRITE


def _type(field: Any) -> str:
    return str(field.db_type(_postgres) or "")


def _is_wider(former: str, new: str) -> bool:
    """Say whether PostgreSQL changes the one type to the other without touching a row."""
    if former == new or (former.startswith("varchar") and new == "text"):
        return True
    lengths = [each.removeprefix("varchar(").removesuffix(")") for each in (former, new)]
    return all(each.isdigit() for each in lengths) and int(lengths[0]) <= int(lengths[1])


def _is_indexed(field: Any) -> bool:
    return bool(field.db_index or field.unique)


def _is_volatile(field: Any) -> bool:
    """Say whether the database works the default out for each row: a constant is noted once."""
    default = field.db_default
    return hasattr(default, "resolve_expression") and not isinstance(default, Now | models.Value)
