"""Finds red-flag phrases in what people write, however they write it.

Missing one is the greater harm: whatever is in doubt matches at full strength, and what is denied,
long past or somebody else's is weakened, never dropped. The time taken grows with the length of the
text and no faster.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from enquiries.red_flags.patterns import HELP, Alternative, Pattern, parse, problem_of
from enquiries.red_flags.scope import Scope, scope_of
from enquiries.red_flags.spelling import Lexicon
from enquiries.red_flags.vocabulary import SMALL_WORDS
from enquiries.red_flags.words import Word, words_of

__all__ = ["HELP", "Match", "Phrase", "match", "problem_of"]

LEVELS = ("emergency", "urgent")

_NEAR = 9
"""How many words that say something may lie from the first group's word to the second's."""

_MORE_FOR_EACH_GROUP = 3
_SMALL_BETWEEN = 3

Hit = tuple[int, int]
"""The numbers of the first and the last word of a place where an alternative stands."""

Window = tuple[Hit, ...]


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """What patients may say about one sign; `patterns.HELP` has the language of `words`."""

    key: str
    words: str
    level: str
    condition: str = ""


@dataclass(frozen=True)
class Match:
    """A phrase that a text contains, and where."""

    phrase: Phrase
    spans: tuple[tuple[int, int], ...]
    is_weakened: bool
    why_weakened: str


def match(text: str, phrases: Sequence[Phrase], condition: str = "") -> list[Match]:
    """Return the phrases in a text, strongest first; a phrase that is not well formed is left out.

    People seldom repeat the condition they chose. So its name counts as said for its own phrases.
    """
    words = words_of(text)
    if not words:
        return []
    lexicon = _lexicon(tuple(sorted({phrase.words for phrase in phrases})))
    places = _places(words, lexicon)
    finder = _Finder(words, places, scope_of(words))
    found = [
        result
        for phrase in phrases
        if (result := finder.match(phrase, _chosen(phrase, condition))) is not None
    ]
    return sorted(found, key=lambda each: _rank(each, condition))


def _rank(found: Match, condition: str) -> tuple[int, bool, bool]:
    level = found.phrase.level
    return (
        LEVELS.index(level) if level in LEVELS else len(LEVELS),
        found.is_weakened,
        found.phrase.condition not in {"", condition},
    )


def _chosen(phrase: Phrase, condition: str) -> frozenset[str]:
    """Return the words of the chosen condition's name that its own phrases may take as said."""
    if not condition or phrase.condition != condition:
        return frozenset()
    return frozenset(condition.split("-")) - {"pain"}


@lru_cache(maxsize=8)
def _lexicon(patterns: tuple[str, ...]) -> Lexicon:
    return Lexicon(
        term
        for words in patterns
        if isinstance(pattern := parse(words), Pattern)
        for group in pattern.groups
        for alternative in group
        for term in alternative
    )


def _places(words: Sequence[Word], lexicon: Lexicon) -> dict[str, list[int]]:
    """Return, for each term of the patterns, the numbers of the words that it stands for."""
    numbers: dict[str, list[int]] = {}
    for number, word in enumerate(words):
        numbers.setdefault(word.form, []).append(number)
    places: dict[str, list[int]] = {}
    for form, found in numbers.items():
        for term in lexicon.terms_for(form):
            places.setdefault(term, []).extend(found)
    return places


class _Finder:
    """One message, prepared so that many phrases can be looked for."""

    def __init__(
        self,
        words: Sequence[Word],
        places: Mapping[str, Sequence[int]],
        scope: Scope,
    ) -> None:
        self._words = words
        self._places = places
        self._sets = {term: frozenset(numbers) for term, numbers in places.items()}
        self._scope = scope

    def match(self, phrase: Phrase, chosen: frozenset[str]) -> Match | None:
        """Return where a phrase stands at its strongest."""
        pattern = parse(phrase.words)
        if not isinstance(pattern, Pattern):
            return None
        groups: Sequence[Sequence[Alternative]] = pattern.groups
        if chosen:
            groups = [group for group in groups if not _is_said(group, chosen)] or groups
        strong: list[Window] = []
        weak: list[Window] = []
        why = ""
        for window in self._windows(groups):
            reason = self._scope.weakness([n for hit in window for n in range(hit[0], hit[1] + 1)])
            (weak if reason else strong).append(window)
            why = why or reason
        if not strong and not weak:
            return None
        return Match(phrase, self._spans(strong or weak), not strong, "" if strong else why)

    def _windows(self, groups: Sequence[Sequence[Alternative]]) -> Iterator[Window]:
        """Yield, for each place where one ends, the closest set of one hit for each group."""
        every: list[list[Hit]] = []
        for group in groups:
            every.append(self._hits(group))
            if not every[-1]:
                return
        events = sorted((hit, which) for which, hits in enumerate(every) for hit in hits)
        reach = _NEAR + _MORE_FOR_EACH_GROUP * max(0, len(groups) - 2)
        last: dict[int, Hit] = {}
        for hit, which in events:
            last[which] = hit
            if len(last) == len(groups):
                window = tuple(last.values())
                if self._distance(window) <= reach:
                    yield window

    def _distance(self, window: Window) -> int:
        """Return the words between the first hit's end and the last one's beginning."""
        if len(window) == 1:
            return 0
        first, final = min(window), max(window)
        return self._words[final[0]].place - self._words[first[1]].place

    def _hits(self, group: Sequence[Alternative]) -> list[Hit]:
        return sorted({hit for alternative in group for hit in self._hits_of(alternative)})

    def _hits_of(self, alternative: Alternative) -> Iterator[Hit]:
        for number in self._places.get(alternative[0], ()):
            last = self._follow(number, alternative)
            if last is not None:
                yield number, last

    def _follow(self, number: int, alternative: Alternative) -> int | None:
        """Return the last word of a fixed phrase that begins here; small words may come between."""
        for term in alternative[1:]:
            places = self._sets.get(term, frozenset())
            for following in range(number + 1, min(number + 2 + _SMALL_BETWEEN, len(self._words))):
                if following in places:
                    number = following
                    break
                if self._words[following].form not in SMALL_WORDS:
                    return None
            else:
                return None
        return number

    def _spans(self, windows: Iterable[Window]) -> tuple[tuple[int, int], ...]:
        """Return the places in the original, joined where they overlap."""
        hits = sorted({hit for window in windows for hit in window})
        spans: list[tuple[int, int]] = []
        for first, last in hits:
            start, end = self._words[first].start, self._words[last].end
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return tuple(spans)


def _is_said(group: Sequence[Alternative], chosen: frozenset[str]) -> bool:
    """Say whether the chosen condition's name holds a word of this group."""
    return any(
        len(alternative) == 1
        and (
            alternative[0] in chosen
            or (
                alternative[0].endswith("*")
                and any(word.startswith(alternative[0][:-1]) for word in chosen)
            )
        )
        for alternative in group
    )
