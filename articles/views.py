"""Lists of articles, all and by category, and the page of each."""

from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404

from articles.models import Article, Category
from articles.related import related_articles
from components.pagination import KeysFirst, PagedListView
from conditions.models import Condition
from delivery import shown
from evidence.views import SourcedPageDetailView
from publishing.models import Page
from publishing.shown_on import MENU, articles_on
from treatments.models import Treatment


class ArticleListView(PagedListView):
    """All articles that are public, newest first."""

    template_name = "articles/article_list.html"
    context_object_name = "articles"
    paginate_by = 12
    paginator_class = KeysFirst
    category: Category | None = None

    def get_queryset(self) -> models.QuerySet[Article]:
        articles = Article.objects.published().select_related("category", "lead_image")
        return articles.filter(category=self.category) if self.category else articles

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        categories = Category.objects.filter(
            models.Exists(Article.objects.published().filter(category=models.OuterRef("pk")))
        )
        return super().get_context_data(
            category=self.category, categories=list(categories), **kwargs
        )


class CategoryView(ArticleListView):
    """The articles of one category."""

    model = Category  # which the slug in the address names

    def get_queryset(self) -> models.QuerySet[Article]:
        self.category = get_object_or_404(Category, slug=self.kwargs["slug"])
        return super().get_queryset()


class ArticleDetailView(SourcedPageDetailView):
    """One article, with the conditions and treatments it is about."""

    model = Article
    list_address = "articles:list"
    template_name = "articles/article_detail.html"
    object: Article

    def get_queryset(self) -> models.QuerySet[Article]:
        return super().get_queryset().select_related("category", "lead_image")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        article = self.object
        # Drafts are loaded too: once one of them is published, this page shows it.
        subjects = self.of_page("subjects", article.subjects)
        lists = [articles_on(subject) for subject in subjects]
        shown.lists(MENU, *lists)
        public = [each for each in subjects if isinstance(each, Page) and each.is_published]
        conditions = [each for each in public if isinstance(each, Condition)]
        treatments = [each for each in public if isinstance(each, Treatment)]
        return super().get_context_data(
            conditions=conditions,
            treatments=treatments,
            related_articles=self.of_page(
                "related articles",
                lambda: list(related_articles(article, conditions, treatments)),
                *lists,
            ),
            **kwargs,
        )
