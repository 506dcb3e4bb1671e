"""Says once what the public may see."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone


class PageQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Pages of any kind."""

    def published(self, at: datetime | None = None) -> Self:
        """Return the pages the public may see at the moment (now, unless another is given).

        A page without a publishing time is a draft; NULL never compares, so drafts stay out. A
        withdrawn page that is published anew has a publishing time after its withdrawal.
        """
        moment = at or timezone.now()
        return self.kept().filter(
            models.Q(withdrawn_at__isnull=True)
            | models.Q(withdrawn_at__gt=moment)
            | models.Q(withdrawn_at__lt=models.F("published_at")),
            published_at__lte=moment,
        )

    def kept(self) -> Self:
        """Return the pages that nobody has deleted."""
        return self.filter(deleted_at__isnull=True)

    def with_people(self) -> Self:
        """Load author and reviewer, with what their credit line shows, in a constant number."""
        return self.select_related("author", "reviewed_by")
