"""The fingerprint of a text: the same for nearly the same text."""

import re

from enquiries.spam.reading import with_hosts_only
from enquiries.spam.text import UNSPACED, fold, tokens, unmask

# Two innocent people may both write "I would like an appointment please". Nobody else writes the
# same eight words and thirty letters.
_FEWEST_WORDS = 8
_FEWEST_LETTERS = 30
# A sign of an unspaced script is about half a word, and Chinese says much in few.
_WORDS_PER_SIGN = 0.4
_LETTERS_PER_SIGN = 2
_SIGN = re.compile(f"[{UNSPACED}]")


def text_fingerprint(text: str) -> str:
    """Return the letters of a text without case, accents, spaces, signs, digits and links' paths.

    Letters that look alike are one. A text too short to be anybody's own gives "", which is to be
    counted as the same as nothing.
    """
    folded = with_hosts_only(unmask(fold(text)))
    words = [word for word in tokens(folded) if word != "#"]
    signs = sum(1 for word in words if _SIGN.match(word))
    letters = sum(map(len, words)) + signs * (_LETTERS_PER_SIGN - 1)
    size = len(words) - signs * (1 - _WORDS_PER_SIGN)
    is_own = size >= _FEWEST_WORDS and letters >= _FEWEST_LETTERS
    return "".join(words) if is_own else ""
