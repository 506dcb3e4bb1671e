"""What the page says about itself: who checked the questions, how long ago, on what they rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evidence.models import Source
from evidence.views import sources_of
from suitability.models import Caution


@dataclass(frozen=True)
class Checking:
    """Who checked the questions and when."""

    people: list[Any]
    oldest: date | None
    is_complete: bool
    sources: list[Source]


def checking_of(cautions: Sequence[Caution]) -> Checking:
    """Return how the questions on a page stand. The oldest check counts: it says least too much."""
    people: dict[int | None, Any] = {}
    days: list[date] = []
    for caution in cautions:
        if caution.checked_by and caution.checked_on:
            people[caution.checked_by_id] = caution.checked_by
            days.append(caution.checked_on)
    return Checking(
        people=list(people.values()),
        oldest=min(days, default=None),
        is_complete=all(caution.is_confirmed for caution in cautions),
        sources=sources_of(list(cautions)),
    )
