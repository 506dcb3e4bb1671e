"""Takes the indentation of our templates out of a page: it shows nowhere and weighs something."""

import re

# Inside these, white space is what somebody typed. Whatever else has a new line shows one space.
_KEPT = re.compile(r"(<(pre|textarea|script|style)\b.*?</\2>)", re.DOTALL)
# A run of spaces is only looked at from its beginning: somebody may have sent a million of them.
_INDENTATION = re.compile(r"(?<![ \t])[ \t]*\n\s*")


def without_indentation(html: str) -> str:
    """Return the page with every line beginning at its first letter, and no empty lines."""
    pieces = _KEPT.split(html)
    # Three pieces each: text between, a whole element that is kept, and the name of that element.
    return "".join(
        _INDENTATION.sub("\n", piece) if number % 3 == 0 else piece
        for number, piece in enumerate(pieces)
        if number % 3 != 2
    )
