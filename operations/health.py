"""How the site is, for whoever watches over it: the database, and the work behind the site.

Anybody may ask, so it holds figures and no words of anybody's. What cannot be found out is said
to be unknown: no extra may make a site that answers look dead.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from enquiries import canary
from enquiries.jobs import job_states
from enquiries.models import OutgoingMail
from operations.backups import standing

logger = logging.getLogger(__name__)


def figures() -> dict[str, Any]:
    """Return how the work behind the site stands, with one query for each part."""
    now = timezone.now()
    parts: dict[str, Callable[[datetime], dict[str, Any]]] = {
        "outbox": outbox,
        "jobs": job_states,
        "canary": canary_standing,
        "backup": standing.figures,
    }
    return {name: _found(name, find, now) for name, find in parts.items()}


def _found(name: str, find: Callable[[datetime], dict[str, Any]], now: datetime) -> Any:
    try:
        return find(now)
    except Exception as error:
        logger.warning("/healthz: %s is unknown: %s", name, type(error).__name__)
        return "unknown"


def outbox(now: datetime) -> dict[str, Any]:
    """Return how old the oldest waiting mail is, and how many mails were given up or came back.

    Mail about suspected spam is meant to wait.
    """
    State = OutgoingMail.State  # noqa: N806  (a class, shorter to read)
    found = OutgoingMail.objects.aggregate(
        waiting=Count("pk", filter=Q(state=State.WAITING, enquiry__suspected_spam=False)),
        oldest=Min("created_at", filter=Q(state=State.WAITING, enquiry__suspected_spam=False)),
        dead=Count("pk", filter=Q(state=State.FAILED)),
        bounced=Count("pk", filter=Q(state=State.BOUNCED)),
    )
    return {
        "waiting": found["waiting"],
        "oldest_waiting_seconds": _age(found["oldest"], now),
        "dead_letters": found["dead"],
        "came_back": found["bounced"],
    }


def canary_standing(now: datetime) -> dict[str, Any]:
    """Return how the last test of the enquiry form ended, and how long ago one succeeded."""
    found = canary.standing()
    return {
        "outcome": found.outcome,
        "last_success_seconds": _age(found.succeeded_at, now),
        "overdue": found.is_overdue(now),
    }


def _age(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else max(0, int((now - moment).total_seconds()))
