"""No migration since the first release locks a table that grows for long, and the check sees those
that would.
"""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from components.live_migrations import AddIndexLive
from scripts.environment import ROOT
from scripts.migration_locks import APART, BATCHES, INDEX, REWRITE, SCAN, problems
from tests.upgrade import first_release

_INDEX = models.Index(fields=["at"], name="by_time")


def state() -> ProjectState:
    """Return a table of a few columns in an app whose tables grow, and in one whose do not."""
    made = ProjectState()
    for app in ("visits", "clinic"):
        fields: list[Any] = [
            ("id", models.BigAutoField(primary_key=True)),
            ("at", models.DateTimeField()),
            ("name", models.CharField(max_length=50, null=True)),
            ("number", models.IntegerField()),
        ]
        made.add_model(ModelState(app, "Row", fields))
    return made


def found(*operations: Operation, app: str = "visits", **attributes: Any) -> list[str]:
    migration = migrations.Migration("0002_test", app)
    migration.operations = list(operations)
    for name, value in attributes.items():
        setattr(migration, name, value)
    return problems(migration, state())


def nothing(*args: Any) -> None:
    """Do what a migration of data does."""


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        (migrations.AddIndex("row", _INDEX), INDEX),
        (migrations.AddField("row", "kind", models.IntegerField(null=True, db_index=True)), INDEX),
        (
            migrations.AddConstraint(
                "row", models.UniqueConstraint(fields=["number"], name="one_of_a_number")
            ),
            INDEX,
        ),
        (
            migrations.AddConstraint(
                "row", models.CheckConstraint(condition=models.Q(number__gt=0), name="positive")
            ),
            SCAN,
        ),
        (
            migrations.AddField(
                "row", "key", models.FloatField(db_default=models.functions.Random())
            ),
            REWRITE,
        ),
        (migrations.AlterField("row", "number", models.BigIntegerField()), REWRITE),
        (migrations.AlterField("row", "name", models.CharField(max_length=20, null=True)), REWRITE),
        (migrations.AlterField("row", "name", models.CharField(max_length=50)), SCAN),
        (migrations.AlterField("row", "number", models.IntegerField(unique=True)), INDEX),
        (migrations.RunPython(nothing), BATCHES),
    ],
)
def test_what_locks_for_long_is_found_on_a_table_that_grows(
    operation: Operation, problem: str
) -> None:
    assert [each.endswith(problem) for each in found(operation)] == [True]
    assert found(operation, app="clinic") == []
    assert found(operation, locks_briefly="It has three rows.") == []


def test_changed_data_does_not_keep_tables_locked_that_the_same_migration_changed() -> None:
    added = migrations.AddField("row", "kind", models.IntegerField(null=True))
    [problem] = found(added, migrations.RunPython(nothing), app="clinic")
    assert problem.endswith(APART)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("row", "kind", models.CharField(max_length=5, default="x")),
        migrations.AddField("row", "kind", models.IntegerField(db_default=3)),
        migrations.AddField(
            "row", "added", models.DateTimeField(db_default=models.functions.Now())
        ),
        migrations.AlterField("row", "name", models.CharField(max_length=90, null=True)),
        migrations.AlterField("row", "name", models.TextField(null=True)),
        migrations.AlterField("row", "number", models.IntegerField("how many")),
        migrations.AlterField("row", "number", models.IntegerField(null=True)),
        migrations.RemoveField("row", "number"),
    ],
)
def test_what_takes_a_moment_is_let_be(operation: Operation) -> None:
    assert found(operation) == []


def test_what_works_beside_the_site_is_let_be() -> None:
    assert found(AddIndexLive("row", _INDEX), atomic=False) == []
    assert found(migrations.RunPython(nothing), atomic=False) == []
    new = migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))])
    assert found(new, migrations.AddIndex("new", models.Index(fields=["id"], name="i"))) == []


def test_no_migration_since_the_first_release_locks_for_long() -> None:
    loader = MigrationLoader(None)
    released = set(first_release.migrations())
    assert ("conditions", "0001_initial") in released
    ours = {each.label for each in apps.get_app_configs() if Path(each.path).parent == ROOT}
    new = [key for key in loader.disk_migrations if key[0] in ours and key not in released]
    assert new
    told = {
        ".".join(key): said
        for key in new
        if (said := problems(loader.disk_migrations[key], _before(loader, key)))
    }
    assert told == {}


def _before(loader: MigrationLoader, key: tuple[str, str]) -> ProjectState:
    return loader.project_state(key, at_end=False)
