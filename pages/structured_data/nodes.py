"""What all facts are made of: nodes, addresses, and words out of mark-up."""

import re
from html.parser import HTMLParser
from typing import Any

Node = dict[str, Any]

LANGUAGE = "en-GB"
VOCABULARY = "https://schema.org/"


def member(name: str) -> str:
    """Return a member of one of the vocabulary's enumerations, such as Monday."""
    return f"{VOCABULARY}{name}"


def known(node: Node) -> Node:
    """Return the node without what is not known: a fact is said or left out, never empty."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def words(html: str) -> str:
    """Return the words of rendered text on one line, without the numbers of its citations."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    line = " ".join("".join(reader.found).split())
    # Where a citation stood before the full stop, a space is left over.
    return re.sub(r" ([.,;:?!])", r"\1", line)


class _Words(HTMLParser):
    _INLINE = frozenset({"a", "abbr", "b", "em", "i", "mark", "span", "strong", "sub", "sup"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_citation = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("class", "citation") in attrs:
            self._in_citation = True
        elif tag not in self._INLINE:
            self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "sup":
            self._in_citation = False
        elif tag not in self._INLINE:
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._in_citation:
            self.found.append(data)
