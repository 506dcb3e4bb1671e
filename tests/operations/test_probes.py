"""`/livez` says that a process answers, `/readyz` that all is as it should be, for machines."""

from datetime import timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from enquiries.jobs import LATE, OUTBOX
from enquiries.models import JobRun
from operations import probes
from tests.factories import make_clinic, make_enquiry
from tests.site.test_bad_requests import database_gone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    """What a process has found out once, it does not look up again."""
    probes._applied.clear()


def test_a_new_site_lives_and_is_ready() -> None:
    live, ready = Client().get("/livez"), Client().get("/readyz")
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert ready.status_code == 200
    every = ("status", "database", "migrations", "jobs", "backups")
    assert ready.json() == dict.fromkeys(every, "ok")
    assert "no-store" in ready.headers["Cache-Control"]


def test_without_its_database_a_site_lives_and_is_not_ready() -> None:
    with database_gone():
        live, ready = Client().get("/livez"), Client().get("/readyz")
    assert live.status_code == 200
    assert ready.status_code == 503
    assert ready.json() == {
        "status": "not ready",
        "database": "the database does not answer",
        "migrations": "unknown",
        "jobs": "unknown",
        "backups": "unknown",
    }


def test_a_migration_that_was_not_applied_is_noticed() -> None:
    MigrationRecorder.Migration.objects.filter(app="visits").delete()
    ready = Client().get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["migrations"] == "some were not applied"


def test_jobs_that_stopped_are_named() -> None:
    for name in LATE:
        JobRun.note(name)
    assert Client().get("/readyz").status_code == 200
    JobRun.objects.filter(name=OUTBOX).update(succeeded_at=timezone.now() - timedelta(hours=1))
    ready = Client().get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["jobs"] == f"late: {OUTBOX}"
    assert Client().get("/healthz").status_code == 200


def test_backups_that_are_overdue_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operations.backups.standing.figures", lambda now: {"overdue": True})
    ready = Client().get("/readyz")
    assert (ready.status_code, ready.json()["backups"]) == (503, "overdue")


def test_they_hold_nothing_about_anybody() -> None:
    make_clinic()
    make_enquiry(full_name="Sam", email="sam@example.com")
    body = Client().get("/readyz").content + Client().get("/livez").content
    assert b"Sam" not in body
    assert b"sam@" not in body
    assert b"fernhill" not in body.lower()
