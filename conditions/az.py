"""The A to Z of conditions, other names included: "Lumbago, see Back pain"."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_uppercase

from conditions.models import Condition


@dataclass(frozen=True)
class Entry:
    """A row of the A to Z. `see` is empty for a condition's own name."""

    name: str
    condition: Condition
    see: str = ""


@dataclass(frozen=True)
class Letter:
    """A letter and its rows, which may be none."""

    letter: str
    entries: tuple[Entry, ...]


def letters(conditions: Iterable[Condition]) -> list[Letter]:
    """Return A to Z with the rows of each letter; names that start otherwise stand under "#"."""
    entries: dict[str, list[Entry]] = {letter: [] for letter in ascii_uppercase}
    for condition in conditions:
        taken = {condition.name.lower()}
        entries.setdefault(_letter(condition.name), []).append(Entry(condition.name, condition))
        for other in condition.also_known_as:
            if other.lower() not in taken:
                taken.add(other.lower())
                name = other[:1].upper() + other[1:]
                entries.setdefault(_letter(name), []).append(Entry(name, condition, condition.name))
    return [
        Letter(letter, tuple(sorted(found, key=lambda entry: (entry.name.lower(), entry.see))))
        for letter, found in entries.items()
    ]


def _letter(name: str) -> str:
    first = next((mark for mark in name if mark.isalnum()), "")
    plain = unicodedata.normalize("NFKD", first)[:1].upper()
    return plain if plain in set(ascii_uppercase) else "#"
