"""What a page shows, noted while it is rendered, so that only its changes make it out of date.

A view that notes nothing is out of date with any change. One that calls `lists` answers for having
named every list it shows; rows of pages that it loads are noted by themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Changed with everything that is not the text of one page: the clinic, people, sources, rules.
EVERYTHING = "everything"
# Changed with any page.
ANY_PAGE = "any page"

_noted: ContextVar["Shown | None"] = ContextVar("shown", default=None)


class Shown:
    """The tags of one page that is being rendered."""

    def __init__(self) -> None:
        self.rows: set[str] = set()
        self.lists: set[str] = set()

    @property
    def tags(self) -> set[str]:
        """What the page depends on."""
        return {EVERYTHING} | (self.rows | self.lists if self.lists else {ANY_PAGE})


@contextmanager
def collecting() -> Iterator[Shown]:
    """Collect what is noted inside, by this thread."""
    shown = Shown()
    token = _noted.set(shown)
    try:
        yield shown
    finally:
        _noted.reset(token)


def lists(*tags: str) -> None:
    """Note that the page shows these lists, and no others."""
    shown = _noted.get()
    if shown is not None:
        shown.lists.update(tags)


def row(tag: str) -> None:
    """Note that the page shows a row."""
    shown = _noted.get()
    if shown is not None:
        shown.rows.add(tag)
