"""The audit log: every act of staff, in words, added to and never changed."""

from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from publishing.models.append_only import AppendOnly


class AuditEntry(AppendOnly):
    """Who did what to what, and when. It never holds what a patient wrote."""

    act = models.CharField(max_length=40, db_index=True)
    content_type = models.ForeignKey(
        ContentType, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    object_id = models.CharField(max_length=40, blank=True)
    target = models.CharField("what it was done to", max_length=200, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "entry of the audit log"
        verbose_name_plural = "audit log"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["content_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.act} {self.target}"


def name_of(user: Any) -> str:
    """Return the name by which the record knows somebody with an account."""
    return str(user.get_full_name() or user.get_username())


def record(
    user: Any, act: str, target: models.Model | None, detail: str = "", *, by_name: str = ""
) -> AuditEntry:
    """Write an act to the audit log. Somebody without an account is named by `by_name`."""
    entry = AuditEntry(
        at=timezone.now(),
        by=user,
        by_name=(by_name or name_of(user))[:160],
        act=act,
        detail=detail,
    )
    if target is not None:
        entry.content_type = ContentType.objects.get_for_model(target)
        entry.object_id = str(target.pk)
        entry.target = f"{target._meta.verbose_name}: {target}"[:200]
    entry.save()
    return entry
