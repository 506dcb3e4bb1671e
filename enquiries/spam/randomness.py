"""Tells random letters from words. Latin letters only: other scripts are never held to this."""

import re

from enquiries.spam.text import fold

_WORD = re.compile(r"[A-Za-z0-9]++")
_LETTERS = re.compile(r"[^\W\d_]")
_SWITCH = re.compile(r"[a-z][0-9]{0,5}[A-Z]")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvxz]++")
_KEYBOARD = re.compile(r"asdf|sdfg|qwert|zxcv|hjkl|fdsa|lkjh|sdfsd|dfgdf|fghfg|fjdk|jfkd|jkdl|dksl")
_SWITCHES = 3
_SHORTEST = 6
_FEWEST_DIFFERENT = 4


def is_random_name(name: str) -> bool:
    """Say whether a name is random letters, such as "kHfWxqTz". Short names never are."""
    for word in _WORD.findall(name):
        if _has_random_case(word):
            return True
    return any(_is_unsayable(word, 8, 7) for word in _WORD.findall(fold(name)))


def share_of_random_letters(text: str) -> float:
    """Return how much of a text is random letters, from 0 to 1."""
    letters = len(_LETTERS.findall(text))
    if not letters:
        return 0.0
    cased = [word for word in _WORD.findall(text) if _has_random_case(word)]
    # Accents off, so that no vowel is missed.
    others = (word for word in _WORD.findall(fold(text)) if _is_unsayable(word, 8, 5))
    shapes = {word.lower() for word in cased}
    random = sum(map(len, cased)) + sum(len(word) for word in others if word not in shapes)
    return min(1.0, random / letters)


def _has_random_case(word: str) -> bool:
    return len(word) >= _SHORTEST and len(_SWITCH.findall(word)) >= _SWITCHES


def _is_unsayable(word: str, longest_run: int, longest_vowelless: int) -> bool:
    """Say whether a word in lower case cannot be said.

    German puts eight consonants in a row ("Angstschweiß"), Czech and Croatian do without vowels
    ("čtvrt"), and Welsh takes w and y for vowels.
    """
    if word.isdigit():
        return False
    runs = [len(run) for run in _CONSONANTS.findall(word)]
    longest = max(runs, default=0)
    # "Hmmmm" and "brrrr" are said.
    is_varied = len(set(word)) >= _FEWEST_DIFFERENT
    has_no_vowel = is_varied and sum(runs) == len(word) and len(word) >= longest_vowelless
    return longest > longest_run or has_no_vowel or bool(_KEYBOARD.search(word))
