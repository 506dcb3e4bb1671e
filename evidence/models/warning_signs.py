"""Warning signs, with the sources behind them."""

from django.db import models

from evidence.models.sources import Source


class WarningSign(models.Model):
    """A sign that needs help now or soon. Each kind of page has its own table.

    A sign completes the heading of its card, which is fixed, so that nobody words urgency freely.
    """

    class Level(models.TextChoices):
        """How soon help is needed, most urgent first."""

        EMERGENCY = "emergency", "Call 999 or go to A&E now"
        URGENT = "urgent", "GP the same day, or NHS 111"
        ROUTINE = "routine", "See a GP"

    level = models.CharField(max_length=10, choices=Level)
    sign = models.CharField(
        max_length=400,
        help_text="Completes the sentence “… if:”. Starts in lower case, without a full stop.",
    )
    sources = models.ManyToManyField(Source, blank=True, related_name="+")
    awaiting_clinician = models.BooleanField(
        "awaiting a clinician’s confirmation",
        default=False,
        help_text="Readers see the sign all the same: leaving one out is the greater harm.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.sign
