"""The A to Z of conditions, other names included: "Lumbago, see Back pain"."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from components.az import Letter, by_letter
from conditions.models import Condition


@dataclass(frozen=True)
class Entry:
    """A row of the A to Z. `see` is empty for a condition's own name."""

    name: str
    condition: Condition
    see: str = ""


def letters(conditions: Iterable[Condition]) -> list[Letter[Entry]]:
    """Return A to Z with the rows of each letter; names that start otherwise stand under "#"."""
    return by_letter(
        (entry for condition in conditions for entry in _entries(condition)),
        name=lambda entry: entry.name,
        order=lambda entry: (entry.name.lower(), entry.see),
    )


def _entries(condition: Condition) -> Iterator[Entry]:
    taken = {condition.name.lower()}
    yield Entry(condition.name, condition)
    for other in condition.also_known_as:
        if other.lower() not in taken:
            taken.add(other.lower())
            yield Entry(other[:1].upper() + other[1:], condition, condition.name)
