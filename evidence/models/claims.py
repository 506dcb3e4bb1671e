"""Claims: what may be said about a treatment for a condition, and which sources say so."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from evidence.models.sources import Source


class ClaimQuerySet(models.QuerySet[Any]):
    """Claims."""

    def with_standing(self) -> Self:
        """Add `stands` (a source is current) and `from_guideline` (a current one is a guideline).

        Asked of the sources each time: a flag could be forgotten when the last source falls.
        """
        current = Source.objects.current().filter(claims=models.OuterRef("pk"))
        return self.annotate(
            stands=models.Exists(current),
            from_guideline=models.Exists(current.filter(kind=Source.Kind.GUIDELINE)),
        )

    def shown(self) -> Self:
        """Return the claims that readers may see: public, and resting on a current source."""
        return self.with_standing().filter(is_public=True, stands=True)

    def in_reading_order(self) -> Self:
        """Put guidelines first, whichever way they point, then what was checked last."""
        return self.with_standing().order_by("-from_guideline", "position", "-checked_on", "key")

    def due(self) -> Self:
        """Return the claims whose day to be looked at again has come, or that nobody checked."""
        return self.filter(
            models.Q(next_check_on__lte=timezone.localdate()) | models.Q(checked_on__isnull=True)
        )


class Claim(models.Model):
    """What guidelines or studies say about a treatment for a condition, in one sentence.

    It is worded once and placed on any number of pages by its key: [claim:key].
    """

    class Direction(models.TextChoices):
        """Which way it points. Guidelines recommend; studies find, and recommend nothing."""

        RECOMMENDS = "recommends", "Recommends"
        CONSIDER = "consider", "Consider"
        MAY_BE_OFFERED = "may-be-offered", "May be offered"
        DOES_NOT_RECOMMEND = "does-not-recommend", "Does not recommend"
        DO_NOT_OFFER = "do-not-offer", "Do not offer"
        FOUND_BENEFIT = "found-benefit", "Found some benefit"
        FOUND_LITTLE = "found-little", "Found little or no difference"
        INCONCLUSIVE = "inconclusive", "Inconclusive"

    ADVISING_AGAINST: ClassVar[frozenset[str]] = frozenset(
        {Direction.DOES_NOT_RECOMMEND, Direction.DO_NOT_OFFER}
    )

    key = models.SlugField(
        unique=True,
        max_length=60,
        help_text="The short name that pages place it by. In the text: [claim:back-pain-nice]",
    )
    condition = models.ForeignKey(
        settings.EVIDENCE_CONDITION_MODEL, on_delete=models.PROTECT, related_name="claims"
    )
    treatment = models.ForeignKey(
        settings.EVIDENCE_TREATMENT_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        help_text="Where the clinic has a page about it.",
    )
    intervention = models.CharField(
        "or what it is about, in words",
        max_length=80,
        blank=True,
        help_text=(
            "For what has no page of its own, such as exercise. Beside a treatment, it stands in"
            " the table in place of its name."
        ),
    )
    sentence = models.CharField(
        max_length=400,
        help_text="What readers see, in plain text without mark-up. One or two sentences.",
    )
    direction = models.CharField(max_length=20, choices=Direction)
    certainty = models.CharField(
        "how sure", max_length=200, blank=True, help_text="In plain words: “low certainty”."
    )
    population = models.CharField(
        "about whom", max_length=200, blank=True, help_text="For example people aged 16 and over."
    )
    scope = models.CharField(
        max_length=300,
        blank=True,
        help_text="What it covers and what not: how long, how often, next to which other care.",
    )
    sources = models.ManyToManyField(Source, blank=True, related_name="claims")
    country = models.CharField(
        "where it applies",
        max_length=60,
        default="UK",
        blank=True,
        help_text="A country, or “international”. Empty for studies from several countries.",
    )
    checked_on = models.DateField("last checked", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.PUBLISHING_PERSON_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    next_check_on = models.DateField("to be checked again on", null=True, blank=True)
    is_public = models.BooleanField(
        "public",
        default=False,
        help_text="Readers see it while at least one of its sources is current.",
    )
    position = models.PositiveSmallIntegerField(
        "place among its like", default=0, help_text="Guidelines stand first in any case."
    )
    note = models.TextField("note for staff", blank=True)

    objects: ClassVar[Any] = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(treatment__isnull=False) | ~models.Q(intervention=""),
                name="claim_says_what_it_is_about",
                violation_error_message="Choose a treatment, or say in words what it is about.",
            )
        ]

    def __str__(self) -> str:
        words = self.sentence if len(self.sentence) <= 80 else f"{self.sentence[:79]}…"
        return f"{self.key}: {words}"

    def clean(self) -> None:
        # One line: it is printed inside a sentence, and nothing in it is mark-up.
        self.sentence = " ".join(self.sentence.split())
        self.intervention = " ".join(self.intervention.split())

    @property
    def advises_against(self) -> bool:
        """Say whether it speaks against the treatment."""
        return self.direction in self.ADVISING_AGAINST

    @property
    def is_due(self) -> bool:
        """Say whether somebody has to look at it again."""
        if self.checked_on is None:
            return True
        return bool(self.next_check_on and self.next_check_on <= timezone.localdate())

    @staticmethod
    def why_not_public(sources: Iterable[Source]) -> str:
        """Return why a claim that rests on the sources cannot be public, or nothing."""
        if any(source.is_current for source in sources):
            return ""
        return (
            "A claim needs at least one source that is current before it can be public. Add one, or"
            " leave the claim as a draft."
        )

    def make_public(self) -> None:
        """Let readers see it. Raises ValidationError without a current source."""
        reason = self.why_not_public(self.sources.all())
        if reason:
            raise ValidationError({"sources": reason})
        self.is_public = True
        self.save(update_fields=["is_public"])
