"""Make counts of readers and addresses that lead nowhere."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from visits.models import MissingAddress, PageCount


def make_page_count(path: str, *, days_ago: int = 0, times: int = 1) -> PageCount:
    """Make the count of one page on one day."""
    day = timezone.localdate() - timedelta(days=days_ago)
    return PageCount.objects.create(day=day, path=path, times=times)


def make_missing_address(path: str, *, days_ago: int = 0, **fields: Any) -> MissingAddress:
    """Make an address that somebody asked for once, last so many days ago."""
    day = timezone.localdate() - timedelta(days=days_ago)
    fields = {"times": 1, "first_on": day, "last_on": day} | fields
    return MissingAddress.objects.create(path=path, **fields)
