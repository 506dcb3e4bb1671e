"""Fills a site with articles made of the demo's sentences. Run inside .venv: the number to reach.

They come into the tables in bulk, with their history and their places, as if each had been written,
published and never changed since. A random generator that starts the same each time chooses.
"""

import json
import os
import random
import re
import sys
from datetime import timedelta
from typing import Any

_WORDS = 250  # of an article: half of what the demo's have, so that 40,000 are made in minutes
_AT_A_TIME = 500
_PLAIN = re.compile(r"[A-Z](?:[\w,’-]+ ){5,30}[\w’-]+")


def sentences() -> list[str]:
    """Return the plain sentences of the demo's articles: without citation, link, list or table."""
    from articles.models import Article

    texts = Article.objects.exclude(slug__startswith="made-up-").values_list("body", flat=True)
    cited = re.compile(r"\s*\[@[^\]]*\]")
    every = (each.strip() for text in texts for each in re.split(r"[.\n]+", cited.sub("", text)))
    return sorted({each for each in every if _PLAIN.fullmatch(each)})


def _body(choose: random.Random, known: list[str]) -> str:
    parts, words = [], 0
    while words < _WORDS:
        heading = " ".join(choose.choice(known).split()[:5])
        paragraphs = [". ".join(choose.choices(known, k=4)) + "." for _ in range(2)]
        parts += [f"## {heading}", *paragraphs]
        words += sum(len(each.split()) for each in paragraphs)
    return "\n\n".join(parts)


def fill(number: int) -> int:
    """Add articles until there are so many; return how many there are."""
    from django.utils import timezone

    from articles.models import Article, Category
    from conditions.models import Condition
    from practitioners.models import Practitioner

    known, choose = sentences(), random.Random(7)  # noqa: S311  (no secret)
    people = list(Practitioner.objects.listed())
    categories, conditions = list(Category.objects.all()), list(Condition.objects.all())
    there = Article.objects.count()
    now = timezone.now()
    for first in range(there, number, _AT_A_TIME):
        articles = [
            Article(
                slug=f"made-up-{each}",
                title=f"{' '.join(choose.choice(known).split()[:6])} {each}"[-65:],
                summary=choose.choice(known)[:220],
                body=_body(choose, known),
                category=choose.choice(categories),
                author=choose.choice(people),
                # Older than the demo's, so that these stay where they are in lists.
                published_at=now - timedelta(days=400, minutes=each),
            )
            for each in range(first, min(first + _AT_A_TIME, number))
        ]
        _add(articles, [choose.choice(conditions) for _ in articles])
    return Article.objects.count()


def _add(articles: list[Any], about: list[Any]) -> None:
    """Write articles, what they are about, and the history that publishing them would have left."""
    from django.db import transaction
    from django.utils import timezone

    from articles.models import Article
    from publishing.models import Publication, Version, page_key
    from publishing.workflow import THE_WEBSITE

    by = {"at": timezone.now(), "by_name": THE_WEBSITE}
    with transaction.atomic():
        Article.objects.bulk_create(articles)
        subjects = [
            Article.conditions.through(article_id=article.pk, condition_id=condition.pk)
            for article, condition in zip(articles, about, strict=True)
        ]
        Article.conditions.through.objects.bulk_create(subjects)
        versions = [
            Version(**by, **page_key(article), number=1, data=_snapshot(article, condition))
            for article, condition in zip(articles, about, strict=True)
        ]
        Version.objects.bulk_create(versions)
        for article, version in zip(articles, versions, strict=True):
            article.live_version_id = version.pk
        Article.objects.bulk_update(articles, ["live_version_id"], batch_size=100)
        Publication.objects.bulk_create(
            Publication(
                **by,
                **page_key(article),
                kind=Publication.Kind.PUBLISH,
                version=version,
                effective_at=article.published_at,
            )
            for article, version in zip(articles, versions, strict=True)
        )


def _snapshot(article: Any, condition: Any) -> dict[str, Any]:
    """Return what `snapshots.take` does, without asking the database for each article."""
    from publishing.snapshots import own_fields, reference, values_of

    many: dict[str, Any] = {each.name: [] for each in article._meta.many_to_many}
    return {
        "fields": values_of(article, own_fields(type(article))),
        "many": many | {"conditions": [reference(condition)]},
        "rows": {name: [] for name in article.PARTS},
    }


def main(number: str) -> None:
    """Fill the site, make its search index anew, and say what that came to."""
    import django

    django.setup()
    import time

    from search.upkeep import rebuild

    begun = time.perf_counter()
    articles = fill(int(number))
    filled = time.perf_counter()
    rebuild()
    told = {
        "articles": articles,
        "fill_seconds": round(filled - begun, 1),
        "index_seconds": round(time.perf_counter() - filled, 1),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    main(sys.argv[1])
