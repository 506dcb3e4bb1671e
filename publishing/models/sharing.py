"""Links by which somebody without an account reads, and reviews, one version of a page."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from publishing.models.history import Version


class ShareLink(models.Model):
    """A link to one version: it ends by itself, and can be revoked."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="share_links")
    invited = models.CharField("who it is for", max_length=120)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"link for {self.invited}"

    def is_open(self, at: datetime | None = None) -> bool:
        """Say whether the link still leads to the version."""
        return self.revoked_at is None and (at or timezone.now()) < self.expires_at
