"""Cautions: what to ask somebody before needling, and what to tell them if they say yes."""

from django.core.exceptions import ValidationError
from django.db import models

from evidence.models import CheckedWords, Source

_LINES = ("question", "hint", "advice")


class Caution(CheckedWords):
    """One question of the page “Is needling suitable for me?”. Clinicians own its words."""

    WORDING = frozenset({"question", "hint", "if_yes", "advice"})

    class Action(models.TextChoices):
        """What somebody who says yes is told to do, strongest first."""

        SEE_GP_FIRST = "see-gp-first", "See your GP first"
        NOT_HERE = "not-here", "We do not needle that part of the body"
        TELL_US_FIRST = "tell-us-first", "Tell us first"

    key = models.SlugField(
        unique=True,
        max_length=60,
        help_text="A short name for staff, such as blood-thinner. Readers do not see it.",
    )
    question = models.CharField(
        max_length=200,
        help_text=(
            "One question in plain words that can be answered with yes or no. Ask so that yes is"
            " the answer that calls for care."
        ),
    )
    hint = models.CharField(
        max_length=300,
        blank=True,
        help_text="Helps people to answer: other names for it, or examples.",
    )
    if_yes = models.CharField(
        "if the answer is yes",
        max_length=16,
        choices=Action,
        default=Action.TELL_US_FIRST,
        help_text=(
            "What the answer page says. “We do not needle that part of the body” is for what rules"
            " needling out in one place only; the page then asks people to tell you first."
        ),
    )
    advice = models.CharField(
        max_length=500,
        help_text=(
            "What somebody who says yes reads below their question, after the words chosen above:"
            " what to do, and what you do about it. Promise nothing, and never say that needling is"
            " suitable for them."
        ),
    )
    order = models.PositiveSmallIntegerField(
        "place in the list", default=100, help_text="Small numbers come first."
    )
    sources = models.ManyToManyField(
        Source,
        blank=True,
        related_name="cautions",
        help_text="Where it comes from. Readers find them at the foot of the page.",
    )

    class Meta:
        ordering = ["order", "key"]
        verbose_name = "caution on needling"
        verbose_name_plural = "cautions on needling"

    def __str__(self) -> str:
        return self.question

    def clean(self) -> None:
        super().clean()
        # One line each: they are printed as they are, and nothing in them is mark-up.
        for name in _LINES:
            setattr(self, name, " ".join(getattr(self, name).split()))
        if self.question and not self.question.endswith("?"):
            raise ValidationError(
                {"question": "Write a question, with a question mark at its end."}
            )
