"""Lists of articles, all and by category, and the page of each."""

from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404

from articles.models import Article, Category
from components.pagination import PagedListView
from evidence.views import SourcedPageDetailView


class ArticleListView(PagedListView):
    """All articles that are public, newest first."""

    template_name = "articles/article_list.html"
    context_object_name = "articles"
    paginate_by = 12
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
        related = (
            Article.objects.published()
            .filter(category_id=article.category_id)
            .exclude(pk=article.pk)
            .select_related("category")[:3]
        )
        return super().get_context_data(
            conditions=list(article.conditions.published()),
            treatments=list(article.treatments.published()),
            related_articles=list(related),
            **kwargs,
        )
