"""Finds the pages for what somebody typed."""

import logging
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, connection, transaction

from search.index import store
from search.lexicon import SiteLexicon
from search.models import SearchEntry
from search.query import Query, understand
from search.ranking import is_title, score

logger = logging.getLogger(__name__)

# How many pages the database hands over to be judged, and how many at most are shown.
CANDIDATES = 80
MOST_RESULTS = 40


@dataclass(frozen=True)
class Found:
    """What a search found, the best first."""

    query: Query
    entries: list[SearchEntry] = field(default_factory=list)
    is_broken: bool = False


def find(typed: str, at: datetime | None = None) -> Found:
    """Return the pages that are public at the moment and answer what was typed, best first.

    An index that cannot be read finds nothing and says so; it never fails.
    """
    try:
        # Within a transaction, an error may not cost the rest of it. Otherwise none is begun: on
        # SQLite it would wait for whoever writes.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return _find(typed, at)
    except DatabaseError:
        logger.exception("The search could not be read")
        return Found(Query(typed), is_broken=True)


def _find(typed: str, at: datetime | None) -> Found:
    query = understand(typed, SiteLexicon())
    if not query.stems:
        return Found(query)
    ids = store().candidates(query.stems, CANDIDATES)
    found = SearchEntry.objects.public(at).filter(pk__in=ids)
    # A page whose title was typed, word for word, comes before any other.
    scores = {
        pk: (is_title(query, title), score(query, kind, stems))
        for pk, kind, title, stems in found.values_list("pk", "kind", "title", "stems")
    }
    met = (pk for pk, (_, points) in scores.items() if points)
    best = sorted(met, key=lambda pk: (*scores[pk], -pk), reverse=True)
    entries = SearchEntry.objects.defer("stems", "words").in_bulk(best[:MOST_RESULTS])
    return Found(query, [entries[pk] for pk in best[:MOST_RESULTS] if pk in entries])
