"""Cuts a unit's text into sentences, minding abbreviations, decimals, ellipses and quotes."""

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|\n+|[.!?](?=[\"')]*\[)")
_LONGEST = 1500
_ABBREVIATIONS = frozenset(
    {"e.g", "i.e", "eg", "ie", "dr", "mr", "mrs", "ms", "mx", "prof", "st", "vs", "approx", "fig",
     "et", "al", "cf", "ca", "incl", "dept", "tel", "ext", "rec", "rd", "ave", "dip", "vol"}
)  # fmt: skip


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence; one beyond all measure comes in parts.

    Judging a claim compares places within its sentence, so the length needs a bound.
    """
    for start, end in _whole(text):
        while end - start > _LONGEST:
            cut = text.rfind(" ", start + 1, start + _LONGEST)
            cut = cut if cut > start else start + _LONGEST
            yield start, cut
            start = cut
        yield start, end


def _whole(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        if not match[0].startswith("\n") and not _ends(text, start, match):
            continue
        if text[start : match.end()].strip():
            yield start, match.end()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _ends(text: str, start: int, match: "re.Match[str]") -> bool:
    following = text[match.end() : match.end() + 12].lstrip(" \"'(")
    marks = match[0].rstrip("\"')]")
    if marks.startswith(("..", "!..", "?..")) or (marks and set(marks) == {"."} and len(marks) > 1):
        return bool(following[:1].isupper())
    if marks != ".":
        # '"Does it hurt?" she asked' goes on.
        return not (match[0] != marks and following[:1].islower())
    before = text[max(start, match.start() - 12) : match.start()]
    word = before.split()[-1].lower().lstrip("(\"'") if before.split() else ""
    if word in ("no", "nos"):
        return not following[:1].isdigit()
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word not in ("i", "a")):
        return False
    return not following[:1].islower()
