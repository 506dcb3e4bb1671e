"""A Markdown text as its reader meets it: prose in blocks, without mark-up, with its line numbers.

Not a second renderer. It knows as much of the language as is needed to judge words, and takes
anything it does not know for plain words, so that no text can make it fail.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from html import unescape

from publishing.counts import spelled_out
from publishing.illustrations import without_illustrations


class Kind(Enum):
    """What a block is to a reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"  # of a table
    TITLE = "title"  # of a call-out
    PICTURE = "picture"  # the words that stand for it, and its caption
    ABBREVIATION = "abbreviation"  # one that the text defines: readers see its long form


# What is made of sentences.
PROSE = {Kind.PARAGRAPH, Kind.ITEM}


@dataclass(frozen=True)
class Block:
    """A piece of text. Line ends stay where they were typed, so that a place leads to its line."""

    kind: Kind
    line: int
    text: str
    level: int = 0

    def line_at(self, place: int) -> int:
        """Return the line, counted from 1 in the whole text, of a place in this block."""
        return self.line + self.text.count("\n", 0, place)


@dataclass(frozen=True)
class PlacedPicture:
    """A picture as the text places it."""

    line: int
    alt: str
    target: str
    caption: str


# Every pattern here looks at a character a small number of times, whatever the text.
PICTURE = re.compile(
    r"!\[(?![@^])(?P<alt>[^\[\]\n]*)\]\((?P<target>[^)\s]*)"
    r"(?:[ \t]++\"(?P<caption>[^\"\n]*)\")?[ \t]*\)"
)
_CITATION = re.compile(r" ?\[(?:@[\w-]{1,40}|\^[^\[\]\s]{1,100})\]")
_LINK = re.compile(
    r"\[(?P<text>[^\[\]]*)\](?:\((?:[^()\n]|\([^()\n]*\))*+\)| ?\[[^\[\]\n]*\])",
)
_ADDRESS = re.compile(
    r"<(?:https?://|mailto:)[^<>\s]*>|(?:https?://|\bwww\.)[^\s<>]*[^\s<>.,;:!?)\]”\"’']",
    re.IGNORECASE,
)
_STARS = re.compile(r"(?<!\\)(?:\*+|~~+)")
_UNDERSCORES = re.compile(r"(?<![\\_])_++")
_ESCAPED = re.compile(r"\\([^\w\s])")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[0-9A-Za-z]{2,31});")

_LINK_DEFINITION = re.compile(r"\[(?![\^@])[^\[\]]+\]:\s*\S++(?:\s+[\"'(].*)?")
_ABBREVIATION = re.compile(r"\*\[(?P<short>[^\[\]]+)\] ?:")
_FOOTNOTE = re.compile(r"\[\^[^\[\]]*\]:\s*(?P<rest>.*)")
_CALL_OUT = re.compile(r"!!! ?[\w-]++[^\"]*+(?:\"(?P<title>[^\"]*)\")?")
_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)]|:)[ \t]+(?P<rest>.*)")
_HEADING = re.compile(r"(?P<marks>#{1,6})(?P<rest>.*)")
_QUOTED = re.compile(r"(?:>[ \t]?)+")


def plain(text: str) -> str:
    """Return words without inline mark-up. Every line end stays."""
    text = PICTURE.sub("", text.replace("`", ""))
    text = spelled_out(without_illustrations(text))
    text = _CITATION.sub("", text)
    text = _LINK.sub(lambda match: match["text"], text)
    text = _ADDRESS.sub("", text)
    text = _UNDERSCORES.sub(_unless_inside_a_word, _STARS.sub("", text))
    text = _ESCAPED.sub(r"\1", text)
    return _ENTITY.sub(lambda match: " ".join(unescape(match[0]).splitlines()) or " ", text)


def _unless_inside_a_word(match: re.Match[str]) -> str:
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return match[0] if before.isalnum() and after.isalnum() else ""


def pictures(text: str) -> Iterator[PlacedPicture]:
    """Yield the pictures that a text places, in order."""
    for match in PICTURE.finditer(text):
        yield PlacedPicture(
            text.count("\n", 0, match.start()) + 1,
            match["alt"].strip(),
            match["target"],
            (match["caption"] or "").strip(),
        )


