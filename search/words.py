"""Brings words to the form in which they are compared: typed on a phone, or printed on a page.

Both sides of a comparison go through here, so "Anaesthetic's" and "anesthetics" are one word. The
same words are made whatever database the index stands in.
"""

import functools
import re
import threading
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import snowballstemmer

# Longer than any word of a page; what is longer was not typed by a person.
LONGEST_WORD = 40

_WORD = re.compile(r"[^\W_]+(?:[’'ʼ`´][^\W_]+)*")
_MARKS_IN_WORDS = re.compile(r"[’'ʼ`´]")
_POSSESSIVE = re.compile(r"[’'ʼ`´]s$", re.IGNORECASE)

# Words that say nothing of what a page is about.
STOP_WORDS = frozenset(
    """
    a about after again ago all also always am an and any anyone anything are as at be because been
    being but by can could did do does doing done each ever every for from get gets getting give
    given go goes going got had has have having he help her here hers him his how i if im in into is
    isnt it its ive just keep keeps kind know like lot make makes many may me might more most much
    my need no not of off on once one only or other our out over own please put really she should so
    some someone something sort still such take tell than that the their them then there these they
    thing things this those through to too up us very want was way we well were what whats when
    where which while who whose why will with without wont would yes you your
    between cant didnt doesnt dont ive versus vs
    """.split()  # noqa: SIM905  (a column of seventy quoted words would be harder to read)
)

# American spellings, and plurals that no rule makes, as the site's pages write them.
_SAME = {
    "disk": "disc", "disks": "disc", "discs": "disc", "feet": "foot", "teeth": "tooth",
    "vertebrae": "vertebra", "diagnoses": "diagnosis", "center": "centre", "fiber": "fibre",
    "gray": "grey", "program": "programme", "mom": "mum", "practise": "practice",
    "licence": "license", "tumour": "tumor", "men": "man", "women": "woman", "children": "child",
    "hurting": "hurt", "aching": "ache", "achy": "ache", "achey": "ache", "aches": "ache",
    "ached": "ache", "mice": "mouse", "lying": "lie", "knives": "knife",
}  # fmt: skip

_stemmer = snowballstemmer.stemmer("english")
# It keeps the word that it is at in itself, so two threads would spoil each other's.
_stemming = threading.Lock()


class Word(NamedTuple):
    """A word of a text: as compared (`plain`), its stem, and where it stands."""

    plain: str
    stem: str
    start: int
    end: int

    @property
    def is_stop_word(self) -> bool:
        """Say whether it tells nothing of what somebody looks for."""
        return self.plain in STOP_WORDS


def words_in(text: str) -> Iterator[Word]:
    """Yield the words of a text in order."""
    for match in _WORD.finditer(text):
        form, own_stem = _compared(match.group())
        if form:
            yield Word(form, own_stem, match.start(), match.end())


def stems(text: str) -> list[str]:
    """Return the stems of a text's words in order, stop words included."""
    return [own for _, own in forms(text)]


def forms(text: str) -> list[tuple[str, str]]:
    """Return the words of a text as compared, each with its stem: `words_in` without places."""
    return [found for word in _WORD.findall(text) if (found := _compared(word))[0]]


@functools.lru_cache(maxsize=50_000)
def _compared(word: str) -> tuple[str, str]:
    """Return a word as compared and its stem; nothing for what is too long to be a word."""
    form = plain(word)
    return (form, stem(form)) if form and len(form) <= LONGEST_WORD else ("", "")


def plain(word: str) -> str:
    """Return a word in small letters without accents, apostrophes or a possessive s."""
    bare = _MARKS_IN_WORDS.sub("", _POSSESSIVE.sub("", word))
    if bare.isascii():
        return bare.lower()
    folded = unicodedata.normalize("NFKD", bare.casefold())
    return "".join(mark for mark in folded if mark.isalnum() and not unicodedata.combining(mark))


def stem(word: str) -> str:
    """Return the stem of a plain word; British and American spellings have the same."""
    found = _SAME.get(word, word)
    if len(found) > 4:
        found = found.replace("ae", "e").replace("oe", "e")
    if len(found) > 5:
        found = re.sub(r"our(?=$|s$|ed$|ing$|ful|able|less)", "or", found)
        found = re.sub(r"(?<=[a-z]{3}[iy])s(?=e$|es$|ed$|ing$|ation)", "z", found)
    with _stemming:
        return str(_stemmer.stemWord(found))
