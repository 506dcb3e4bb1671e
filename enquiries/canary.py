"""The test of the whole way of an enquiry: how one is marked, and whether the last is too old.

`enquiries/canary_run.py` makes the test.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Max, Q

from enquiries.models import CanaryRun

FIELD = "canary"
_SIGNER = "enquiries.canary"
_MARK_LASTS = timedelta(minutes=10)


def mark() -> str:
    """Return what the test sends along with the form, so that nobody answers it."""
    return signing.TimestampSigner(salt=_SIGNER).sign("test")


def is_marked(text: str) -> bool:
    """Say whether a form was sent by our own test. Nobody else can make the mark."""
    try:
        return signing.TimestampSigner(salt=_SIGNER).unsign(text, max_age=_MARK_LASTS) == "test"
    except signing.BadSignature:
        return False


@dataclass(frozen=True)
class Standing:
    """When a test was made last, and when one last went all the way."""

    tried_at: datetime | None
    succeeded_at: datetime | None

    @property
    def outcome(self) -> str:
        """Return in a word how the last test ended."""
        if self.tried_at is None:
            return "none made"
        return "succeeded" if self.succeeded_at == self.tried_at else "failed"

    def is_overdue(self, now: datetime) -> bool:
        """Say whether tests are made here and the last good one is too long ago.

        A clinic that makes none is not told that its form is doubtful.
        """
        if self.tried_at is None:
            return False
        limit = timedelta(hours=settings.CANARY_MAX_HOURS)
        return self.succeeded_at is None or self.succeeded_at < now - limit


def standing() -> Standing:
    """Return how the tests stand, with one query."""
    found = CanaryRun.objects.aggregate(
        tried_at=Max("at"), succeeded_at=Max("at", filter=Q(problem=""))
    )
    return Standing(**found)


def is_overdue(now: datetime) -> bool:
    """Say whether tests are made here and the last good one is too long ago."""
    return standing().is_overdue(now)
