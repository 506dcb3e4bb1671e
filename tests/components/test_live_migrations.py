"""An index is added and taken away on a live site, on either database."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState

from components.live_migrations import AddIndexLive
from visits.models import PageCount

pytestmark = pytest.mark.django_db(transaction=True)


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, PageCount._meta.db_table))


def test_index_comes_and_goes() -> None:
    operation = AddIndexLive("pagecount", models.Index(fields=["path"], name="tried_out"))
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("visits", after)
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("visits", editor, before, after)
    assert "tried_out" in indexes()
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("visits", editor, after, before)
    assert "tried_out" not in indexes()
