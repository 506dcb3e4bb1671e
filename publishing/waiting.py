"""What the newest versions of pages wait for: a reviewer, their author, or whoever publishes."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from publishing.models import Page, Publication, Review, ReviewPolicy, Submission, Version
from publishing.workflow import is_own_work, latest_version


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


def for_review_by(model: type[Page], user: Any) -> list[int]:
    """Return the keys of the pages handed in for review but for somebody's own work.

    In single-person mode people review that too.
    """
    handed_in = waiting_versions(model).for_review
    if ReviewPolicy.current().single_person_mode:
        return handed_in
    pages = model._base_manager.filter(pk__in=handed_in)
    return [page.pk for page in pages if not is_own_work(latest_version(page), user)]


def _standing_publications() -> Any:
    return Publication.objects.standing().filter(version=models.OuterRef("pk"))


def _last_decision() -> Any:
    reviews = Review.objects.filter(version=models.OuterRef("pk"))
    return reviews.order_by("-at", "-pk").values("decision")[:1]


def _of(waiting: Waiting, decision: str | None) -> list[int]:
    if decision is None:
        return waiting.for_review
    return waiting.for_publishing if decision == Review.Decision.APPROVED else waiting.for_author
