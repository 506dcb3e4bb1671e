"""Prints how fast a site with many pages is indexed and searched, as JSON.

`scripts.bench` runs it inside .venv, on a scratch database that holds the demo. The pages are made
up of the demo's sentences, by a random generator that starts the same each time.
"""

import json
import os
import random
import statistics
import sys
import time
from pathlib import Path

WORDS_A_PAGE = 900
QUERIES = Path(__file__).resolve().parent.parent / "tests" / "search" / "queries.yaml"
# A third each of what is typed: names, names with mistakes, and sentences.
KINDS = ("name", "misspelling", "natural-language")
OF_EACH_KIND = 20


def add_pages(number: int) -> None:
    """Add articles until there are so many pages."""
    from django.utils import timezone

    from articles.models import Article, Category
    from search.models import SearchEntry

    sentences = [
        sentence
        for text in SearchEntry.objects.order_by("key").values_list("body", flat=True)
        for sentence in text.replace("\n", " ").split(". ")
        if len(sentence.split()) > 3
    ]
    choose = random.Random(6)  # noqa: S311  (no secret hangs on it)
    there = SearchEntry.objects.count()
    category = Category.objects.earliest("pk")
    Article.objects.bulk_create(
        (
            Article(
                slug=f"made-up-{each}",
                title=" ".join(choose.choice(sentences).split()[:6])[:65],
                summary=choose.choice(sentences)[:220],
                body=_text(sentences, choose),
                category=category,
                published_at=timezone.now(),
            )
            for each in range(there, number)
        ),
        batch_size=500,
    )


def _text(sentences: list[str], choose: random.Random) -> str:
    paragraphs, words = [], 0
    while words < WORDS_A_PAGE:
        paragraph = ". ".join(choose.choice(sentences) for _ in range(4))
        words += len(paragraph.split())
        paragraphs.append(f"{paragraph}.")
    return "\n\n".join(paragraphs)


def typed() -> list[str]:
    """Return what is searched for."""
    import yaml

    listed = yaml.safe_load(QUERIES.read_text(encoding="utf-8"))
    own = [[each["q"] for each in listed if each["kind"] == kind] for kind in KINDS]
    return [query for queries in own for query in queries[:OF_EACH_KIND]]


def measure(number: int) -> dict[str, float]:
    """Return the time to index so many pages, and to find what people type among them."""
    from search.finding import find
    from search.upkeep import rebuild

    add_pages(number)
    start = time.perf_counter()
    pages = rebuild()
    seconds = time.perf_counter() - start
    find("warm up the words")
    times = []
    for query in typed():
        start = time.perf_counter()
        find(query)
        times.append((time.perf_counter() - start) * 1000)
    return {
        "pages": pages,
        "index_seconds": round(seconds, 1),
        "queries": len(times),
        "p50_milliseconds": round(statistics.median(times), 1),
        "p95_milliseconds": round(statistics.quantiles(times, n=20)[-1], 1),
    }


def main(sizes: list[str]) -> None:
    """Measure at each size, the smaller first, and print the figures."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    django.setup()
    from search.upkeep import rebuild

    rebuild()
    print(json.dumps([measure(int(size)) for size in sizes]))


if __name__ == "__main__":
    main(sys.argv[1:])
