"""A treatment: what it is, what happens, what can go wrong, who needs care, what it costs."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from evidence.models import WarningSign
from publishing.fields import LinesField, MarkdownField
from publishing.models import FAQ, Page
from publishing.sections import Section


class Treatment(Page):
    """A treatment that the clinic offers."""

    SECTIONS: ClassVar[tuple[Section, ...]] = (
        Section("what_it_is", "What it is"),
        Section("what_happens", "What happens"),
        Section("side_effects", "Side effects and aftercare"),
        Section("not_suitable", "Who should not have it"),
        Section("course_length", "How many sessions"),
        Section("evidence", "What the evidence says"),
        Section("differences", "How it differs"),
    )
    PARTS: ClassVar[tuple[str, ...]] = ("prices", "warning_signs", "faqs")
    NOT_CLINICAL: ClassVar[frozenset[str]] = Page.NOT_CLINICAL | {"rows.prices"}

    name = models.CharField(max_length=65)
    also_known_as = LinesField("other names", help_text="What else people call it, one a line.")
    order = models.PositiveSmallIntegerField("place in lists", default=100)
    what_it_is = MarkdownField()
    what_happens = MarkdownField(blank=True)
    side_effects = MarkdownField("side effects and aftercare", blank=True)
    not_suitable = MarkdownField("who should not have it", blank=True)
    course_length = MarkdownField("how many sessions", blank=True)
    evidence = MarkdownField("what the evidence says", blank=True)
    differences = MarkdownField("how it differs", blank=True)

    class Meta(Page.Meta):
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("treatments:detail", args=[self.slug])

    @property
    def title(self) -> str:
        """The page's heading."""
        return self.name


class TreatmentFAQ(FAQ):
    """A question people ask about a treatment."""

    treatment = models.ForeignKey(Treatment, on_delete=models.CASCADE, related_name="faqs")


class TreatmentWarningSign(WarningSign):
    """A sign after a treatment that needs help."""

    treatment = models.ForeignKey(Treatment, on_delete=models.CASCADE, related_name="warning_signs")


class Price(models.Model):
    """What one kind of appointment costs."""

    treatment = models.ForeignKey(Treatment, on_delete=models.CASCADE, related_name="prices")
    label = models.CharField(max_length=60, help_text="For example First visit.")
    minutes = models.PositiveSmallIntegerField("length in minutes", null=True, blank=True)
    pounds = models.DecimalField("price in pounds", max_digits=7, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.label}: £{self.pounds}"
