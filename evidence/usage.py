"""Who uses a claim or a source. Apps above this one register functions that look in their pages."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import models

from evidence.models import Claim, Source


@dataclass(frozen=True)
class Sought:
    """What is looked for: keys that a text may hold, and rows that a page may be joined to."""

    citations: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()
    sources: frozenset[int] = frozenset()
    conditions: frozenset[int] = frozenset()

    @property
    def marks(self) -> list[str]:
        """What the Markdown of a page that uses it holds."""
        citations = [f"[@{key}]" for key in sorted(self.citations)]
        return citations + [f"[claim:{key}]" for key in sorted(self.claims)]


@dataclass(frozen=True)
class Use:
    """A page, or a person's profile, and how it uses what was sought."""

    row: models.Model
    how: str


Finder = Callable[[Sought], Iterable[Use]]

_finders: list[Finder] = []


def register_use_finder(finder: Finder) -> Finder:
    """Add a function that finds uses. Usable as a decorator; safe to call twice."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def uses_of_claim(claim: Claim) -> list[Use]:
    """Return what places the claim, and the page of its condition where it is public."""
    conditions = frozenset({claim.condition_id} if claim.is_public else ())
    return _uses(Sought(claims=frozenset({claim.key}), conditions=conditions))


def uses_of_source(source: Source) -> list[Use]:
    """Return what cites the source, places or shows a claim that rests on it, or has its signs."""
    claims = list(source.claims.all())
    return _uses(
        Sought(
            citations=frozenset({source.key}),
            claims=frozenset(claim.key for claim in claims),
            sources=frozenset({source.pk}),
            conditions=frozenset(claim.condition_id for claim in claims if claim.is_public),
        )
    )


def _uses(sought: Sought) -> list[Use]:
    """Ask every finder, and name each row once, with all the ways in which it uses it."""
    found: dict[models.Model, list[str]] = {}
    for use in _found(sought):
        ways = found.setdefault(use.row, [])
        if use.how not in ways:
            ways.append(use.how)
    return [Use(row, ", ".join(ways)) for row, ways in found.items()]


def _found(sought: Sought) -> Iterator[Use]:
    for finder in _finders:
        yield from finder(sought)
