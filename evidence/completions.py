"""The keys of sources and claims, offered by the editor while somebody types."""

from collections.abc import Iterator
from functools import reduce
from operator import and_

from django.db import models
from django.db.models import Q

from evidence.models import Claim, Source
from publishing.completions import MOST, Help, register

_SOURCE_FIELDS = ("key", "title", "body", "nice")
_CLAIM_FIELDS = ("key", "sentence")


def _wanted(query: str, fields: tuple[str, ...]) -> Q:
    """Return a condition for rows that hold every word of the query in some field."""
    each_word = (
        reduce(lambda found, field: found | Q(**{f"{field}__icontains": word}), fields, Q())
        for word in query.split()[:8]
    )
    return reduce(and_, each_word, Q())


def _key_first(query: str) -> models.Case:
    """Order rows whose key begins with what was typed before those that only mention it."""
    starts = models.When(key__istartswith=query, then=0)
    return models.Case(starts, default=1, output_field=models.IntegerField())


def sources(query: str) -> Iterator[tuple[str, str]]:
    """Yield the sources that what was typed may mean. One that no longer stands says so."""
    rows = Source.objects.filter(_wanted(query, _SOURCE_FIELDS)).order_by(_key_first(query), "key")
    for source in rows[:MOST]:
        standing = "" if source.is_current else f" ({source.get_status_display().lower()})"
        year = f", {source.year}" if source.year else ""
        yield source.key, f"{source.title}, {source.body}{year}{standing}"


def claims(query: str) -> Iterator[tuple[str, str]]:
    """Yield the claims that what was typed may mean. One that readers do not see says so."""
    rows = Claim.objects.filter(_wanted(query, _CLAIM_FIELDS)).order_by(_key_first(query), "key")
    for claim in rows[:MOST]:
        yield claim.key, claim.sentence if claim.is_public else f"{claim.sentence} (not public)"


def register_all() -> None:
    """Have the editor offer both."""
    register(
        "[@",
        sources,
        Help(
            example="[@ng59]",
            words="A citation, by the key of the source. Type [@ and a word to look it up",
            url_name="admin:evidence_source_changelist",
            link_text="all sources",
        ),
    )
    register(
        "[claim:",
        claims,
        Help(
            example="[claim:back-pain-nice]",
            words="A claim with its sources, by its key. Type [claim: and a word to look it up",
            url_name="admin:evidence_claim_changelist",
            link_text="all claims",
        ),
    )
