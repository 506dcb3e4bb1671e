"""References that people can read out over the telephone, such as E-7K4M-2P9Q of an enquiry.

The letters are Crockford's: no I, L, O or U, so that nothing looks or sounds like a digit.
"""

import re
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
_SHAPE = re.compile(rf"E?([{_ALPHABET}]{{4}})([{_ALPHABET}]{{4}})")


def new_reference(letter: str = "E") -> str:
    """Return a random reference. A million million are possible; the database refuses a repeat.

    The letter in front says what it is of.
    """
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letter}-{letters[:4]}-{letters[4:]}"


def as_reference(text: str) -> str:
    """Return what somebody typed as a reference is written, or nothing if it cannot be one.

    Case, spaces and hyphens do not matter, and letters that are taken for digits are put right.
    """
    packed = re.sub(r"[\s\-–—]", "", text).upper().translate(_MISREAD)
    found = _SHAPE.fullmatch(packed)
    return f"E-{found[1]}-{found[2]}" if found else ""
