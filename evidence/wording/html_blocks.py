"""Finds the blocks of an HTML page. Scripts and styles are left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.wording.blocks import Block
from evidence.wording.inline import BLOCK_TAGS

_TAG = re.compile(r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)/?>")
_META = re.compile(r"\b(?:name|property)\s*=\s*[\"']?[\w:.]*(?:description|title)\b", re.IGNORECASE)
_VALUE = re.compile(r"\b(?:content|value)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_UNREAD = frozenset({"script", "style", "template", "noscript", "svg"})
_ROLES = {
    "li": "item", "td": "cell", "th": "cell", "title": "field", "button": "button",
    "figcaption": "caption", "caption": "caption",
} | {f"h{level}": "heading" for level in range(1, 7)}  # fmt: skip


@dataclass
class _Page:
    """Where the scan has come to."""

    role: str = "paragraph"
    stretches: list[tuple[int, int]] = field(default_factory=list)
    row: int = -1
    column: int = -1

    def flush(self) -> Iterator[Block]:
        """Yield the block that has come together, and start afresh."""
        if self.stretches:
            yield Block(self.role, self.stretches, max(self.row, 0), max(self.column, 0))
        self.stretches, self.role = [], "paragraph"


def read(text: str) -> Iterator[Block]:
    """Yield the blocks of an HTML page in reading order."""
    page, at, unread = _Page(), 0, ""
    begun = 0
    for match in _TAG.finditer(text):
        if match.start() < at:
            continue
        name = (match[2] or "").lower()
        if unread:
            if match[1] and name == unread:
                unread, begun = "", match.end()
            continue
        if match[0] == "<!--":
            close = text.find("-->", match.end())
            at = len(text) if close < 0 else close + 3
            continue
        if name in _UNREAD or name in BLOCK_TAGS or name in ("meta", "input"):
            if match.start() > begun:
                page.stretches.append((begun, match.start()))
            begun = match.end()
            yield from page.flush()
            yield from _open(page, name, match)
            unread = name if name in _UNREAD and not match[1] else ""
    if not unread and begun < len(text):
        page.stretches.append((begun, len(text)))
    yield from page.flush()


def _open(page: _Page, name: str, match: "re.Match[str]") -> Iterator[Block]:
    if match[1]:
        return
    if name == "table":
        page.row = -1
    elif name == "tr":
        page.row, page.column = page.row + 1, -1
    elif name in ("td", "th"):
        page.column += 1
    elif name == "input" or (name == "meta" and _META.search(match[3])):
        value = _VALUE.search(match[3])
        if value:
            group = 1 if value[1] is not None else 2
            offset = match.start(3)
            yield Block("field", [(offset + value.start(group), offset + value.end(group))])
    page.role = _ROLES.get(name, "paragraph")
