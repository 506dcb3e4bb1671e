"""The work behind the site: each job when it is due, whatever happens to the others."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from clinic.models import Clinic
from enquiries import jobs, outbox, retention
from enquiries.jobs import Job, Rota
from enquiries.models import Enquiry, JobRun, OutgoingMail, Tombstone
from tests.factories import make_enquiry

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done by two jobs, one each minute and one each hour."""
    names: list[str] = []

    def noting(name: str) -> Callable[[datetime], object]:
        return lambda now: names.append(name)

    often = Job("often", MINUTE, noting("often"))
    seldom = Job("seldom", timedelta(hours=1), noting("seldom"))
    monkeypatch.setattr(jobs, "JOBS", (often, seldom))
    return names


def test_each_job_is_done_when_it_is_due(clock: time_machine.Traveller, done: list[str]) -> None:
    rota, start = Rota(), timezone.now()
    rota.run_due(start)
    rota.run_due(start + timedelta(seconds=59))
    assert done == ["often", "seldom"]
    rota.run_due(start + MINUTE)
    assert done == ["often", "seldom", "often"]
    rota.run_due(start + timedelta(hours=1))
    assert done[3:] == ["often", "seldom"]


def test_a_clock_that_was_set_back_stops_no_job(
    clock: time_machine.Traveller, done: list[str]
) -> None:
    rota, start = Rota(), timezone.now()
    rota.run_due(start)
    earlier = start - timedelta(days=2)
    rota.run_due(earlier)
    assert done == ["often", "seldom"] * 2
    rota.run_due(earlier + timedelta(seconds=30))
    assert len(done) == 4
    rota.run_due(earlier + MINUTE)
    assert len(done) == 5


def test_a_job_that_fails_keeps_no_other_from_being_done(
    clock: time_machine.Traveller,
    done: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(now: datetime) -> None:
        raise ValueError("sam@example.com")

    monkeypatch.setattr(jobs, "JOBS", (Job("broken", MINUTE, fail), *jobs.JOBS))
    rota, now = Rota(), timezone.now()
    rota.run_due(now)
    assert done == ["often", "seldom"]
    broken = JobRun.objects.get(name="broken")
    assert (broken.last_error, broken.succeeded_at, broken.ran_at) == ("ValueError", None, now)
    assert "ValueError" in caplog.text
    assert "sam@example.com" not in caplog.text
    assert JobRun.objects.get(name="often").succeeded_at == now


def test_a_fault_that_passes_is_forgotten_and_the_last_success_kept(
    clock: time_machine.Traveller, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles = iter([None, OSError("x"), None])

    def work(now: datetime) -> None:
        if trouble := next(troubles):
            raise trouble

    monkeypatch.setattr(jobs, "JOBS", (Job("shaky", MINUTE, work),))
    rota, first = Rota(), timezone.now()
    seen = []
    for _ in range(3):
        rota.run_due(timezone.now())
        run = JobRun.objects.get(name="shaky")
        seen.append((run.last_error, run.succeeded_at))
        clock.shift(MINUTE)
    assert seen == [("", first), ("OSError", first), ("", first + 2 * MINUTE)]


def test_work_is_done_even_if_it_cannot_be_noted(
    clock: time_machine.Traveller, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise DatabaseError("away")

    rota = Rota()
    with monkeypatch.context() as patch:
        patch.setattr(JobRun, "note", fail)
        rota.run_due(timezone.now())
    assert done == ["often", "seldom"]
    clock.shift(MINUTE)
    rota.run_due(timezone.now())
    assert JobRun.objects.filter(name="often").exists()


def test_a_job_is_late_when_it_has_not_succeeded_for_too_long(
    clock: time_machine.Traveller,
) -> None:
    assert jobs.late_jobs(timezone.now()) == []  # a new site has missed nothing yet
    for name in jobs.LATE:
        JobRun.note(name)
    clock.shift(timedelta(hours=25))
    JobRun.note(jobs.OUTBOX)
    JobRun.note(jobs.PURGE, "OSError")
    assert jobs.late_jobs(timezone.now()) == []
    clock.shift(timedelta(hours=2))
    JobRun.note(retention.WIPE)
    JobRun.note(jobs.OUTBOX)
    JobRun.note(jobs.PURGE, "OSError")
    assert jobs.late_jobs(timezone.now()) == [jobs.PURGE]


def test_one_round_sends_mail_tells_of_overdue_and_erases(
    clock: time_machine.Traveller, clinic: Clinic
) -> None:
    waiting = make_enquiry(reply_by=timezone.now() - MINUTE)
    outbox.add(waiting, OutgoingMail.Kind.NOTIFICATION)
    make_enquiry(erase_on=timezone.localdate())
    call_command("run_jobs", "--once", stdout=StringIO())
    assert [each.subject for each in mail.outbox] == [
        f"New enquiry {waiting.reference}", f"Enquiry {waiting.reference} is overdue for a reply",
    ]  # fmt: skip
    assert list(Enquiry.objects.all()) == [waiting]
    assert Tombstone.objects.count() == 1
    assert set(JobRun.objects.values_list("name", flat=True)) == {job.name for job in jobs.JOBS}
    assert not JobRun.objects.exclude(last_error="").exists()
