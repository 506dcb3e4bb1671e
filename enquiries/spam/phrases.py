"""Finds the phrases of a list in a text, in one pass, however many phrases there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from enquiries.spam.text import fold, tokens

T = TypeVar("T")

_SHORTEST_STEM = 2
ANY = "~"


@dataclass
class _Node(Generic[T]):
    """A step of a phrase: what may follow, and what a phrase that ends here stands for."""

    following: "dict[str, _Node[T]]" = field(default_factory=dict)
    value: T | None = None


class Phrases(Generic[T]):
    """Phrases, each standing for something. `rank* ~ google` takes any ending, then any word."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._root: _Node[T] = _Node()
        self._steps: set[str] = set()
        for phrase, value in entries:
            node = self._root
            for step in _steps(phrase):
                self._steps.add(step)
                node = node.following.setdefault(step, _Node())
            node.value = value
        self._longest_stem = max((len(step) for step in self._steps), default=0)

    def find(self, words: Sequence[str]) -> list[T]:
        """Return what the phrases in the words stand for: the longest at each place, no overlap."""
        known: dict[str, list[str]] = {word: self._steps_for(word) for word in set(words)}
        starting = {
            word
            for word, steps in known.items()
            if not self._root.following.keys().isdisjoint(steps)
        }
        found: list[T] = []
        free = 0
        for at in (at for at, word in enumerate(words) if word in starting):
            if at >= free:
                value, free = self._longest_at(words, known, at)
                if value is not None:
                    found.append(value)
        return found

    def _longest_at(
        self, words: Sequence[str], known: dict[str, list[str]], start: int
    ) -> tuple[T | None, int]:
        """Return the longest phrase that starts here, and where to go on."""
        nodes = [self._root]
        value, end = None, start + 1
        for at in range(start, len(words)):
            steps = (*known[words[at]], ANY)
            nodes = [
                node.following[step] for node in nodes for step in steps if step in node.following
            ]
            if not nodes:
                break
            for node in nodes:
                if node.value is not None:
                    value, end = node.value, at + 1
        return value, end

    def _steps_for(self, word: str) -> list[str]:
        """Return the steps that a word can take: itself, and each known beginning of it."""
        stems = range(_SHORTEST_STEM, min(len(word), self._longest_stem) + 1)
        steps = [word, *(f"{word[:length]}*" for length in stems)]
        return [step for step in steps if step in self._steps]


def _steps(phrase: str) -> list[str]:
    steps: list[str] = []
    for part in str(phrase).split():
        steps += [ANY] if part == ANY else tokens(fold(part))
        if part.endswith("*"):
            steps[-1] += "*"
    return steps
