"""Puts pages in the order in which a patient should meet them. Pure: the same on every database.

The database finds the pages that have any of the words; here it is judged which of them is meant.
A page that is called what somebody typed, in its title or by another name, comes before all that
only speak of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from search.models import SearchEntry
from search.query import Query, Term
from search.words import words_in

# What a word counts for by where it stands (a title's word is a name as well).
_TITLE, _NAME, _SUMMARY, _HEADING, _BODY = 6.0, 5.0, 2.5, 2.0, 2.5
_BODY_HALF = 3  # so often in the text makes half of what the text can count for
# How much it harms to have only a part of what was looked for.
_FIT = 1.5
# What it counts for that a page is called what was typed, whole.
_CALLED = 30.0
# The same for a heading of it, or a question that it answers.
_ANSWERED = 14.0
# How much it harms that only a part of the name was typed.
_HAVE = 2.0
_UNTYPED = 2.0
# Of pages that fit as well, the one on a condition first.
_KIND = {
    SearchEntry.Kind.CONDITION: 1.12,
    SearchEntry.Kind.TREATMENT: 1.08,
    SearchEntry.Kind.INFORMATION: 1.0,
    SearchEntry.Kind.ARTICLE: 1.0,
    SearchEntry.Kind.PRACTITIONER: 0.9,
}
# A page with less than this share of what was looked for is not shown.
LEAST_SHARE = 0.3


def is_title(query: Query, title: str) -> bool:
    """Say whether somebody typed a page's title, word for word."""
    return query.words == [word.plain for word in words_in(title)]


def score(query: Query, kind: str, stems: Mapping[str, Any]) -> float:
    """Return how well a page answers a query; nothing means that it does not.

    `stems` are the stems of the page's fields, as `SearchEntry.stems` holds them.
    """
    fields = {
        name: f" {' '.join(value) if isinstance(value, list) else value} "
        for name, value in stems.items()
    }
    whole = sum(term.weight for term in query.terms)
    met = words = best = 0.0
    for term in query.terms:
        found = max(
            (share * _where(each, fields) for each, share in term.stems.items()), default=0.0
        )
        words += term.weight * found
        met += term.weight if found else 0
        best = max(best, found)
    if not whole or (met / whole < LEAST_SHARE and best < _NAME):
        return 0.0
    names = [stems["title"], *stems["names"]]
    called = max(_called(query.terms, name.split(), whole) for name in names)
    answered = max(
        (_called(query.terms, line.split(), whole) for line in stems["headings"]), default=0
    )
    fit = (met / whole) ** _FIT
    total: float = words * fit + _CALLED * called + _ANSWERED * answered
    return total * _KIND[SearchEntry.Kind(kind)]


def _where(stem: str, fields: Mapping[str, str]) -> float:
    """Return what it counts for that a page has a stem where it has it."""
    sought = f" {stem} "
    times = fields["body"].count(sought)
    named = _TITLE if sought in fields["title"] else _NAME if sought in fields["names"] else 0.0
    return (
        named
        + (_SUMMARY if sought in fields["summary"] else 0)
        + (_HEADING if sought in fields["headings"] else 0)
        + _BODY * times / (times + _BODY_HALF)
    )


def _called(terms: Sequence[Term], name: Sequence[str], whole: float) -> float:
    """Return from 0 to 1 how far a page's name is what was typed, or stands in it whole."""
    if not name:
        return 0.0
    share_of = [max((term.stems.get(each, 0.0) for each in name), default=0.0) for term in terms]
    told = sum(term.weight * share for term, share in zip(terms, share_of, strict=True)) / whole
    met = [
        max((term.weight * term.stems.get(each, 0.0) for term in terms), default=0.0)
        for each in name
    ]
    # A word that was not typed weighs as much as a telling one: common words make no name.
    have = sum(met) / (sum(met) + _UNTYPED * met.count(0.0)) if any(met) else 0.0
    if have < 0.7 and told < 0.7:
        return 0.0
    # Both: the name is in what was typed, and what was typed is in the name.
    return float(told * have**_HAVE)