def blocks(text: str) -> list[Block]:
    """Return the blocks of a text, in order; the words of pictures stand after the rest."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), start=1):
        reader.take(number, line)
    reader.flush()
    words = [
        Block(Kind.PICTURE, picture.line, plain(each))
        for picture in pictures(text)
        for each in (picture.alt, picture.caption)
        if each
    ]
    return reader.found + words


def _is_table_rule(line: str) -> bool:
    return "-" in line and "|" in line and not line.strip("|-: \t")


def _is_rule(line: str) -> bool:
    marks = line.replace(" ", "")
    return len(marks) > 2 and marks[0] in "-*_" and not marks.strip(marks[0])


@dataclass
class _Reader:
    """Takes a text line by line and cuts it into blocks."""

    found: list[Block] = field(default_factory=list)
    kind: Kind = Kind.PARAGRAPH
    start: int = 1
    lines: list[str] = field(default_factory=list)
    # Inside a list, a call-out or a footnote, four spaces make no code.
    is_inside: bool = False
    is_table: bool = False

    def take(self, number: int, raw: str) -> None:
        """Add a line."""
        line = raw.strip()
        is_indented = raw.startswith(("    ", "\t"))
        if line.startswith(">"):
            line = _QUOTED.sub("", line, count=1)
        if not line:
            self.flush()
            self.is_table = False
        elif is_indented and not self.is_inside and not self.lines:
            pass  # code is nobody's prose
        elif self.is_table:
            self.add(Kind.ROW, number, line.replace("|", " "))
        elif not any(taker(self, number, line) for taker in _TAKERS):
            self._words(number, line, is_indented)

    def _words(self, number: int, line: str, is_indented: bool) -> None:
        if not self.lines:
            self.is_inside = self.is_inside and is_indented
            self.start, self.kind = number, Kind.PARAGRAPH
        self.lines.append(line)

    def add(self, kind: Kind, number: int, text: str, level: int = 0) -> None:
        """End the block before, and add one that is whole already."""
        self.flush()
        self.found.append(Block(kind, number, plain(text).strip(" \t"), level))

    def begin(self, kind: Kind, number: int, text: str) -> None:
        """End the block before, and begin one that further lines may continue."""
        self.flush()
        self.kind, self.start, self.lines, self.is_inside = kind, number, [text], True

    def flush(self) -> None:
        """End the block that the last lines made."""
        if self.lines:
            text = plain("\n".join(self.lines))
            if text.strip():
                self.found.append(Block(self.kind, self.start, text))
        self.lines = []

    def take_definition(self, number: int, line: str) -> bool:
        """Take what defines something elsewhere in the text: a link, an abbreviation, a note."""
        short = _ABBREVIATION.match(line)
        note = _FOOTNOTE.match(line)
        if short:
            self.flush()
            self.is_inside = False
            self.found.append(Block(Kind.ABBREVIATION, number, short["short"].strip()))
        elif note:
            self.begin(Kind.PARAGRAPH, number, note["rest"])
        elif _LINK_DEFINITION.fullmatch(line):
            self.flush()
            self.is_inside = False
        else:
            return False
        return True

    def take_call_out(self, number: int, line: str) -> bool:
        """Take the first line of a call-out."""
        match = _CALL_OUT.fullmatch(line)
        if match:
            self.flush()
            self.is_inside = True
            if match["title"]:
                self.add(Kind.TITLE, number, match["title"])
        return match is not None

    def take_heading(self, number: int, line: str) -> bool:
        """Take a heading with `#` in front, or the line that makes one of the line before."""
        match = _HEADING.match(line)
        if match:
            self.add(Kind.HEADING, number, match["rest"].rstrip("# "), len(match["marks"]))
            self.is_inside = False
            return True
        underlined = not line.strip("=") or not line.strip("-")
        if underlined and len(self.lines) == 1 and self.kind is Kind.PARAGRAPH:
            words, self.lines = self.lines[0], []
            self.add(Kind.HEADING, self.start, words, 1 if line[0] == "=" else 2)
            return True
        return False

    def take_rule(self, number: int, line: str) -> bool:
        """Take a line across the page, or the one under the head of a table."""
        if _is_table_rule(line) and len(self.lines) == 1 and "|" in self.lines[0]:
            head, self.lines = self.lines[0], []
            self.add(Kind.ROW, self.start, head.replace("|", " "))
            self.is_table = True
            return True
        if _is_rule(line):
            self.flush()
            return True
        return False

    def take_item(self, number: int, line: str) -> bool:
        """Take the first line of an item of a list."""
        match = _ITEM.match(line)
        if match:
            self.begin(Kind.ITEM, number, match["rest"])
        return match is not None


_TAKERS: tuple[Callable[[_Reader, int, str], bool], ...] = (
    _Reader.take_definition,
    _Reader.take_call_out,
    _Reader.take_heading,
    _Reader.take_rule,
    _Reader.take_item,
)
