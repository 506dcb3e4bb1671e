"""Somebody notices when there is no backup to go back to, and one is made every day."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from operations.backups import daily, kept_settings
from operations.backups.keys import check_key, key_in, new_key
from operations.models import BackupRun
from tests.factories import make_clinic

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def with_key(settings: LazySettings) -> None:
    settings.BACKUP_KEY = new_key()


def make_run(*, hours_ago: float, succeeded: bool = True, **fields: Any) -> BackupRun:
    at = timezone.now() - timedelta(hours=hours_ago)
    return BackupRun.objects.create(at=at, succeeded=succeeded, **fields)


def desk(client: Client) -> str:
    """Return what the first page of the admin says of backups."""
    page = BeautifulSoup(client.get("/admin/").content, "html.parser")
    found = [item.get_text(" ") for item in page.select(".desk__item, .desk__status")]
    return " ".join(" ".join(found).split())


@pytest.mark.django_db
def test_the_desk_warns_until_there_is_a_good_and_recent_backup(
    staff: Callable[[str], Client], with_key: None
) -> None:
    make_clinic()
    manager = staff("Manager")
    assert "backup that should have been made: none ever was" in desk(manager)
    make_run(hours_ago=27)
    assert "the last good one was made 1 day, 3 hours ago. Tell whoever" in desk(manager)
    make_run(hours_ago=1, succeeded=False, problem="No space left")
    assert "The list says what the last try met" in desk(manager)
    assert "No space left" in manager.get("/admin/operations/backuprun/").content.decode()
    make_run(hours_ago=0.5, size=3_000_000)
    assert "should have been made" not in desk(manager)


@pytest.mark.django_db
def test_the_desk_tells_of_a_public_site_without_a_key(
    staff: Callable[[str], Client], settings: LazySettings
) -> None:
    make_clinic()
    manager = staff("Manager")
    assert "backup" not in desk(manager)
    settings.SITE_URL = "https://www.example.org"
    assert "there is no key for backups (BACKUP_KEY)" in desk(manager)


@pytest.mark.django_db
def test_the_desk_tells_of_files_that_are_lost(
    staff: Callable[[str], Client], with_key: None
) -> None:
    make_clinic()
    make_run(hours_ago=1, missing_files=3)
    assert "3 files of pictures that are missing" in desk(staff("Manager"))


@pytest.mark.django_db
def test_editors_are_not_bothered(staff: Callable[[str], Client], with_key: None) -> None:
    make_clinic()
    assert "backup" not in desk(staff("Editor"))


@pytest.mark.django_db
def test_the_health_check_tells_how_old_the_last_good_one_is(with_key: None) -> None:
    assert Client().get("/healthz").json()["backup"] == {
        "last_good_seconds": None,
        "overdue": True,
    }
    make_run(hours_ago=30)
    make_run(hours_ago=1, succeeded=False)
    found = Client().get("/healthz").json()["backup"]
    assert found.pop("last_good_seconds") // 3600 == 30
    assert found == {"overdue": True}
    make_run(hours_ago=2)
    assert not Client().get("/healthz").json()["backup"]["overdue"]


# --- every day ------------------------------------------------------------------------------------


class Started:
    """Stands in for the processes that the job starts."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.is_running = True

    def __call__(self, command: list[str], **options: Any) -> "Started":
        self.commands.append(command[1:4])
        return self

    def poll(self) -> int | None:
        return None if self.is_running else 0


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    stand_in = Started()
    monkeypatch.setattr(daily.subprocess, "Popen", stand_in)
    monkeypatch.setattr(daily, "_started", [])
    return stand_in


@pytest.mark.django_db
def test_one_backup_a_day_is_started_and_tried_again_while_it_fails(
    started: Started, with_key: None
) -> None:
    now = timezone.now()
    daily.start_when_due(now)
    assert started.commands == [["manage.py", "backup", "--verbosity"]]
    daily.start_when_due(now)  # it is still at work
    assert len(started.commands) == 1
    started.is_running = False
    make_run(hours_ago=0, succeeded=False)
    daily.start_when_due(now)
    assert len(started.commands) == 2
    make_run(hours_ago=0)
    daily.start_when_due(now + timedelta(hours=22))
    assert len(started.commands) == 2
    daily.start_when_due(now + timedelta(hours=23, minutes=1))
    assert len(started.commands) == 3


@pytest.mark.django_db
def test_without_a_key_none_is_started(started: Started) -> None:
    daily.start_when_due(timezone.now())
    assert started.commands == []


# --- keys and settings ----------------------------------------------------------------------------


def test_a_key_file_may_be_one_that_age_made() -> None:
    key = new_key()
    assert key_in(f"# created: 2026-11-21\n# public key: age1abc\n{key}\n") == key
    assert check_key(key) == check_key("") == ""
    assert "AGE-SECRET-KEY-1" in check_key("age1abc")


def test_somebody_has_decided_about_every_setting() -> None:
    """A new setting is either named in backups, or named as one that stays out of them."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    names = {line[2:].partition("=")[0] for line in lines if line.startswith("# ") and "=" in line}
    names = {name for name in names if name.replace("_", "").isupper()}
    decided = {*kept_settings.KEPT, *kept_settings.NEVER_KEPT}
    assert names - decided == set(), "decide in operations/backups/kept_settings.py"
    assert not [name for name in kept_settings.KEPT if "KEY" in name or "PASSWORD" in name]
