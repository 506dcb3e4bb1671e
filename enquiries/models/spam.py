"""What the judgement of spam counts by, for a day, and its limits."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone


class RecentSubmission(models.Model):
    """That an enquiry came, by keyed hashes of its network and text. Forgotten after a day."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    network_key = models.CharField(max_length=64, blank=True, db_index=True)
    text_key = models.CharField(max_length=64, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"Submission at {self.at:%H:%M}"


class SpamPolicy(models.Model):
    """The limits, as the clinic sets them. There is at most one row, whose key is always 1."""

    SINGLE_KEY = 1

    threshold = models.FloatField(
        "suspected from",
        default=5.0,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text="The reasons found are added up. Lower suspects more; nothing is ever discarded.",
    )
    per_network_per_hour = models.PositiveSmallIntegerField(
        "from one network in an hour",
        default=10,
        validators=[MinValueValidator(3), MaxValueValidator(1000)],
        help_text="Many people can share one address: a hospital, a town’s mobile network.",
    )
    repeats_per_day = models.PositiveSmallIntegerField(
        "the same text in a day",
        default=3,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
    )
    days_kept = models.PositiveSmallIntegerField(
        "suspected spam is erased after (days)",
        default=30,
        validators=[MinValueValidator(7), MaxValueValidator(365)],
        help_text="Unless somebody says before that it is none.",
    )

    class Meta:
        verbose_name = "limits for spam"
        verbose_name_plural = "limits for spam"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_spam_policy")]

    def __str__(self) -> str:
        return "Limits for spam"

    @classmethod
    def current(cls) -> "SpamPolicy":
        """Return the limits in force; the defaults if nobody has set any."""
        return cls.objects.filter(pk=cls.SINGLE_KEY).first() or cls(pk=cls.SINGLE_KEY)
