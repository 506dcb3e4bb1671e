"""Takes all content out of a test's database, so that an export can be loaded into it."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import LazySettings
from django.conf import settings as site_settings
from django.db import connection

from conditions.models import BodyRegion

# Accounts, and what the server's keepers see: no part of what a clinic says.
OTHER_APPS = {"accounts", "operations"}


def our_models() -> list[Any]:
    """Return the models of the apps of this repository."""
    return [
        model
        for app in apps.get_app_configs()
        if Path(app.path).parent == site_settings.BASE_DIR and app.label not in OTHER_APPS
        for model in app.get_models(include_auto_created=True)
    ]


def empty_the_site(settings: LazySettings, media: Path) -> None:
    """Leave the database without content, and the pictures where nobody finds them."""
    with connection.cursor() as cursor:
        for model in our_models():
            if model is not BodyRegion:  # the rows come with the software
                cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608
    settings.MEDIA_ROOT = media


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its name within it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}
