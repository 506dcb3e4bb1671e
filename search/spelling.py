"""Finds the word that somebody meant to type, among the words that the site's pages have."""

import re
from collections.abc import Collection, Mapping

from rapidfuzz.distance import DamerauLevenshtein

# How many letters may be wrong, missing, too many or swapped, by the length of what was typed.
_MISTAKES = ((4, 1), (7, 2), (100, 3))
_SHORTEST = 3
# A word that also sounds different has to be nearer than the limit.
_DOUBT = 0.5
_LONG = 7
# A word of a name is meant as likely as one that stands on so many pages more.
_NAMED = 20
# How words are spelt by ear: letters that sound alike become one.
_SOUNDS = (
    (re.compile(r"^(?:kn|gn)"), "n"), (re.compile(r"^ps"), "s"), (re.compile("^wr"), "r"),
    (re.compile("ph"), "f"), (re.compile("^py"), "fy"), (re.compile("rh"), "r"),
    (re.compile("gh"), ""), (re.compile("ck|q|x"), "k"), (re.compile("sc(?=[eiy])"), "s"),
    (re.compile("c(?=[eiy])"), "s"), (re.compile("ch(?=[rl])|c"), "k"), (re.compile("z"), "s"),
    (re.compile("[aeiouyhw]+"), "a"), (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip


def sound(word: str) -> str:
    """Return how a word sounds, roughly: words that are spelt alike by ear have the same."""
    for pattern, letters in _SOUNDS:
        word = pattern.sub(letters, word)
    return word


def _is_slip(typed: str, word: str, mistakes: int) -> bool:
    """Say whether a long word has one letter wrong, and not its first."""
    return mistakes == 1 and len(typed) >= _LONG and typed[0] == word[0]


class Speller:
    """The words of the site, each with how likely somebody means it.

    `words` are all of them with the number of pages they stand on, `names` those of them that stand
    in a title or another name of a page. Nobody means an ordinary word as likely as one of those.
    """

    def __init__(self, words: Mapping[str, int], names: Collection[str]) -> None:
        self._words = words
        self._names = names
        self._sounds = {word: sound(word) for word in words if len(word) >= _SHORTEST}

    def correct(self, typed: str) -> str:
        """Return the likeliest word of the site for one that is not among them, or nothing."""
        if len(typed) < _SHORTEST or any(mark.isdigit() for mark in typed):
            return ""
        limit = next(most for length, most in _MISTAKES if len(typed) <= length)
        heard = sound(typed)
        best, best_cost = "", (limit + 1.0, 0)
        for word, known_sound in self._sounds.items():
            if abs(len(word) - len(typed)) > limit:
                continue
            misheard = DamerauLevenshtein.distance(heard, known_sound, score_cutoff=2)
            # What sounds the same may have one letter more that is wrong.
            most = limit if misheard else limit + 1
            mistakes = DamerauLevenshtein.distance(typed, word, score_cutoff=most)
            if mistakes > most:
                continue
            if misheard and word not in self._names and not _is_slip(typed, word, mistakes):
                continue
            if misheard and mistakes + 0.6 * misheard >= limit + _DOUBT:
                continue
            # Heard alike counts for a letter right; a wrong first letter is a rare mistake.
            cost = mistakes + (0.6 * misheard if misheard else -1) + (word[0] != typed[0]) / 2
            if (cost, -self._likelihood(word)) < best_cost:
                best, best_cost = word, (cost, -self._likelihood(word))
        return best

    def _likelihood(self, word: str) -> int:
        return self._words[word] + (_NAMED if word in self._names else 0)

    def split(self, typed: str) -> tuple[str, str] | None:
        """Return two words of the site that were typed as one, such as "backpain"."""
        for place in range(_SHORTEST, len(typed) - _SHORTEST + 1):
            first, second = typed[:place], typed[place:]
            if first in self._words and second in self._words:
                return first, second
        return None
