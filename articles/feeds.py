"""Atom feeds of articles: all of them, or those of one category."""

from dataclasses import dataclass
from datetime import datetime, time

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Category
from clinic.feeds import ClinicFeed, for_xml, lasting_id
from clinic.models import Clinic
from components.absolute import absolute

ARTICLES_SHOWN = 30


@dataclass(frozen=True)
class Shelf:
    """The articles of a feed: of one category, or all."""

    clinic: Clinic
    category: Category | None


class ArticleFeed(ClinicFeed):
    """The newest articles that are public now."""

    def get_object(self, request: HttpRequest, slug: str = "") -> Shelf:
        category = get_object_or_404(Category, slug=slug) if slug else None
        return Shelf(Clinic.current(), category)

    def title(self, shelf: Shelf) -> str:
        what = f"{shelf.category.name}: articles" if shelf.category else "articles"
        return for_xml(f"{shelf.clinic.name}: {what}")

    def author_name(self, shelf: Shelf) -> str:
        return for_xml(shelf.clinic.name)

    def link(self, shelf: Shelf) -> str:
        category = shelf.category
        return absolute(category.get_absolute_url() if category else reverse("articles:list"))

    def subtitle(self, shelf: Shelf) -> str | None:
        return for_xml(shelf.category.summary) or None if shelf.category else None

    def items(self, shelf: Shelf) -> list[Article]:
        articles = Article.objects.published().select_related("author", "category")
        if shelf.category:
            articles = articles.filter(category=shelf.category)
        newest = articles.order_by("-published_at", "-pk").defer("body", "change_notes")
        return list(newest[:ARTICLES_SHOWN])

    def item_title(self, item: Article) -> str:
        return for_xml(item.title)

    def item_description(self, item: Article) -> str:
        return for_xml(item.summary)

    def item_link(self, item: Article) -> str:
        return absolute(item.get_absolute_url())

    def item_guid(self, item: Article) -> str:
        return lasting_id(f"article {item.pk}")

    def item_author_name(self, item: Article) -> str | None:
        return for_xml(item.author.name) if item.author else None

    def item_categories(self, item: Article) -> list[str]:
        return [for_xml(item.category.name)]

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime | None:
        """Return when readers last saw a change; of a later change only the day is kept."""
        changed, first = item.updated_on, item.published_on
        if changed is None or first is None or changed <= first:
            return item.published_at
        return timezone.make_aware(datetime.combine(changed, time.min))
