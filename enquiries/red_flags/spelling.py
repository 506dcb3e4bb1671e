"""Finds which words of the patterns a word of a message may stand for, misspellings included."""

from collections.abc import Iterable

from enquiries.red_flags.vocabulary import OTHER_WORDS

FUZZY_FROM = 6
"""Words with fewer letters are not matched with a letter wrong: too many are other words."""

LONGEST_WORD = 40


def _without_one(word: str) -> set[str]:
    """Return the word, and the word with each letter left out."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def is_one_slip_apart(one: str, other: str) -> bool:
    """Say whether one letter is added, left out or wrong, or two neighbours are swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    return (
        one[1:] == other[1:]
        or one[1:] == other
        or one == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )


def _is_swapped(one: str, other: str) -> bool:
    return len(one) == len(other) and sorted(one) == sorted(other) and is_one_slip_apart(one, other)


class Lexicon:
    """The words of all patterns; the ones that end in `*` stand for any ending."""

    def __init__(self, terms: Iterable[str]) -> None:
        """Index the terms so that a word is looked up without going through all of them."""
        self._whole: set[str] = set()
        self._stems: set[str] = set()
        self._near: dict[str, set[str]] = {}
        for term in terms:
            bare = term.rstrip("*")
            (self._stems if term.endswith("*") else self._whole).add(bare)
            if len(bare) >= FUZZY_FROM:
                for shorter in _without_one(bare):
                    self._near.setdefault(shorter, set()).add(term)
            elif len(bare) >= 4:
                self._near.setdefault("".join(sorted(bare)), set()).add(term)
        self._stem_lengths = sorted({len(stem) for stem in self._stems if len(stem) >= FUZZY_FROM})

    def terms_for(self, form: str) -> frozenset[str]:
        """Return the terms that a word stands for."""
        form = form[:LONGEST_WORD]
        found = {form} & self._whole
        found |= {f"{form[:n]}*" for n in range(1, len(form) + 1) if form[:n] in self._stems}
        if form not in self._whole and form not in OTHER_WORDS and len(form) >= 4:
            found |= self._misspelt_whole(form) | self._misspelt_stem(form)
        return frozenset(found)

    def _misspelt_whole(self, form: str) -> set[str]:
        near = {
            term
            for shorter in _without_one(form)
            for term in self._near.get(shorter, ())
            if not term.endswith("*") and term[0] == form[0] and is_one_slip_apart(term, form)
        }
        swapped = self._near.get("".join(sorted(form)), ())
        return {term for term in near if len(term) >= FUZZY_FROM} | {
            term for term in swapped if term[0] == form[0] and _is_swapped(term.rstrip("*"), form)
        }

    def _misspelt_stem(self, form: str) -> set[str]:
        """Try the beginning of the word, a letter shorter and longer than each stem."""
        return {
            term
            for length in self._stem_lengths
            for size in (length - 1, length, length + 1)
            if size <= len(form)
            for shorter in _without_one(form[:size])
            for term in self._near.get(shorter, ())
            if term.endswith("*")
            and term[0] == form[0]
            and is_one_slip_apart(term.rstrip("*"), form[:size])
        }
