"""The history of pages: versions, what was decided about each, and when it took effect.

Nothing here is changed once it is written. What the public sees follows from these rows alone;
`publishing.projection` writes it to the page's own row, where it costs a reader no query.
"""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from publishing.models.append_only import AppendOnly, AppendOnlyQuerySet


def page_key(page: models.Model) -> dict[str, Any]:
    """Return the two values by which every record names its page."""
    return {"content_type": ContentType.objects.get_for_model(page), "object_id": page.pk}


class PageRecordQuerySet(AppendOnlyQuerySet):
    """Records about pages."""

    def of(self, page: models.Model) -> Self:
        """Return the records of one page."""
        return self.filter(**page_key(page))


class PageRecord(AppendOnly):
    """A record about a page of any kind."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    page = GenericForeignKey()

    objects: ClassVar[Any] = PageRecordQuerySet.as_manager()

    class Meta:
        abstract = True


class Version(PageRecord):
    """All that a reader sees of a page, as somebody saved it.

    `data` is a snapshot in the form that `publishing.snapshots` describes.
    """

    number = models.PositiveIntegerField()
    data = models.JSONField(encoder=DjangoJSONEncoder)
    # Words shown on the page and worded elsewhere, as they were: see `publishing.kept_words`.
    kept = models.JSONField(default=dict, blank=True)
    note = models.CharField("note for colleagues", max_length=300, blank=True)
    change_note = models.CharField("what changed, for readers", max_length=300, blank=True)
    is_minor = models.BooleanField("only spelling or layout", default=False)
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    restored_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        default_permissions = ("view",)
        permissions = [
            ("review_version", "Can review a version clinically"),
            ("publish_version", "Can publish, schedule and withdraw"),
            ("publish_unreviewed_version", "Can publish without a clinical review"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "number"], name="version_number_once_a_page"
            )
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class VersionRecord(AppendOnly):
    """A record about one exact version."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class Submission(VersionRecord):
    """A version handed in for clinical review."""

    note = models.CharField("note for the reviewer", max_length=500, blank=True)
    asked = models.ForeignKey(
        settings.PUBLISHING_PERSON_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="who should review it",
    )

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.version} handed in by {self.by_name}"


class Review(VersionRecord):
    """What a named clinician decided about one exact version."""

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        CHANGES = "changes", "Changes asked for"
        DECLINED = "declined", "Not approved"

    decision = models.CharField(max_length=8, choices=Decision)
    reviewer = models.ForeignKey(
        settings.PUBLISHING_PERSON_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    registration = models.CharField(
        "registration, as an outside reviewer gave it", max_length=80, blank=True
    )
    # [{"heading": "Symptoms", "text": "…"}, …]
    remarks = models.JSONField(default=list, blank=True)
    reviewed_on = models.DateField()
    next_review_due = models.DateField(null=True, blank=True)
    is_own_work = models.BooleanField(
        "reviewed by somebody who wrote it, as the clinic works in single-person mode",
        default=False,
    )
    share_link = models.ForeignKey(
        "publishing.ShareLink",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(decision="approved")
                | models.Q(next_review_due__gt=models.F("reviewed_on")),
                name="approval_says_when_it_is_due_again",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_decision_display()} by {self.by_name}"

    @property
    def is_approval(self) -> bool:
        """Say whether the version may be shown as reviewed."""
        return self.decision == self.Decision.APPROVED


class PublicationQuerySet(PageRecordQuerySet):
    """What was decided about when a page is public."""

    def standing(self) -> Self:
        """Return the decisions that were not cancelled, in the order in which they take effect."""
        return self.filter(cancellation__isnull=True).order_by("effective_at", "pk")


class Publication(PageRecord):
    """From a moment on, a page shows a version, or is withdrawn."""

    class Kind(models.TextChoices):
        PUBLISH = "publish", "Public"
        WITHDRAW = "withdraw", "Withdrawn"

    kind = models.CharField(max_length=8, choices=Kind)
    version = models.ForeignKey(
        Version, on_delete=models.PROTECT, null=True, blank=True, related_name="publications"
    )
    effective_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    merged_into = models.CharField("address readers are sent to", max_length=200, blank=True)
    is_unreviewed = models.BooleanField("published without a clinical review", default=False)
    # The day that readers see as the last update: empty at first, and unmoved by a spelling fix.
    updated_on = models.DateField(null=True, blank=True)
    # What the checks warned of, and whoever published it accepted.
    accepted_warnings = models.JSONField(default=list, blank=True)
    # Of a page that was brought from another site without its whole history: since when it had been
    # public without a break, and what readers had been told of changes, this one included.
    brought_public_since = models.DateTimeField(null=True, blank=True)
    brought_change_notes = models.JSONField(null=True, blank=True)

    objects: ClassVar[Any] = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["effective_at", "pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["content_type", "object_id"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind="withdraw") | models.Q(version__isnull=False),
                name="what_is_published_is_a_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {timezone.localtime(self.effective_at):%-d %b %Y}"

    @property
    def is_publish(self) -> bool:
        """Say whether it makes a page public, rather than withdrawing it."""
        return self.kind == self.Kind.PUBLISH

    def is_effective(self, at: datetime) -> bool:
        """Say whether it has taken effect at the moment."""
        return self.effective_at <= at


class Cancellation(AppendOnly):
    """A planned publication or withdrawal that was called off before it took effect."""

    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, related_name="cancellation"
    )

    def __str__(self) -> str:
        return f"{self.publication}: cancelled"


class ScheduledChange(models.Model):
    """The next moment at which a page's own row has to be written anew. Derived, and kept short."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    page = GenericForeignKey()
    due_at = models.DateTimeField(db_index=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="one_scheduled_change_a_page"
            )
        ]

    def __str__(self) -> str:
        return f"due {self.due_at:%Y-%m-%d %H:%M}"
