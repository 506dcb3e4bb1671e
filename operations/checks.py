"""What `manage.py check --deploy` says of the running of the site."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register


@register(Tags.security, deploy=True)
def backups_have_a_key(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Warn of a site that makes no backups."""
    if settings.BACKUP_KEY:
        return []
    return [
        checks.Warning(
            "BACKUP_KEY is not set, so no backups are made.",
            hint=(
                "Make a key with `python -m operations.backups.keys`, set BACKUP_KEY or"
                " BACKUP_KEY_FILE to it, and keep a copy away from this machine."
            ),
            id="operations.W001",
        )
    ]
