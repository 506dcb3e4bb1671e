"""Who is listed, and how the list is narrowed."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.utils import timezone


class PractitionerQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Practitioners."""

    def published(self) -> Self:
        """Return those whose page is public: people who have left included."""
        return self.filter(published_at__lte=timezone.now())

    def listed(self, on: date | None = None) -> Self:
        """Return those who are shown as working here on the day (today, if none is given)."""
        day = on or timezone.localdate()
        return self.published().filter(
            models.Q(leaves_on__isnull=True) | models.Q(leaves_on__gt=day)
        )

    def next_to_come(self, after: datetime) -> datetime | None:
        """Return the next moment at which a page of somebody becomes public, if one is planned."""
        found: datetime | None = self.filter(published_at__gt=after).aggregate(
            at=models.Min("published_at")
        )["at"]
        return found

    def for_cards(self) -> Self:
        """Load what a card shows, in a constant number of queries."""
        return self.select_related("photo").prefetch_related(
            "registrations", "working_days", "languages", "treatments"
        )
