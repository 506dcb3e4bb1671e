"""Addresses that pages had before, and where they are now."""

from django.db import models
from django.utils import timezone


class Redirect(models.Model):
    """An old address of this site that leads on to a new one, for good."""

    old_path = models.CharField("old address", max_length=200, unique=True)
    new_path = models.CharField("new address", max_length=200, db_index=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["old_path"]

    def __str__(self) -> str:
        return f"{self.old_path} → {self.new_path}"
