"""Changes, for the other machines of a site to hear of."""

from django.db import models
from django.utils import timezone


class Change(models.Model):
    """Something that pages show has changed. Written in the same transaction as the change."""

    tags = models.JSONField()
    # The name of the board of the machine that made it, and so knows of it already.
    board = models.CharField(max_length=16)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return ", ".join(self.tags)
