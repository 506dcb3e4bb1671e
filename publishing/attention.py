"""Why a page has to be looked at again, from apps that this one does not know."""

from collections.abc import Callable, Iterable

from publishing.models import Page

Finder = Callable[[Page], Iterable[str]]

_finders: list[Finder] = []


def register(finder: Finder) -> Finder:
    """Add a function that says why a page needs attention. Safe to call twice."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def reasons(page: Page) -> list[str]:
    """Return why the page has to be looked at again, for the people who do."""
    return [reason for finder in _finders for reason in finder(page)]
