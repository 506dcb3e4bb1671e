"""Pages like the clinic's: the same parts, kept and shown the way Wagtail's tutorial does it."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.snippets.models import register_snippet
from wagtailcache.cache import WagtailCacheMixin


@register_setting
class Clinic(BaseSiteSetting):
    """What stands in header and footer."""

    name = models.CharField(max_length=100)
    telephone = models.CharField(max_length=40)
    email = models.EmailField()
    address = models.TextField()
    hours = models.TextField()


@register_snippet
class Author(models.Model):
    """Who wrote or reviewed a page."""

    name = models.CharField(max_length=100)
    title = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


@register_snippet
class Category(models.Model):
    """What an article is about."""

    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class HomePage(Page):
    """The first page, with the newest articles."""

    intro = RichTextField(blank=True)


class IndexPage(WagtailCacheMixin, Page):
    """A list of pages."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().get_context(request)
        context["pages"] = self.get_children().live().specific()[:12]
        return context


class _Text(WagtailCacheMixin, Page):
    """What articles and conditions share."""

    summary = models.CharField(max_length=300)
    body = RichTextField()
    author = models.ForeignKey(Author, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewer = models.ForeignKey(Author, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewed_on = models.DateField(null=True)
    image = models.ForeignKey(
        "wagtailimages.Image", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True


class ConditionPage(_Text):
    """A condition."""


class ArticlePage(_Text):
    """An article."""

    category = models.ForeignKey(Category, null=True, on_delete=models.SET_NULL, related_name="+")
    conditions = ParentalManyToManyField(ConditionPage, related_name="articles")

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().get_context(request)
        others = ArticlePage.objects.live().filter(category=self.category).exclude(pk=self.pk)
        context["related"] = others.select_related("category").order_by("-first_published_at")[:3]
        return context


class Reference(Orderable):
    """A source of an article."""

    page = ParentalKey(ArticlePage, related_name="references", on_delete=models.CASCADE)
    text = models.CharField(max_length=500)
    link = models.URLField(blank=True, max_length=300)

    class Meta(Orderable.Meta):
        ordering: ClassVar[list[str]] = ["sort_order"]
