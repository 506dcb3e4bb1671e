"""How the clinic reviews its pages: one row, set by a manager."""

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class ReviewPolicy(models.Model):
    """The clinic's rules of review. There is exactly one row, whose key is always 1."""

    SINGLE_KEY = 1

    single_person_mode = models.BooleanField(
        default=False,
        help_text=(
            "For a clinic with one clinician: a person may review their own change, and the record"
            " says so. Leave it off wherever somebody else can look."
        ),
    )
    review_months = models.PositiveSmallIntegerField(
        "months until the next review",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
        help_text="What a reviewer is offered. Health pages are reviewed at least every 3 years.",
    )
    overdue_notice_days = models.PositiveSmallIntegerField(
        "days overdue before a notice",
        default=90,
        validators=[MaxValueValidator(730)],
        help_text="So long after its review was due, a page says at its top that it may be out of"
        " date.",
    )

    class Meta:
        verbose_name = "rules of review"
        verbose_name_plural = "rules of review"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(pk=1), name="review_policy_has_one_row")
        ]

    def __str__(self) -> str:
        return "Rules of review"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = self.SINGLE_KEY
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> Self:
        """Return the clinic's rules, or the defaults before anybody set them."""
        return cls.objects.filter(pk=cls.SINGLE_KEY).first() or cls(pk=cls.SINGLE_KEY)


class ReviewReminder(models.Model):
    """A reminder that went out, so that it goes out once."""

    content_type = models.ForeignKey(
        "contenttypes.ContentType", on_delete=models.CASCADE, related_name="+"
    )
    object_id = models.PositiveBigIntegerField()
    due_on = models.DateField()
    days_ahead = models.PositiveSmallIntegerField()
    address = models.EmailField("sent to")
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "due_on", "days_ahead", "address"],
                name="one_reminder_a_page_date_and_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.days_ahead} days before {self.due_on}"
