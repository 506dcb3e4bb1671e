"""What the newest versions of pages wait for: a reviewer, their author, or whoever publishes."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from publishing.models import Page, Publication, Review, Submission, Version


@dataclass
class Waiting:
    """The keys of the pages of a kind whose newest version waits, by for whom."""

    for_review: list[int] = field(default_factory=list)
    for_author: list[int] = field(default_factory=list)
    for_publishing: list[int] = field(default_factory=list)


def waiting_versions(model: type[Page]) -> Waiting:
    """Sort the newest versions that were handed in or decided about, and are not public."""
    kind = ContentType.objects.get_for_model(model)
    newest = (
        Version.objects.filter(content_type=kind, object_id=models.OuterRef("object_id"))
        .order_by("-number")
        .values("pk")[:1]
    )
    open_pages = model.objects.kept().values("pk")
    versions = (
        Version.objects.filter(content_type=kind, pk=models.Subquery(newest))
        .filter(object_id__in=open_pages)
        .exclude(models.Exists(_standing_publications()))
        .annotate(submitted=models.Exists(Submission.objects.filter(version=models.OuterRef("pk"))))
        .annotate(decision=models.Subquery(_last_decision()))
        .filter(models.Q(submitted=True) | models.Q(decision__isnull=False))
        .values_list("object_id", "decision")
    )
    waiting = Waiting()
    for object_id, decision in versions:
        _of(waiting, decision).append(object_id)
    return waiting


def _standing_publications() -> Any:
    return Publication.objects.standing().filter(version=models.OuterRef("pk"))


def _last_decision() -> Any:
    reviews = Review.objects.filter(version=models.OuterRef("pk"))
    return reviews.order_by("-at", "-pk").values("decision")[:1]


def _of(waiting: Waiting, decision: str | None) -> list[int]:
    if decision is None:
        return waiting.for_review
    return waiting.for_publishing if decision == Review.Decision.APPROVED else waiting.for_author
