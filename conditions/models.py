"""A condition: its names, where in the body it is, when to get help, and what can be done."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format

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
    PARTS: ClassVar[tuple[str, ...]] = ("warning_signs", "faqs")
    # The care cards stand before the section of this name: after the causes, before self-care.
    CARDS_BEFORE: ClassVar[str] = "self_care"
    # The section that the condition's claims belong to, and their own part of the page's Markdown.
    CLAIMS_AFTER: ClassVar[str] = "evidence"
    CLAIMS_PART: ClassVar[str] = "evidence_claims"

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

    # What `claims_text` returns, once the page's view has asked for it.
    shown_claims = ""

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

    def body_texts(self) -> dict[str, str]:
        """Return the page's Markdown by part, with its claims after the section they belong to."""
        texts = super().body_texts()
        if not self.shown_claims:
            return texts
        order = [section.field for section in self.SECTIONS]
        own = order.index(self.CLAIMS_AFTER)
        before = {name: text for name, text in texts.items() if order.index(name) <= own}
        return before | {self.CLAIMS_PART: self.shown_claims} | texts

    def claims_text(self) -> str:
        """Return Markdown that places every claim about the condition that readers may see.

        For and against alike, guidelines first, each with the day on which it was checked.
        """
        claims = self.claims.shown().in_reading_order().values_list("key", "checked_on")
        # A blank line between them: however many there are, each is a block of its own.
        return "\n\n".join(f"- [claim:{key}]{_checked(day)}" for key, day in claims)


def _checked(day: date | None) -> str:
    return f" Checked on {date_format(day, 'j F Y')}." if day else ""


class ConditionFAQ(FAQ):
    """A question people ask about a condition."""

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="faqs")


class ConditionWarningSign(WarningSign):
    """A sign, with this condition, that needs help."""

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="warning_signs")

    class Meta(WarningSign.Meta):
        verbose_name = "warning sign"
        verbose_name_plural = "when to get help: warning signs"
