"""The admin of articles and their categories."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.models import Article, ArticleFAQ, Category
from publishing.admin import FAQInline, PageAdmin
from publishing.audited import Audited


class ArticleFAQInline(FAQInline):
    """Questions people ask about what the article says."""

    model = ArticleFAQ


@admin.register(Article)
class ArticleAdmin(PageAdmin):
    """Articles."""

    list_display = ["title", "category", "state", "review", "author", "published_at"]
    list_filter = ["category", *PageAdmin.list_filter, "published_at"]
    search_fields = ["title", "summary", "body"]
    autocomplete_fields = [
        *PageAdmin.autocomplete_fields,
        "lead_image",
        "category",
        "conditions",
        "treatments",
    ]
    inlines = [ArticleFAQInline]
    text_fieldsets = (
        (None, {"fields": ["title", "category", "summary"]}),
        ("Text", {"fields": ["body"]}),
        (
            "Picture at the top",
            {
                "fields": [
                    "lead_image",
                    "lead_image_role",
                    "lead_image_alt",
                    "lead_image_caption",
                ]
            },
        ),
        ("What it is about", {"fields": ["conditions", "treatments"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("category")


@admin.register(Category)
class CategoryAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """Categories of articles."""

    list_display = ["name", "slug", "order"]
    search_fields = ["name"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else {"slug": ["name"]}
