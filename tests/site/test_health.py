"""`/healthz` tells in figures how the work behind the site stands, and never fails over it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from enquiries.jobs import LATE, OUTBOX, PURGE
from enquiries.models import CanaryRun, JobRun, OutgoingMail
from operations import health
from tests.factories import make_clinic, make_enquiry

pytestmark = pytest.mark.django_db


def asked() -> dict[str, Any]:
    response = Client().get("/healthz")
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def write_mail(state: str = "waiting", *, hours_ago: int = 0, **fields: Any) -> OutgoingMail:
    enquiry = make_enquiry(**fields)
    return OutgoingMail.objects.create(
        enquiry=enquiry,
        kind="notification",
        state=state,
        message_id=f"<{enquiry.pk}@fernhill.example>",
        created_at=timezone.now() - timedelta(hours=hours_ago),
        last_error="SMTPRecipientsRefused 550",
    )


def test_a_new_site_is_healthy() -> None:
    assert asked() == {
        "status": "ok",
        "database": "ok",
        "outbox": {
            "waiting": 0, "oldest_waiting_seconds": None, "dead_letters": 0, "came_back": 0,
        },
        "jobs": dict.fromkeys(LATE, "never run"),
        "canary": {"outcome": "none made", "last_success_seconds": None, "overdue": False},
        "backup": {"last_good_seconds": None, "overdue": False},
    }  # fmt: skip


def test_mail_that_waits_and_mail_that_is_dead_are_counted() -> None:
    write_mail(hours_ago=1)
    write_mail(hours_ago=2)
    write_mail(hours_ago=9, suspected_spam=True)  # meant to wait
    write_mail("sent", hours_ago=9)
    write_mail("failed", hours_ago=9)
    write_mail("bounced", hours_ago=9)
    outbox = asked()["outbox"]
    assert 7200 <= outbox.pop("oldest_waiting_seconds") < 7260
    assert outbox == {"waiting": 2, "dead_letters": 1, "came_back": 1}


def test_late_jobs_are_named() -> None:
    for name in LATE:
        JobRun.note(name)
    well = dict.fromkeys(LATE, "ok")
    assert asked()["jobs"] == well
    JobRun.objects.filter(name=OUTBOX).update(succeeded_at=timezone.now() - timedelta(hours=1))
    assert asked()["jobs"] == well | {OUTBOX: "late"}
    JobRun.objects.filter(name=PURGE).update(succeeded_at=None)
    assert asked()["jobs"] == well | {OUTBOX: "late", PURGE: "late"}


def test_the_test_of_the_form_is_told_without_its_words() -> None:
    now = timezone.now()
    CanaryRun.objects.create(at=now - timedelta(hours=30))
    CanaryRun.objects.create(at=now - timedelta(hours=1), problem="The mail waited.")
    response = Client().get("/healthz")
    assert b"waited" not in response.content
    canary = response.json()["canary"]
    assert 108_000 <= canary.pop("last_success_seconds") < 108_060
    assert canary == {"outcome": "failed", "overdue": True}


def test_it_holds_nothing_about_anybody() -> None:
    make_clinic()
    mail = write_mail("failed", full_name="Sam", email="sam@example.com")
    body = Client().get("/healthz").content.decode()
    for private in ("Sam", "sam@", mail.enquiry.reference, "550", "fernhill"):
        assert private not in body


@pytest.mark.parametrize(
    ("finder", "part"),
    [("outbox", "outbox"), ("job_states", "jobs"), ("canary_standing", "canary")],
)
def test_what_cannot_be_found_out_makes_no_site_look_dead(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, finder: str, part: str
) -> None:
    def fail(now: object) -> None:
        raise ValueError("sam@example.com")

    monkeypatch.setattr(health, finder, fail)
    body = asked()
    assert body["status"] == "ok"
    assert [name for name in body if body[name] == "unknown"] == [part]
    assert "sam@" not in caplog.text


def test_a_clock_that_was_set_back_gives_no_negative_age() -> None:
    CanaryRun.objects.create(at=timezone.now() + timedelta(hours=1))
    assert asked()["canary"]["last_success_seconds"] == 0
