"""Which articles to read after one, worked out from what they share."""

import re
from collections.abc import Collection
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from articles.models import Article
from conditions.models import Condition
from treatments.models import Treatment

LIMIT = 4
# What is shared counts for: each condition, each treatment, words of the title, the category.
CONDITION, TREATMENT, TITLE, CATEGORY = 3, 2, 2, 1
# Of each kind of what is shared.
_LOOKED_AT = 300
# Shorter words say little, and these are in titles of every kind.
_LETTERS = 5
_EVERYWHERE = {
    "about", "after", "again", "before", "being", "could", "every", "first", "other", "should",
    "their", "there", "these", "things", "those", "through", "under", "using", "where", "which",
    "while", "without", "would",
}  # fmt: skip


def related_articles(
    article: Article, conditions: Collection[Condition], treatments: Collection[Treatment]
) -> QuerySet[Article]:
    """Return up to four public articles that share the most with the article, as one query.

    `conditions` and `treatments` are the article's own, which its page has at hand. What shares the
    same is newest first. Only articles that share one of them or the category are looked at, and of
    each kind the latest few hundred, so that a page of a large site costs little more.
    """
    with_condition = Article.conditions.through.objects.filter(condition__in=conditions)
    with_treatment = Article.treatments.through.objects.filter(treatment__in=treatments)
    score = (
        CONDITION * _shared(with_condition)
        + TREATMENT * _shared(with_treatment)
        + Case(When(category=article.category_id, then=CATEGORY), default=0)
        + _title_score(article.title)
    )
    found: QuerySet[Article] = (
        Article.objects.published()
        .filter(
            Q(pk__in=_latest(with_condition, "article"))
            | Q(pk__in=_latest(with_treatment, "article"))
            | Q(pk__in=_latest(Article.objects.filter(category=article.category_id), "pk"))
        )
        .exclude(pk=article.pk)
        .annotate(shared=score)
        .order_by("-shared", "-published_at", "pk")
        .select_related("category")[:LIMIT]
    )
    return found


def significant_words(title: str) -> list[str]:
    """Return the words of a title that say what it is about, each once, in small letters."""
    words = re.findall(r"\w+", title.lower())
    return [
        word for word in dict.fromkeys(words) if len(word) >= _LETTERS and word not in _EVERYWHERE
    ]


def _latest(rows: QuerySet[Any], field: str) -> QuerySet[Any]:
    """Return the field of the rows that were written last; by key, which is quick to sort."""
    return rows.order_by("-pk").values(field)[:_LOOKED_AT]


def _shared(rows: QuerySet[Any]) -> Coalesce:
    """Count the rows of a relation that an article has."""
    own = rows.filter(article=OuterRef("pk")).order_by().values("article")
    count = own.annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def _title_score(title: str) -> Case | Value:
    words = significant_words(title)
    if not words:
        return Value(0)
    shares = Q()
    for word in words:
        shares |= Q(title__icontains=word)
    return Case(When(shares, then=TITLE), default=0)
