"""A condition: its names, where in the body it is, when to get help, and what can be done."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from evidence.models import WarningSign
from publishing.fields import LinesField, MarkdownField
from publishing.models import FAQ, Page
from publishing.sections import Section
from treatments.models import Treatment


class BodyRegion(models.Model):
    """A part of the body, as the body map shows it. The rows come with the software."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField(help_text="From head to toe.")

    class Meta:
        ordering = ["order"]
        verbose_name = "part of the body"
        verbose_name_plural = "parts of the body"

    def __str__(self) -> str:
        return self.name


class Condition(Page):
    """A condition that people come with. Its sections stand in the order of `SECTIONS`."""

    SECTIONS: ClassVar[tuple[Section, ...]] = (
        Section("overview", "Overview"),
        Section("symptoms", "Symptoms"),
        Section("causes", "Causes"),
        Section("self_care", "What you can do yourself"),
        Section("how_we_help", "How we can help"),
        Section("evidence", "What the evidence says"),
        Section("session", "What happens at a session"),
        Section("aftercare", "Side effects and aftercare"),
        Section("cautions", "Tell us first"),
    )
    # The care cards stand before the section of this name: after the causes, before self-care.
    CARDS_BEFORE: ClassVar[str] = "self_care"

    name = models.CharField(max_length=65, help_text="The plain name, as the page's heading.")
    also_known_as = LinesField(
        "other names patients use",
        help_text="One a line. They stand in the A to Z as “lumbago, see Back pain”.",
    )
    body_regions = models.ManyToManyField(
        BodyRegion, blank=True, related_name="conditions", verbose_name="parts of the body"
    )
    treatments = models.ManyToManyField(
        Treatment,
        blank=True,
        related_name="conditions",
        help_text=(
            "What people with this condition can ask about here. A list of conditions beside a"
            " therapy counts as a claim for each, so list only what its advertising rules accept."
        ),
    )
    order = models.PositiveSmallIntegerField("place in lists", default=100)
    overview = MarkdownField()
    symptoms = MarkdownField(blank=True)
    causes = MarkdownField(blank=True)
    self_care = MarkdownField("what you can do yourself", blank=True)
    how_we_help = MarkdownField("how we can help", blank=True)
    evidence = MarkdownField("what the evidence says", blank=True)
    session = MarkdownField("what happens at a session", blank=True)
    aftercare = MarkdownField("side effects and aftercare", blank=True)
    cautions = MarkdownField("tell us first (cautions)", blank=True)

    class Meta(Page.Meta):
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("conditions:detail", args=[self.slug])

    @property
    def title(self) -> str:
        """The page's heading."""
        return self.name


class ConditionFAQ(FAQ):
    """A question people ask about a condition."""

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="faqs")


class ConditionWarningSign(WarningSign):
    """A sign, with this condition, that needs help."""

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="warning_signs")

    class Meta(WarningSign.Meta):
        verbose_name = "warning sign"
        verbose_name_plural = "when to get help: warning signs"
