"""Rows under their letters, from A to Z, with the letters that have none."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Letter(Generic[Row]):
    """A letter and its rows, which may be none."""

    letter: str
    entries: tuple[Row, ...]


def by_letter(
    rows: Iterable[Row], *, name: Callable[[Row], str], order: Callable[[Row], Any]
) -> list[Letter[Row]]:
    """Return A to Z with the rows of each letter; names that start otherwise stand under "#"."""
    found: dict[str, list[Row]] = {letter: [] for letter in ascii_uppercase}
    for row in rows:
        found.setdefault(_letter(name(row)), []).append(row)
    return [Letter(letter, tuple(sorted(own, key=order))) for letter, own in found.items()]


def _letter(name: str) -> str:
    first = next((mark for mark in name if mark.isalnum()), "")
    plain = unicodedata.normalize("NFKD", first)[:1].upper()
    return plain if plain in set(ascii_uppercase) else "#"
