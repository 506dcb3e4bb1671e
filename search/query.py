"""Makes of what somebody typed what they look for: words, what means the same, what they meant."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from search.thesaurus import thesaurus
from search.words import Word, stem, words_in

MAX_LETTERS = 200
MAX_WORDS = 12
# How much a page counts for that has not the word itself, but …
_SAME_MEANING = 0.55  # … one that means the same, or
_JOINED = 0.95  # … the two words written as one.
_LEAST_WEIGHT_OF_UNKNOWN = 1.5
# What a word counts for though it stands on every page.
_EVERY_WORD = 0.7


class Lexicon(Protocol):
    """What the words of the site are. See `search.lexicon`."""

    def entries_with(self, stems: Sequence[str]) -> Mapping[str, int]:
        """Return on how many pages each of the stems stands; those on none may be left out."""
        ...

    def size(self) -> int:
        """Return how many pages there are."""
        ...

    def correct(self, word: str) -> str:
        """Return the word of the site that was most likely meant, or nothing."""
        ...

    def split(self, word: str) -> tuple[str, str] | None:
        """Return two words of the site that were written as one, or nothing."""
        ...


@dataclass(frozen=True)
class Term:
    """One thing that is looked for: the stems that count as it, with how much, and its weight."""

    stems: Mapping[str, float]
    weight: float


@dataclass(frozen=True)
class Query:
    """What somebody looks for."""

    typed: str
    terms: tuple[Term, ...] = ()
    # What was searched for instead, where words were not found as they were typed; else empty.
    corrected: str = ""

    @property
    def words(self) -> list[str]:
        """Return every word of what was searched for, small ones included."""
        return [word.plain for word in words_in(self.corrected or self.typed)]

    @property
    def stems(self) -> list[str]:
        """Return every stem that a page may be found by."""
        return sorted({stem for term in self.terms for stem in term.stems})


def understand(typed: str, lexicon: Lexicon) -> Query:
    """Return what was most likely meant. Never raises, whatever was typed."""
    typed = typed[:MAX_LETTERS].strip()
    words = list(words_in(typed))[:MAX_WORDS]
    telling = [word for word in words if not word.is_stop_word] or words
    known = _known(telling, lexicon)
    mended, corrected = _mend(typed, telling, known, lexicon)
    if corrected:
        known = _known(mended, lexicon)
    size = max(lexicon.size(), 1)
    terms: list[Term] = []
    unmet = 0
    for place, word in enumerate(mended):
        stems = {word.stem: 1.0}
        stems |= dict.fromkeys(thesaurus().get(word.stem, ()), _SAME_MEANING)
        stems |= {each: _JOINED for each in _joined(mended, place) if each in known}
        weights = {each: _weight(known[each], size) for each in stems if each in known}
        if weights:
            own = weights.get(word.stem, max(weights.values()))
            # A common word in the place of a rare one tells less.
            shares = {each: stems[each] * min(1, weight / own) for each, weight in weights.items()}
            terms.append(Term(shares, own))
        else:
            unmet += 1
    if terms and unmet:
        # No page has them, but a page that has only the rest may not be what was looked for.
        usual = max(sum(term.weight for term in terms) / len(terms), _LEAST_WEIGHT_OF_UNKNOWN)
        terms += [Term({}, usual)] * unmet
    return Query(typed, tuple(terms), corrected)


def _known(words: Sequence[Word], lexicon: Lexicon) -> Mapping[str, int]:
    """Return on how many pages stand the words, what means the same, and neighbours as one word."""
    stems = {word.stem for word in words}
    stems |= {each for own in tuple(stems) for each in thesaurus().get(own, ())}
    stems |= {each for place in range(len(words)) for each in _joined(words, place)}
    return {each: times for each, times in lexicon.entries_with(sorted(stems)).items() if times}


def _joined(words: Sequence[Word], place: int) -> list[str]:
    """Return the stems of a word written as one with its neighbours: "head ache", "headache"."""
    own = words[place].plain
    before = [words[place - 1].plain + own] if place else []
    after = [own + words[place + 1].plain] if place + 1 < len(words) else []
    return [stem(each) for each in before + after]


def _is_known(word: Word, known: Mapping[str, int]) -> bool:
    return word.stem in known or any(each in known for each in thesaurus().get(word.stem, ()))


def _mend(
    typed: str, words: Sequence[Word], known: Mapping[str, int], lexicon: Lexicon
) -> tuple[list[Word], str]:
    """Put words of the site in the place of those that it does not have."""
    mended: list[Word] = []
    text, shift = typed, 0
    for place, word in enumerate(words):
        better = ""
        is_met = _is_known(word, known) or any(each in known for each in _joined(words, place))
        # Nobody mistypes a whole query into small words: "how do I" is no "owe do I".
        if not is_met and not word.is_stop_word:
            better = lexicon.correct(word.plain)
            parts = lexicon.split(word.plain)
            if parts and not better:
                better = " ".join(parts)
        if not better:
            mended.append(word)
            continue
        text = text[: word.start + shift] + better + text[word.end + shift :]
        shift += len(better) - (word.end - word.start)
        mended += [Word(each.plain, each.stem, word.start, word.end) for each in words_in(better)]
    return mended, text if text != typed else ""


def _weight(times: int, size: int) -> float:
    """Return how much a word tells: one on every page little, a rare one much."""
    times = min(times, size)
    return math.log(1 + (size - times + 0.5) / (times + 0.5)) + _EVERY_WORD
