"""Keys that the Markdown editor offers while somebody types, and how to write them.

An app that owns a piece of Markdown with keys in it registers what begins it, such as `[@`, and a
function that finds keys. The editor knows nothing of sources or claims.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

MOST = 12
MAX_QUERY = 100

Finder = Callable[[str], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Help:
    """A line of the editor's help: what to type, what it does, and the list that shows all keys.

    `url_name` names the list in the admin, if there is one, and `link_text` says where it leads.
    """

    example: str
    words: str
    url_name: str = ""
    link_text: str = ""


@dataclass(frozen=True)
class Completion:
    """What begins a key, how to find keys for what follows, and a line of help."""

    prefix: str
    finder: Finder
    help: Help | None = None


_known: dict[str, Completion] = {}


def register(prefix: str, finder: Finder, help: Help | None = None) -> None:  # noqa: A002
    """Offer keys after `prefix`. Registering a prefix again replaces what was there."""
    _known[prefix] = Completion(prefix, finder, help)


def registered() -> list[Completion]:
    """Return what is offered, in the order of registration."""
    return list(_known.values())


def complete(prefix: str, query: str) -> list[tuple[str, str]]:
    """Return the first keys, with a label each, for what was typed after the prefix."""
    known = _known.get(prefix)
    if known is None:
        return []
    return list(islice(known.finder(query.strip()[:MAX_QUERY]), MOST))
