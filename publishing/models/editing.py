"""Text that somebody is typing and has not saved: kept apart from the history, for them alone."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

# Without a sign of life for so long, nobody is taken to be at work on the page.
AT_WORK = timedelta(minutes=20)
# In place of a page's number while the page is not there yet.
NEW = 0


class WorkInProgressQuerySet(models.QuerySet[Any]):
    """What people are typing."""

    def on(self, model: type[models.Model], object_id: int) -> Self:
        """Return what is being typed on a page, or, with NEW, on a new one of that kind."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(model), object_id=object_id
        )

    def at_work(self) -> Self:
        """Return the people who gave a sign of life lately."""
        return self.filter(seen_at__gte=timezone.now() - AT_WORK)


class WorkInProgress(models.Model):
    """One person at one page: since when, on which version, and what they have typed so far."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField(default=NEW)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)
    # The form as a browser sends it: [[name, value], …]. Empty while nothing was changed.
    typed = models.JSONField(default=list, blank=True)
    typed_at = models.DateTimeField(null=True, blank=True)

    objects = WorkInProgressQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "content_type", "object_id"],
                name="one_work_in_progress_a_person_and_page",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} since {self.started_at:%H:%M}"
