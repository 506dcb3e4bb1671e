"""An article and its category."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from conditions.models import Condition
from publishing.fields import MarkdownField
from publishing.models import FAQ, ImagePlacement, Page
from publishing.sections import Section
from publishing.shown_on import articles_on
from treatments.models import Treatment


class Category(models.Model):
    """What an article is about; its name stands in the breadcrumb."""

    slug = models.SlugField("address", max_length=80, unique=True)
    name = models.CharField(max_length=60, unique=True)
    summary = models.CharField(max_length=220, blank=True)
    order = models.PositiveSmallIntegerField("place in lists", default=100)

    class Meta:
        ordering = ["order", "name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:category", args=[self.slug])


class Article(ImagePlacement, Page):
    """An article."""

    SECTIONS = (Section("body", ""),)
    PARTS = ("faqs",)

    title = models.CharField(max_length=65, help_text="At most 65 letters.")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="articles")
    body = MarkdownField()
    conditions = models.ManyToManyField(Condition, blank=True, related_name="articles")
    treatments = models.ManyToManyField(Treatment, blank=True, related_name="articles")

    class Meta(Page.Meta):
        ordering = ["-published_at", "title"]
        indexes: ClassVar[list[models.Index]] = [
            # All that lists, counts and the desk ask of every article, in the order of a list, so
            # that none of them reads the texts.
            models.Index(
                fields=[
                    "-published_at",
                    "title",
                    "withdrawn_at",
                    "next_review_due",
                    "reviewed_on",
                    "review_covers_text",
                    "live_version",
                    "updated_on",
                ],
                condition=models.Q(deleted_at__isnull=True),
                name="article_overview",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("articles:detail", args=[self.slug])

    def subjects(self) -> list[models.Model]:
        """Return what the article is about: its category, its conditions, its treatments."""
        return [self.category, *self.conditions.all(), *self.treatments.all()]

    def lists(self) -> set[str]:
        return super().lists() | {articles_on(subject) for subject in self.subjects()}


class ArticleFAQ(FAQ):
    """A question people ask about what an article says."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="faqs")
