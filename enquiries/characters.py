"""Counts characters as a person would: an emoji, an accented letter or a flag is one.

This follows Unicode's rules for grapheme clusters (UAX 29) closely enough for a limit on a message.
Signs that are not seen, such as those that steer direction, count nothing.
"""

import unicodedata

_ZERO_WIDTH_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
# Marks on the character before, and what steers direction or joining but is not seen.
_UNSEEN_OR_ATTACHED = {"Mn", "Mc", "Me", "Cf"}
_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def count_characters(text: str) -> int:
    """Return how many characters a reader would count in the text; a line end is one."""
    count = 0
    previous = ""
    open_flag = False  # a flag is two indicators; the first of a pair waits for the second
    for mark in unicodedata.normalize("NFC", text.replace("\r\n", "\n")):
        is_indicator = ord(mark) in _REGIONAL_INDICATORS
        completes_flag = is_indicator and open_flag
        if not (completes_flag or _belongs_to_previous(mark, previous)):
            count += 1
        open_flag = is_indicator and not completes_flag
        previous = mark
    return count


def _belongs_to_previous(mark: str, previous: str) -> bool:
    category = unicodedata.category(mark)
    if category in _UNSEEN_OR_ATTACHED or ord(mark) in _SKIN_TONES:
        # A mark with nothing before it stands alone and is seen.
        return category == "Cf" or previous not in ("", "\n")
    return previous == _ZERO_WIDTH_JOINER and category == "So"


def has_visible_character(text: str) -> bool:
    """Say whether a reader would see anything at all: not only spaces and invisible signs."""
    # Unassigned (Cn) and private (Co) ones count as seen: a new emoji is unassigned to an older
    # Python.
    return any(unicodedata.category(mark) not in _INVISIBLE for mark in text)
