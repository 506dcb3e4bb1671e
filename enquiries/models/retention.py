"""How long enquiries are kept, and what is left when they are erased."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from enquiries.models.enquiry import Enquiry


class RetentionRule(models.Model):
    """After how many days an enquiry that ended in a certain way is erased."""

    outcome = models.CharField(
        "how it ended",
        max_length=10,
        choices=Enquiry.Outcome,
        unique=True,
        blank=True,
        help_text="“Not closed yet” counts from the day an enquiry came, the others from closing.",
    )
    days = models.PositiveSmallIntegerField(
        "erased after (days)",
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="Keep it no longer than you need it. A change moves the date of every enquiry.",
    )

    class Meta:
        ordering = ["outcome"]
        verbose_name = "time an enquiry is kept"
        verbose_name_plural = "times enquiries are kept"

    def __str__(self) -> str:
        return f"{Enquiry.Outcome(self.outcome).label}: {self.days} days"


class Tombstone(models.Model):
    """What is left of an erased enquiry: that there was one. Nothing about its sender."""

    class Why(models.TextChoices):
        """Why it was erased."""

        SCHEDULE = "schedule", "Its time was over"
        SENDER = "sender", "Its sender asked, with their private link"
        STAFF = "staff", "Staff erased it"

    reference = models.CharField(max_length=11, unique=True)
    why = models.CharField(max_length=8, choices=Why)
    erased_at = models.DateTimeField("erased", db_index=True)
    erased_by_name = models.CharField("erased by", max_length=160, blank=True)
    # For the figures: numbers by week, condition and practitioner, and how soon we answered.
    received_week = models.DateField("week it came in", help_text="The Monday of that week.")
    condition_name = models.CharField("about", max_length=200, blank=True)
    practitioner_name = models.CharField("for", max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Enquiry.Outcome, blank=True)
    minutes_to_reply = models.PositiveIntegerField("minutes to the first reply", null=True)
    was_in_time = models.BooleanField("answered by the promised time", null=True)

    class Meta:
        ordering = ["-erased_at", "-pk"]
        verbose_name = "erased enquiry"
        verbose_name_plural = "erased enquiries"

    def __str__(self) -> str:
        return self.reference
