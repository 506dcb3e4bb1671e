"""Starts the day's backup in a process of its own: mail must not wait for it."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from operations.models import BackupRun

# Looked at every hour, so that there is a new one after a day at the latest, and one that failed is
# tried again within the hour.
LOOK_EVERY = timedelta(hours=1)
_DUE_AFTER = timedelta(hours=23)

_started: list[subprocess.Popen[bytes]] = []


def is_due(now: datetime) -> bool:
    """Say whether it is time for a backup: there is a key, and no good one of the last day."""
    if not settings.BACKUP_KEY:
        return False
    good = BackupRun.last_good()
    return good is None or good.at <= now - _DUE_AFTER


def start_when_due(now: datetime) -> None:
    """Start `manage.py backup` if it is due. It notes by itself how it went."""
    # Asked for, so that one that has ended leaves nothing behind in the list of processes.
    _started[:] = [process for process in _started if process.poll() is None]
    if not _started and is_due(now):
        _started.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "backup", "--verbosity", "0"],
                cwd=Path(__file__).resolve().parents[2],
                stdin=subprocess.DEVNULL,
            )
        )
