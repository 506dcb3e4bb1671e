"""Pages that a clinician has to look at again, as something that they rest on has changed."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from publishing.models import Page, Review, page_key


class ReviewNeededQuerySet(models.QuerySet[Any]):
    """Reasons to look at a page again."""

    def of(self, page: models.Model) -> Self:
        """Return those of one page."""
        return self.filter(**page_key(page))

    def open(self) -> Self:
        """Return those that no approving review of the page has answered since.

        Asked of the reviews each time, so that nobody has to tick anything off. A page that was
        deleted needs no review.
        """
        answered = Review.objects.filter(
            version__content_type=models.OuterRef("content_type"),
            version__object_id=models.OuterRef("object_id"),
            decision=Review.Decision.APPROVED,
            at__gt=models.OuterRef("since"),
        )
        return self.filter(~models.Exists(answered), _page_is_kept())


def _page_is_kept() -> models.Q:
    """Return the condition that the page is there and not deleted, whatever its kind."""
    kinds = [model for model in apps.get_models() if issubclass(model, Page)]
    kept = models.Q()
    for model, kind in ContentType.objects.get_for_models(*kinds).items():
        pages = model._default_manager.kept().values("pk")  # type: ignore[attr-defined]
        kept |= models.Q(content_type=kind, object_id__in=pages)
    return kept


class ReviewNeeded(models.Model):
    """A reason to review a page again: which claim or source changed, how and when."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    page = GenericForeignKey()
    reason = models.CharField("what changed", max_length=400)
    since: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(
        default=timezone.now, db_index=True
    )
    by_name = models.CharField("changed by", max_length=160, blank=True)

    objects: ClassVar[Any] = ReviewNeededQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        default_permissions = ("view",)
        verbose_name = "page to review again"
        verbose_name_plural = "pages to review again"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["content_type", "object_id"])]

    def __str__(self) -> str:
        return self.reason
