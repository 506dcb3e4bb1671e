"""Finds the blocks of a Markdown or plain text, line by line, front matter included."""

import re
from collections.abc import Iterator
from itertools import zip_longest

from evidence.wording.blocks import Block

# Fields of the front matter that readers see. The rest (dates, keys, warning signs) is not prose.
FIELDS = frozenset(
    {"title", "name", "summary", "meta_description", "description", "alt", "caption", "title_note",
     "professional_title", "strap_line", "lead", "button", "question", "answer"}
)  # fmt: skip
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+")
_ITEM = re.compile(r"[ \t]*(?:[-+*•·▪◦✓✔–]|\d{1,3}[.)])[ \t]+")
_ADMONITION = re.compile(r"[ \t]*!!![ \t]*\w+[ \t]*")
# Possessive, so that a long line of spaces costs no more than its length.
_RULE = re.compile(r"(?:[-=*_|: \t]{2,}+|[ \t]*+(?:```|~~~).*)$")
_ABBREVIATION = re.compile(r"\*\[[^\]]*\]:|\[\^?[^\]]*\]:\s")
_MARKER = re.compile(r"[ \t]*(?:>[ \t]?|:[ \t]+)")
_FIELD = re.compile(r"[ \t\-{]*([a-z_]+):(?:[ \t]+|$)")
_INNER_FIELD = re.compile(r"[{,][ \t]*([a-z_]+):[ \t]+")


def read(text: str) -> Iterator[Block]:
    """Yield the blocks of a Markdown text."""
    lines = _lines(text)
    if lines and text[lines[0][0] : lines[0][1]].strip() == "---":
        end = next(
            (n for n, (a, b) in enumerate(lines[1:], 1) if text[a:b].rstrip() == "---"), None
        )
        if end is not None:
            yield from _front_matter(text, lines[1:end])
            lines = lines[end + 1 :]
    yield from _body(text, lines)


def read_plain(text: str) -> Iterator[Block]:
    """Yield the blocks of a plain text: paragraphs and list items."""
    yield from _body(text, _lines(text))


def _lines(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        found.append((at, at + len(line.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))))
        at += len(line)
    return found


def _front_matter(text: str, lines: list[tuple[int, int]]) -> Iterator[Block]:
    current: Block | None = None
    for start, end in lines:
        match = _FIELD.match(text, start, end)
        if match is None:
            if current is not None and text[start:end].startswith("  "):
                current.stretches.append((start, end))  # a folded or literal value
            continue
        if current is not None:
            yield current
        current = None
        if text[match.end() : end].startswith("{"):
            yield from _inner_fields(text, match.end(), end)
        elif match[1] in FIELDS:
            place = (
                match.end()
                + len(text[match.end() : end])
                - len(text[match.end() : end].lstrip("|>-\"' "))
            )
            current = Block(_role(match[1]), [(place, end)])
    if current is not None:
        yield current


def _inner_fields(text: str, start: int, end: int) -> Iterator[Block]:
    matches = list(_INNER_FIELD.finditer(text, start, end))
    for match, following in zip_longest(matches, matches[1:]):
        if match[1] in FIELDS:
            stretch = (match.end(), following.start() if following else end - 1)
            yield Block(_role(match[1]), [stretch])


def _role(field: str) -> str:
    return field if field in ("alt", "caption") else "field"


def _body(text: str, lines: list[tuple[int, int]]) -> Iterator[Block]:
    current: Block | None = None
    row = -1
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        role, skip = _kind(line)
        row = row if role == "row" else -1
        if role == "text" and current is not None:
            current.stretches.append((start + skip, end))
            continue
        if role == "underline" and current is not None and _is_heading(line, current):
            current.role = "heading"
        if role == "underline" and number and "|" in line:
            row = 0
        if current is not None:
            yield current
        current = None
        if role == "row":
            row += 1
            yield from _cells(text, start, end, row)
        elif role in ("heading", "item", "text", "title"):
            current = Block("paragraph" if role == "text" else role, [(start + skip, end)])
        if role in ("heading", "title") and current is not None:
            yield current
            current = None
    if current is not None:
        yield current


def _is_heading(line: str, current: Block) -> bool:
    marks = line.strip()
    return current.role == "paragraph" and len(current.stretches) == 1 and set(marks) <= {"=", "-"}


def _kind(line: str) -> tuple[str, int]:
    """Return what a line is, and how many characters of it are mark-up."""
    if not line.strip():
        return "blank", 0
    if _RULE.match(line):
        return "underline", 0
    if _ABBREVIATION.match(line):
        return "skip", 0
    if line.lstrip().startswith("|"):
        return "row", 0
    for role, pattern in (("heading", _HEADING), ("item", _ITEM), ("title", _ADMONITION)):
        if match := pattern.match(line):
            return role, match.end()
    match = _MARKER.match(line)
    return "text", match.end() if match else 0


def _cells(text: str, start: int, end: int, row: int) -> Iterator[Block]:
    at = text.index("|", start) + 1
    column = 0
    while at < end:
        close = text.find("|", at, end)
        close = end if close < 0 else close
        yield Block("cell", [(at, close)], row, column)
        at, column = close + 1, column + 1
