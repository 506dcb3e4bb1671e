"""How the site and the work behind it stand, for Prometheus, read when it is asked for.

What cannot be found out is left out: a figure that is missing can be watched for, a wrong one not.
"""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from enquiries.jobs import job_states
from enquiries.models import Enquiry, JobRun
from operations import health
from operations.backups.archive import release
from operations.backups.standing import standing
from operations.counted_files import folder_in, forget_ended

logger = logging.getLogger(__name__)


def registry() -> CollectorRegistry:
    """Return what workers have counted, all of them together, and how the site stands."""
    collected = CollectorRegistry(auto_describe=False)
    folder = folder_in(Path(settings.DATA_DIR))
    folder.mkdir(parents=True, exist_ok=True)
    MultiProcessCollector(collected, path=str(folder))  # type: ignore[no-untyped-call]
    collected.register(SiteCollector(folder))
    return collected


class SiteCollector(Collector):
    """Asks the database when it is asked itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """Yield every figure that can be found out."""
        forget_ended(self._folder)
        try:
            for find in (_release, _outbox, _enquiries, _jobs, _backups):
                yield from _found(find)
        finally:
            connections.close_all()  # this thread's own


def _found(find: Callable[[], list[Metric]]) -> list[Metric]:
    try:
        return find()
    except Exception as error:
        logger.warning("Figures for Prometheus are missing: %s", type(error).__name__)
        return []


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _by_job(name: str, meaning: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=["job"])
    for job, value in values.items():
        family.add_metric([job], value)
    return family


def _release() -> list[Metric]:
    family = GaugeMetricFamily("clinic_release", "The release that runs", labels=["release"])
    family.add_metric([release()], 1)
    return [family]


def _outbox() -> list[Metric]:
    found = health.outbox(timezone.now())
    return [
        _gauge("clinic_outbox_waiting", "Mails that wait to be sent", found["waiting"]),
        _gauge(
            "clinic_outbox_oldest_seconds",
            "How long the oldest of them has waited",
            found["oldest_waiting_seconds"] or 0,
        ),
        _gauge("clinic_outbox_given_up", "Mails that were given up", found["dead_letters"]),
        _gauge("clinic_outbox_came_back", "Mails that came back", found["came_back"]),
    ]


def _enquiries() -> list[Metric]:
    new = Enquiry.objects.open().filter(status=Enquiry.Status.NEW).count()
    overdue = Enquiry.objects.overdue().count()
    return [
        _gauge("clinic_enquiries_waiting", "Enquiries that nobody has begun to answer", new),
        _gauge("clinic_enquiries_overdue", "Enquiries that are overdue for a reply", overdue),
    ]


def _jobs() -> list[Metric]:
    succeeded = JobRun.objects.exclude(succeeded_at=None).values_list("name", "succeeded_at")
    states = job_states(timezone.now())
    return [
        _by_job(
            "clinic_job_succeeded_timestamp_seconds",
            "When a job last succeeded",
            {name: at.timestamp() for name, at in succeeded if at},
        ),
        _by_job(
            "clinic_job_late",
            "1 if a job that is watched has not succeeded for too long",
            {name: float(state == "late") for name, state in states.items()},
        ),
    ]


def _backups() -> list[Metric]:
    found = standing()
    good = found.last_good
    return [
        _gauge(
            "clinic_backup_good_timestamp_seconds",
            "When the last good backup was made; 0 if none was",
            good.at.timestamp() if good else 0,
        ),
        _gauge(
            "clinic_backup_overdue",
            "1 if there should be a newer good backup",
            float(found.is_overdue(timezone.now())),
        ),
    ]
