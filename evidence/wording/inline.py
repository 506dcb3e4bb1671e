"""Takes mark-up out of a stretch of text, so that `c**ure**s` reads as `cures`."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from evidence.wording.mapped import Mapped

# Every alternative starts with a character of its own and runs to the next such character at most,
# so that no text makes the scan go back far.
_MARKS = re.compile(
    r"(?P<hidden>[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)"
    r"|(?P<comment><!--)"
    r"|(?P<address><[a-z]{3,6}:[^<>\s]*>|https?://[^\s<>()\"]+)"
    r"|(?P<tag></?(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<attributes>(?:\s[^<>]*)?)/?>)"
)
_MARKDOWN = re.compile(
    _MARKS.pattern + r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<citation>\[@[\w-]{1,40}\])"
    r"|!\[(?P<alt>[^\[\]]*)\]\((?P<source>[^()\s]*)(?:\s+\"(?P<caption>[^\"]*)\")?\)"
    r"|(?P<link>\]\([^()\s]*(?:\s+\"[^\"]*\")?\)|\]\[[^\[\]]*\])"
    r"|(?P<mark>[*_`~\[\]]+)"
)
BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "label",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_READ_ALOUD = {"alt": "alt", "title": "title", "aria-label": "label", "placeholder": "label"}


@dataclass
class Extras:
    """Texts that mark-up holds besides the running text: (role, text, place in the original)."""

    found: list[tuple[str, str, int]] = field(default_factory=list)


def strip(
    original: str, start: int, end: int, mapped: Mapped, extras: Extras, *, markdown: bool
) -> None:
    """Add the readable text of a stretch to `mapped`, and what its mark-up holds to `extras`."""
    pattern = _MARKDOWN if markdown else _MARKS
    at = start
    for match in pattern.finditer(original, start, end):
        if match.start() < at:  # inside a comment that was left out
            continue
        if match.start() > at:
            mapped.add(original[at : match.start()], at)
        at = match.end()
        group = match.lastgroup or ""
        if group == "comment":
            close = original.find("-->", at, end)
            at = end if close < 0 else close + 3
            continue
        handler = _HANDLERS.get(_which(match))
        if handler is not None:
            handler(match, mapped, extras)
    if at < end:
        mapped.add(original[at:end], at)


def attributes(match: "re.Match[str]", extras: Extras) -> dict[str, str]:
    """Return a tag's attributes; those that readers hear or see go to `extras` as well."""
    found = {}
    for attribute in _ATTRIBUTE.finditer(match["attributes"]):
        name = attribute[1].lower()
        group = 2 if attribute[2] is not None else 3
        found[name] = attribute[group]
        place = match.start("attributes") + attribute.start(group)
        if name == "src" and match["name"].lower() == "img":
            _add_file_name(extras, attribute[group], place)
        elif name in _READ_ALOUD and attribute[group].strip():
            extras.found.append((_READ_ALOUD[name], attribute[group], place))
    return found


def _which(match: "re.Match[str]") -> str:
    groups = match.groupdict()
    for name in ("entity", "tag", "escape", "citation", "alt", "source"):
        if groups.get(name) is not None:
            return "image" if name in ("alt", "source") else name
    return ""


def _entity(match: "re.Match[str]", mapped: Mapped, _extras: Extras) -> None:
    mapped.add_plain(html.unescape(match[0]).replace("\u00ad", ""), match.start(), match.end())


def _tag(match: "re.Match[str]", mapped: Mapped, extras: Extras) -> None:
    attributes(match, extras)
    if match["name"].lower() in BLOCK_TAGS:
        mapped.add_as("\n", match.start(), match.end())


def _escape(match: "re.Match[str]", mapped: Mapped, _extras: Extras) -> None:
    mapped.add_plain(match[0][1], match.start(), match.end())


def _citation(_match: "re.Match[str]", mapped: Mapped, _extras: Extras) -> None:
    mapped.cite()


def _image(match: "re.Match[str]", _mapped: Mapped, extras: Extras) -> None:
    for name, role in (("alt", "alt"), ("caption", "caption")):
        if match[name] and match[name].strip():
            extras.found.append((role, match[name], match.start(name)))
    _add_file_name(extras, match["source"], match.start("source"))


def _add_file_name(extras: Extras, address: str, start: int) -> None:
    name = address.rpartition("/")[2]
    if name and not address.startswith("data:"):
        extras.found.append(("file_name", name, start + len(address) - len(name)))


_HANDLERS: dict[str, Callable[["re.Match[str]", Mapped, Extras], None]] = {
    "entity": _entity,
    "tag": _tag,
    "escape": _escape,
    "citation": _citation,
    "image": _image,
}
