"""What every kind of page has."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from delivery import shown
from publishing.fields import validate_markdown
from publishing.querysets import PageQuerySet
from publishing.sections import Section
from publishing.shown_on import list_of, tag_of


class Page(models.Model):
    """What every page has: an address, a summary, and who answers for it.

    The row is what the public sees, now or from its time on: always exactly one version of the
    page's history, written here by `publishing.projection` and by nothing else. What only staff
    see, drafts of a page that is public, is in the history alone.
    """

    SECTIONS: ClassVar[tuple[Section, ...]] = ()
    # The names of the relations whose rows belong to the page and are part of every version.
    PARTS: ClassVar[tuple[str, ...]] = ()
    # Places of a version in which nothing clinical is said: a change there needs no new review.
    NOT_CLINICAL: ClassVar[frozenset[str]] = frozenset({"fields.slug", "fields.order"})

    slug = models.SlugField(
        "address", max_length=80, unique=True, help_text="The last part of the page's web address."
    )
    summary = models.CharField(
        max_length=220,
        help_text="One or two plain sentences, under the title and in lists. At most 220 letters.",
    )
    meta_description = models.CharField(
        "description for search engines",
        max_length=160,
        blank=True,
        help_text="Shown in search results. Left empty, the summary is used.",
    )
    author = models.ForeignKey(
        settings.PUBLISHING_PERSON_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who wrote it.",
    )

    live_version = models.ForeignKey(
        "publishing.Version", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    published_at = models.DateTimeField(
        "public from", null=True, blank=True, db_index=True, editable=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawal_reason = models.CharField(max_length=300, blank=True, editable=False)
    updated_on = models.DateField("last changed for readers", null=True, editable=False)
    # What changed, newest first: [{"on": "2026-11-21", "note": "…"}, …]
    change_notes = models.JSONField(default=list, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.PUBLISHING_PERSON_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="clinical reviewer",
    )
    outside_reviewer = models.CharField(
        "reviewer from outside, with registration", max_length=260, blank=True, editable=False
    )
    reviewed_on = models.DateField("last clinically reviewed", null=True, editable=False)
    next_review_due = models.DateField(null=True, editable=False)
    review_covers_text = models.BooleanField(
        "the review was of these words", default=True, editable=False
    )
    # Without an index of its own: it is empty in nearly every row, and SQLite would choose it all
    # the same, and so read every page for each list.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PageQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                # A missing date compares as "unknown", which a database lets pass: so ask for both.
                condition=models.Q(reviewed_on__isnull=True)
                | models.Q(
                    models.Q(reviewed_by__isnull=False) | ~models.Q(outside_reviewer=""),
                    next_review_due__isnull=False,
                    next_review_due__gt=models.F("reviewed_on"),
                ),
                name="%(class)s_review_is_whole",
                violation_error_message=(
                    "A review needs a clinical reviewer, and a next review date after it."
                ),
            )
        ]

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **kwargs: Any) -> Self:
        """Make the page from its row, and note that what is being rendered shows it."""
        page: Self = super().from_db(db, field_names, values, **kwargs)
        shown.row(tag_of(page))
        return page

    def lists(self) -> set[str]:
        """Return the tags of the lists that the page stands in. See `publishing.shown_on`."""
        return {list_of(self)}

    @property
    def needs_review(self) -> bool:
        """Say whether a clinician has to review the page before it is public."""
        return True

    @property
    def is_published(self) -> bool:
        """Say whether the public may see the page now."""
        return self.is_published_at(timezone.now())

    def is_published_at(self, at: datetime) -> bool:
        """Say whether the public may see the page at the moment. As `PageQuerySet.published`."""
        if self.deleted_at is not None or self.published_at is None or self.published_at > at:
            return False
        withdrawn = self.withdrawn_at
        return withdrawn is None or withdrawn > at or withdrawn < self.published_at

    @property
    def is_withdrawn(self) -> bool:
        """Say whether the page was public and has been withdrawn."""
        gone = self.withdrawn_at is not None and self.withdrawn_at <= timezone.now()
        return gone and self.deleted_at is None and not self.is_published

    @property
    def published_on(self) -> date | None:
        """The day the page went public, in the clinic's time zone."""
        return timezone.localdate(self.published_at) if self.published_at else None

    @property
    def withdrawn_on(self) -> date | None:
        """The day the page was withdrawn, in the clinic's time zone."""
        return timezone.localdate(self.withdrawn_at) if self.withdrawn_at else None

    @property
    def changed_since_review(self) -> bool:
        """Say whether readers' words changed after the last clinical review."""
        if not self.reviewed_on:
            return False
        if not self.review_covers_text:
            return True
        # The day of a version is that of its publication, and may follow the review of its very
        # words. Only where there is no history yet do the days say which came first.
        has_history = self.live_version_id is not None
        return not has_history and bool(self.updated_on and self.updated_on > self.reviewed_on)

    @property
    def review_is_overdue(self) -> bool:
        """Say whether the promised date of the next review has passed."""
        return bool(self.next_review_due and self.next_review_due < timezone.localdate())

    @property
    def dated_change_notes(self) -> list[dict[str, Any]]:
        """What changed for readers, newest first, each with `on` (a date) and `note`."""
        return [each | {"on": date.fromisoformat(each["on"])} for each in self.change_notes]

    @property
    def description(self) -> str:
        """The text for search engines."""
        return self.meta_description or self.summary

    def body_texts(self) -> dict[str, str]:
        """Return the page's Markdown by part, in reading order, without the empty ones."""
        texts = ((section.field, getattr(self, section.field)) for section in self.SECTIONS)
        return {name: text for name, text in texts if text.strip()}


class FAQ(models.Model):
    """A question people ask, and its answer. Each kind of page has its own table."""

    question = models.CharField(max_length=160)
    # No live preview here: the editor cannot start one in a row added to the form.
    answer = models.TextField(
        validators=[validate_markdown], help_text="Markdown, like the page’s text."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        verbose_name = "question people ask"
        verbose_name_plural = "questions people ask"

    def __str__(self) -> str:
        return self.question


def faq_texts(faqs: Iterable[FAQ]) -> dict[str, str]:
    """Return the answers as parts of a page's Markdown, keyed `faq-1`, `faq-2` and so on."""
    return {f"faq-{number}": faq.answer for number, faq in enumerate(faqs, start=1)}
