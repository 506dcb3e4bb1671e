"""What other apps keep of people who wrote to us, beside the enquiries.

They register here, so that it is erased on time, found when a person asks what we hold about them,
and wiped from the database's files like an enquiry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models


@dataclass(frozen=True)
class KeptRow:
    """One thing that is kept of a person."""

    row: models.Model
    title: str
    address: str
    erase_on: date
    data: dict[str, Any]
    """All that it holds about its sender, under names that people understand."""

    erase: Callable[[Any], None]
    """Erases it for good, in the name of a member of staff."""


@dataclass(frozen=True)
class Keeper:
    """Something of its own that an app keeps."""

    name: str
    of_person: Callable[[str], list[KeptRow]]
    """Returns what came from an email address, oldest first."""

    purge: Callable[[datetime], int]
    """Erases what is due at the moment, and returns how much."""

    has_erased_since: Callable[[datetime | None], bool]
    """Says whether anything was erased since the moment, or ever."""


_keepers: list[Keeper] = []


def register(keeper: Keeper) -> None:
    """Add what an app keeps. Called from its `AppConfig`; safe to repeat."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def rows_of_person(email: str) -> list[KeptRow]:
    """Return everything that came from an email address; nothing for an empty one."""
    return [row for keeper in _keepers for row in keeper.of_person(email)] if email else []


def purge(now: datetime) -> int:
    """Erase everything that is due; return how much."""
    return sum(keeper.purge(now) for keeper in _keepers)


def has_erased_since(moment: datetime | None) -> bool:
    """Say whether anything was erased since the moment, or ever where none is given."""
    return any(keeper.has_erased_since(moment) for keeper in _keepers)
