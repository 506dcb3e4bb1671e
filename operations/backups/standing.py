"""Whether there is a backup to go back to: for the desk, `/healthz` and the deployment check."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from operations.models import BackupRun

# A day, and two hours for a machine that was switched off or a try that failed.
TOO_OLD = timedelta(hours=26)


@dataclass(frozen=True)
class Standing:
    """How the backups stand: whether there should be any, the last good one and the last try."""

    is_expected: bool
    has_key: bool
    last_good: BackupRun | None
    last_try: BackupRun | None

    def is_overdue(self, now: datetime) -> bool:
        """Say whether there should be a newer good backup than there is."""
        good = self.last_good
        return self.is_expected and (good is None or good.at < now - TOO_OLD)


def standing() -> Standing:
    """Return how the backups stand. They are expected of a site that others can reach."""
    has_key = bool(settings.BACKUP_KEY)
    is_public = settings.SITE_URL.startswith("https:")
    return Standing(
        is_expected=has_key or is_public,
        has_key=has_key,
        last_good=BackupRun.last_good(),
        last_try=BackupRun.objects.first(),
    )


def figures(now: datetime) -> dict[str, object]:
    """Return what `/healthz` tells of backups."""
    found = standing()
    good = found.last_good
    return {
        "last_good_seconds": None if good is None else max(0, int((now - good.at).total_seconds())),
        "overdue": found.is_overdue(now),
    }
