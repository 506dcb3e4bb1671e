"""The work that nobody waits for: mail, notices of overdue replies, erasure on time."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from enquiries import outbox, retention, screening
from enquiries.models import Enquiry, JobRun, OutgoingMail
from enquiries.outbox import describe

logger = logging.getLogger(__name__)

PURGE = "erase enquiries"
OUTBOX = "send mail"


@dataclass(frozen=True)
class Job:
    """Something to be done again after a while. The work is given the time it is done at."""

    name: str
    every: timedelta
    work: Callable[[datetime], object]


def tell_of_overdue(now: datetime) -> int:
    """Write a mail to the managers about each enquiry that has become overdue, once each."""
    untold = Enquiry.objects.overdue(now).exclude(mail__kind=OutgoingMail.Kind.OVERDUE)
    count = 0
    for enquiry in untold:
        with transaction.atomic():
            outbox.add(enquiry, OutgoingMail.Kind.OVERDUE)
        count += 1
    return count


JOBS = [
    Job("tell of overdue replies", timedelta(minutes=1), tell_of_overdue),
    Job(OUTBOX, timedelta(seconds=10), lambda now: outbox.drain(limit=100)),
    Job(PURGE, timedelta(hours=1), retention.purge),
    Job(retention.WIPE, timedelta(hours=1), retention.wipe),
    Job("forget who sent from where", timedelta(hours=1), screening.forget),
]
# A job that has not succeeded for so long is reported on the desk.
LATE = {
    OUTBOX: timedelta(minutes=15),
    PURGE: timedelta(hours=26),
    retention.WIPE: timedelta(hours=26),
}


def register(job: Job) -> None:
    """Add work that another app has to have done. Called from its `AppConfig`; safe to repeat."""
    if job.name not in {each.name for each in JOBS}:
        JOBS.append(job)


def job_states(now: datetime) -> dict[str, str]:
    """Return of each job that is watched whether it is "ok", "late" or "never run".

    A job that runs and fails each time has not succeeded, so it is late.
    """
    runs = JobRun.objects.filter(name__in=LATE).values_list("name", "succeeded_at")
    succeeded = dict(runs)
    states = {}
    for name, limit in LATE.items():
        done = succeeded.get(name)
        is_late = done is None or done < now - limit
        states[name] = "never run" if name not in succeeded else "late" if is_late else "ok"
    return states


def late_jobs(now: datetime) -> list[str]:
    """Return the names of the jobs that have not succeeded for too long, or never though due."""
    return [
        name
        for name, state in job_states(now).items()
        if state == "late" or (state == "never run" and _is_missed(name, now))
    ]


def _is_missed(name: str, now: datetime) -> bool:
    """Say whether a job that never ran should have: on a new site nothing has been missed yet."""
    return Enquiry.objects.filter(received_at__lt=now - LATE[name]).exists()


class Rota:
    """Which jobs were done when, in one process."""

    def __init__(self) -> None:
        self._done: dict[str, datetime] = {}
        self._noted: dict[str, datetime] = {}

    def run_due(self, now: datetime) -> None:
        """Do every job whose time has come. One that fails keeps no other from being done.

        A clock that was set back makes a job due at once: better twice than never.
        """
        for job in JOBS:
            last = self._done.get(job.name)
            if last is None or not last <= now < last + job.every:
                self._done[job.name] = now
                self._run(job, now)

    def _run(self, job: Job, now: datetime) -> None:
        error = ""
        try:
            job.work(now)
        except Exception as problem:  # there is nobody above to tell
            error = describe(problem)
            logger.error("The job “%s” failed: %s", job.name, error)
        self._note(job, now, error)

    def _note(self, job: Job, now: datetime, error: str) -> None:
        """Write down that it ran, at most once a minute while all is well."""
        last = self._noted.get(job.name)
        if error or last is None or not last <= now < last + timedelta(minutes=1):
            self._noted[job.name] = now
            try:
                JobRun.note(job.name, error)
            except Exception as problem:  # the database is away: it is noted when it is back
                self._noted.pop(job.name)
                logger.error("The job “%s” could not be noted: %s", job.name, describe(problem))
