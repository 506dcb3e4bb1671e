"""The links that a Markdown text makes: their words, their address and their line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from publishing.page_checks.text_of import PICTURE, plain

BARE_ADDRESS = re.compile(
    r"(?:https?://|(?<![\w./@])www\.)[^\s<>\[\]]*[^\s<>\[\].,;:!?)”\"’']", re.IGNORECASE
)
_LINK = re.compile(
    r"""
    (?<![!\\])\[(?![@^])(?P<words>[^\[\]]*)\]
    (?: \( \s* (?:<(?P<angled>[^<>\n]*)>|(?P<plain>(?:[^\s()<>]|\([^\s()]*\))*+))
        (?:[ \t]++(?:"[^"\n]*"|'[^'\n]*'))? [ \t]* \)
      | [ ]?\[(?P<name>[^\[\]\n]*)\] )
    | <(?P<auto>https?://[^<>\s]*)>
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[(?![\^@])(?P<name>[^\[\]\n]+)\]:[ \t]*<?(?P<address>[^\s<>]+)[^\n]*", re.MULTILINE
)
_CODE = re.compile(r"`[^`\n]*`")


@dataclass(frozen=True)
class Link:
    """A link as the text has it, with the words that readers see."""

    words: str
    address: str
    line: int


def links(text: str) -> list[Link]:
    """Return the links of a text in order, those by reference included."""
    text = _without_code_and_pictures(text)
    named = {_key(match["name"]): match["address"] for match in _DEFINITION.finditer(text)}
    return list(_found(text, named))


def without_links(text: str) -> str:
    """Return a text without its links, code and pictures. Lines keep their numbers."""
    text = _without_code_and_pictures(text)
    return _DEFINITION.sub("", _LINK.sub(lambda match: "\n" * match[0].count("\n"), text))


def _without_code_and_pictures(text: str) -> str:
    return PICTURE.sub(lambda match: match["alt"], _CODE.sub("", text))


def _key(name: str) -> str:
    return " ".join(name.lower().split())


def _found(text: str, named: dict[str, str]) -> Iterator[Link]:
    for match in _LINK.finditer(text):
        words = match["words"] or ""
        address = match["angled"] or match["plain"] or match["auto"] or ""
        if match["name"] is not None:
            address = named.get(_key(match["name"] or words), "")
            if not address:
                continue  # only words in square brackets
        # An address as words is no mark-up to take away: it is what readers see.
        shown = match["auto"] or (words if BARE_ADDRESS.search(words) else plain(words))
        yield Link(shown.strip(), address, text.count("\n", 0, match.start()) + 1)
