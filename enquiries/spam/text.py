"""Brings text into one form, so that a word is known however it was typed or disguised."""

import re
import unicodedata

# The form takes 4,000 characters as a person counts them. Only marks piled on letters make more
# code points of that, so what is longer is judged by its beginning and its end, and stays quick.
LONGEST = 8_000
_END = 2_000

# Scripts that are written without spaces: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W\d_{UNSPACED}]++|\d++")

# Marks above and below letters, and signs that are not seen.
_DROPPED: dict[int, int | str | None] = {
    code: None for code in range(0x1F000) if unicodedata.category(chr(code)) in ("Mn", "Cf")
}
# Letters that people type without the stroke, and that Unicode does not take apart.
_DROPPED |= {ord(stroked): plain for stroked, plain in zip("łŁøØđĐı", "lLoOdDi", strict=True)}

# Cyrillic and Greek letters that pass for Latin ones, in lower case.
_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁһӏαοντρυικε",
    "abekmhopctyxijsdhlaovtpuike",
)


def excerpt(text: str) -> str:
    """Return the text, without its middle when it is very long."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - _END]} {text[-_END:]}"


def fold(text: str) -> str:
    """Return the text in lower case, without accents and signs that are not seen."""
    text = excerpt(text)
    if not text.isascii():
        # Taking characters apart can make a text many times as long.
        text = unicodedata.normalize("NFKD", text)[:LONGEST].translate(_DROPPED)
    return text.casefold()


def unmask(folded: str) -> str:
    """Return folded text with letters that pass for Latin ones made Latin."""
    return folded if folded.isascii() else folded.translate(_LOOKALIKES)


def tokens(folded: str) -> list[str]:
    """Return the words of folded text: each sign of an unspaced script, "#" for any number."""
    return ["#" if word[0].isdigit() else word for word in _TOKEN.findall(folded)]


def is_mixed(word: str) -> bool:
    """Say whether a folded word has both Latin letters and ones that pass for Latin.

    A Latin "i" is let be: who writes Ukrainian on a Russian keyboard has no other. So is the sign
    for micro.
    """
    if word.isascii() or len(word) < 4:
        return False
    latin = {mark for mark in word if "a" <= mark <= "z"}
    other = any("\u0370" <= mark <= "\u052f" and mark != "μ" for mark in word)
    return other and bool(latin - {"i"})
