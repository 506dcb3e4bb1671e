"""Words that a version shows and that are worded elsewhere, kept with it as they were.

An app whose words stand on pages by a key, such as a claim, registers how to collect them when a
version is saved, and how to have them shown again when that old version is looked at.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from publishing.snapshots import Draft

Words = Mapping[str, str]
KeptWords = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Keeper:
    """How words of one kind are collected from a page, and how they are shown again."""

    collect: Callable[[Draft], Words]
    showing: Callable[[Words], AbstractContextManager[None]]


_keepers: dict[str, Keeper] = {}


def register(name: str, keeper: Keeper) -> None:
    """Add a kind of words by its name, which stands in every version from then on."""
    _keepers[name] = keeper


def collect(draft: Draft) -> KeptWords:
    """Return the words that a page shows and that are worded elsewhere, by kind and key."""
    found = {name: dict(keeper.collect(draft)) for name, keeper in _keepers.items()}
    return {name: words for name, words in found.items() if words}


@contextmanager
def showing(kept: KeptWords) -> Iterator[None]:
    """Show pages with the words as they were kept."""
    with ExitStack() as stack:
        for name, words in kept.items():
            if name in _keepers:
                stack.enter_context(_keepers[name].showing(words))
        yield
