"""Cuts a message into words whose places in the original are kept."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from enquiries.red_flags.vocabulary import (
    CANNOT,
    COMMON_MISSPELLINGS,
    RUN_TOGETHER,
    SMALL_WORDS,
    WAYS_TO_SAY_CANNOT,
)

# A letter or digit, with marks that stand on it and characters that cannot be seen.
_MARKS = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_APOSTROPHES = "'`´ʹʻʼ‘’‛′＇"
_WORD = re.compile(rf"(?:[^\W_][{_MARKS}]*)+(?:[{_APOSTROPHES}](?:[^\W_][{_MARKS}]*)+)*")


_BY_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _words in sorted(WAYS_TO_SAY_CANNOT, key=len, reverse=True):
    _BY_FIRST.setdefault(_words[0], []).append(_words)

_END = re.compile(r"[!?;…\n\r]")
_PAUSE = re.compile(r"[,:()\[\]/–—]|\s-")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, and where it stands in the original."""

    form: str
    start: int
    end: int
    place: int  # counts words that say something; the end of a sentence counts as some
    before: str  # "end", "pause" or "": what stands between this word and the one before


def normalise(word: str) -> str:
    """Return the form in which words are compared: no capitals, accents or apostrophes."""
    letters = unicodedata.normalize("NFKD", word).casefold()
    form = "".join(each for each in letters if each.isalnum())
    form = COMMON_MISSPELLINGS.get(form, form)
    return "cannot" if form in CANNOT else form


def words_of(text: str, sentence_gap: int = 3) -> list[Word]:
    """Return the words of a text, with every way to say "cannot" as that one word."""
    found = [piece for each in _WORD.finditer(text) for piece in _pieces(each)]
    result: list[Word] = []
    place, last_end = 0, 0
    for form, start, end in _joined(found):
        before = _gap(text[last_end:start], result[-1].form if result else "", form)
        place += (form not in SMALL_WORDS) + (sentence_gap if before == "end" else 0)
        result.append(Word(form, start, end, place, before))
        last_end = end
    return result


def _pieces(found: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Yield a word with its place, or two words that were written as one."""
    word, start, end = found[0], found.start(), found.end()
    second = RUN_TOGETHER.get(word.casefold())
    if second:
        yield normalise(word[:second]), start, start + second
        yield normalise(word[second:]), start + second, end
    else:
        yield normalise(word), start, end


def _joined(found: Sequence[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """Yield the words, with "not able to" and its like as one, and "can not even" in two steps."""
    index = 0
    while index < len(found):
        form, start, end = found[index]
        index += 1
        while length := _more_of_cannot(form, found, index):
            end, form = found[index + length - 1][2], "cannot"
            index += length
        yield form, start, end


def _more_of_cannot(form: str, found: Sequence[tuple[str, int, int]], index: int) -> int:
    """Return how many of the words that follow belong to a way to say "cannot"."""
    for words in _BY_FIRST.get(form, ()):
        rest = words[1:]
        if tuple(each[0] for each in found[index : index + len(rest)]) == rest:
            return len(rest)
    return 0


def _gap(between: str, previous: str, following: str) -> str:
    if _END.search(between):
        return "end"
    if "." in between and not (previous.isdigit() and following.isdigit()):
        return "end"
    return "pause" if _PAUSE.search(between) else ""
