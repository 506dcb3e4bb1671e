"""Makes the full-text table, in the way of the database that the site uses."""

from django.db import migrations

from search.index import postgresql, sqlite


def create(apps, schema_editor):
    schema_editor.execute(_module(schema_editor).CREATE)


def drop(apps, schema_editor):
    schema_editor.execute(_module(schema_editor).DROP)


def _module(schema_editor):
    return postgresql if schema_editor.connection.vendor == "postgresql" else sqlite


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    locks_briefly = "The table was made by the migration before it, and is empty."

    operations = [migrations.RunPython(create, drop)]
