"""The phrases by which a message shows that a reply may come too late. Clinicians own them."""

from django.core.exceptions import ValidationError
from django.db import models

from enquiries.red_flags.matching import HELP, Phrase, problem_of
from evidence.models import WarningSign


class RedFlag(models.Model):
    """A warning sign with the words in which people write of it."""

    class Level(models.TextChoices):
        """How soon help is needed; the same as on care cards."""

        EMERGENCY = WarningSign.Level.EMERGENCY.value, WarningSign.Level.EMERGENCY.label
        URGENT = WarningSign.Level.URGENT.value, WarningSign.Level.URGENT.label

    key = models.SlugField(max_length=60, unique=True)
    level = models.CharField(max_length=10, choices=Level)
    words = models.TextField(help_text=HELP)
    sign = models.CharField(
        max_length=400,
        help_text="Completes “… if:” on the care card that the sender sees. No full stop.",
    )
    # Not a foreign key: the phrases are there before a clinic's conditions, and outlive them.
    condition_slug = models.SlugField(
        "condition", max_length=80, blank=True,
        help_text="Empty: it counts whatever somebody comes with.",
    )  # fmt: skip
    source = models.CharField(
        "where it comes from",
        max_length=200,
        blank=True,
        help_text="The key of a source, or words.",
    )
    awaiting_clinician = models.BooleanField(
        "awaiting a clinician’s confirmation",
        default=False,
        help_text="It works all the same: leaving one out is the greater harm.",
    )
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["level", "key"]
        verbose_name = "red flag"

    def __str__(self) -> str:
        return self.sign

    def clean(self) -> None:
        problem = problem_of(self.words)
        if problem:
            raise ValidationError({"words": problem})

    def phrase(self) -> Phrase:
        """Return it as the matching takes it."""
        return Phrase(
            key=self.key, words=self.words, level=self.level, condition=self.condition_slug
        )
