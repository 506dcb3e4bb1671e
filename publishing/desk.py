"""The desk: what needs doing, shown on the first page of the admin.

Every app registers a function that returns its items for the person who looks; an item without
anything to do is left out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class TodoItem:
    """Something that needs doing: how many, what, and the list that shows them."""

    count: int
    text: str
    url: str
    is_urgent: bool = False


Finder = Callable[[HttpRequest], Iterable[TodoItem]]

_finders: list[Finder] = []


def register_todo(finder: Finder) -> Finder:
    """Add a function that finds what needs doing. Usable as a decorator; safe to call twice."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


Teller = Callable[[HttpRequest], Iterable[str]]

_tellers: list[Teller] = []


def register_status(teller: Teller) -> Teller:
    """Add a function that tells how things stand when nothing needs doing. Safe to call twice."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def status_lines(request: HttpRequest) -> list[str]:
    """Return how things stand, a sentence each."""
    return [line for teller in _tellers for line in teller(request)]


def todo_items(request: HttpRequest) -> list[TodoItem]:
    """Return what needs the person's attention, urgent first."""
    found = [item for finder in _finders for item in finder(request) if item.count]
    return sorted(found, key=lambda item: not item.is_urgent)
