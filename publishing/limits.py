"""Finds text that would take very long to lay out, or that cannot be laid out at all.

Python-Markdown needs time that grows with the square of some patterns (thousands of open brackets,
of lines without a blank one between them) and fails on lists nested hundreds deep. No page needs
any of that, so it is refused on saving and never handed to the engine.
"""

import re
from dataclasses import dataclass, field

MAX_CHARACTERS = 40_000  # a long page has a fifth of it
MAX_OPEN_BRACKETS = 20
MAX_NESTING = 20
MAX_BLOCK_LINES = 200
MAX_BLOCK_LINKS = 200
MAX_FOOTNOTE_MARKS = 200

_BRACKETS = re.compile(r"[\[\]()]")
_CLOSES = {"]": "[", ")": "("}
# What can open something inside something else, at the beginning of a line.
_MARKER = r">|:(?=[ \t])|\[\^[^\]\n]{0,100}\]:|(?:[-*+]|\d+[.)])(?=[ \t])"
_MARKERS = re.compile(_MARKER)
_LEAD = re.compile(rf"(?:[ \t]*(?:{_MARKER}))*[ \t]*")


def excess(text: str) -> tuple[int, str] | None:
    """Return the line and the description of the first thing that is too much, or nothing."""
    if len(text) > MAX_CHARACTERS:
        return 1, (
            f"this text has {len(text):,} characters; use at most {MAX_CHARACTERS:,}. Divide it"
            " into several pages."
        )
    if text.count("[^") > MAX_FOOTNOTE_MARKS:
        return 1, f"this text has more than {MAX_FOOTNOTE_MARKS} footnote marks. Use fewer."
    return _excess_in_blocks(text)


@dataclass
class _Block:
    """What has been counted since the last empty line."""

    lines: int = 0
    links: int = 0
    most_open: int = 0
    still_open: dict[str, int] = field(default_factory=lambda: {"[": 0, "(": 0})

    def add(self, line: str) -> None:
        """Count a further line."""
        self.lines += 1
        self.links += line.count("](")
        for match in _BRACKETS.finditer(line):
            kind = _CLOSES.get(match[0], match[0])
            change = -1 if match[0] in _CLOSES else 1
            self.still_open[kind] = max(0, self.still_open[kind] + change)
            self.most_open = max(self.most_open, self.still_open[kind])


def _excess_in_blocks(text: str) -> tuple[int, str] | None:
    block = _Block()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            block = _Block()
            continue
        block.add(line)
        if _nesting(line) > MAX_NESTING:
            return number, (
                "lists, quotations or indents are inside one another too many times. Use at most"
                f" {MAX_NESTING} levels."
            )
        if block.most_open > MAX_OPEN_BRACKETS:
            return number, "too many brackets are open here. Close them, or take them out."
        if block.lines > MAX_BLOCK_LINES or block.links > MAX_BLOCK_LINKS:
            return number, (
                f"more than {MAX_BLOCK_LINES} lines or {MAX_BLOCK_LINKS} links stand here without"
                " an empty line. Divide the paragraph, list or table."
            )
    return None


def _nesting(line: str) -> int:
    lead = _LEAD.match(line)
    start = lead[0] if lead else ""
    columns = start.expandtabs(4)
    indent = len(columns) - len(columns.lstrip())
    return len(_MARKERS.findall(start)) + indent // 4
