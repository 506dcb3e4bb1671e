"""The site's style sheet, inlined in every page so that text paints after one round trip.

A page carries the rules that can apply to it and no others: `for_page` looks at which classes and
elements the page has. The sheet is put together from `static/css/` in the order below, made small,
and admitted by its hash in the Content-Security-Policy; no other inline style can apply.
docs/decisions/0003 says why. What only a printer needs is a file of its own (`print.css`).
"""

import base64
import functools
import hashlib
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import rcssmin
from django.conf import settings

from components.whitespace import without_indentation

_ORDER = ("tokens", "base", "layout")
# Where a page's sheet is to stand, and in what colour.
PLACE = '<style data-colour="{}"></style>'
_PLACE = re.compile(PLACE.format("(#[0-9A-Fa-f]{6})"))

_CLASSES = re.compile(r'\sclass="([^"]*)"')
_ELEMENTS = re.compile(r"<([a-z][a-z0-9]*)")
_GROUP = re.compile(r"\([^()]*\)")
_ATTRIBUTE = re.compile(r"\[[^\]]*\]")
_PSEUDO = re.compile(r"::?[a-z-]+")
_CLASS = re.compile(r"\.([\w-]+)")
_ID = re.compile(r"#[\w-]+")
_ELEMENT = re.compile(r"(?<![\w-])[a-z][a-z0-9]*")


@dataclass(frozen=True)
class StyleSheet:
    """A style sheet and the source expression that admits it in `style-src`."""

    css: str
    csp_source: str


@dataclass(frozen=True)
class Selector:
    """A selector, and what a page must have for it to match anything."""

    text: str
    classes: frozenset[str]
    elements: frozenset[str]

    def can_match(self, classes: Set[str], elements: Set[str]) -> bool:
        """Say whether a page with these classes and elements may have what it selects."""
        return self.classes <= classes and self.elements <= elements


@dataclass(frozen=True)
class Rule:
    """A rule with its selectors; or, without any, a block such as `@media` with rules inside."""

    head: str
    body: str
    selectors: tuple[Selector, ...] = ()
    rules: tuple["Rule", ...] = ()

    def css_for(self, classes: Set[str], elements: Set[str]) -> str:
        """Return as much of it as can apply to a page with these classes and elements."""
        if self.rules:
            inside = "".join(rule.css_for(classes, elements) for rule in self.rules)
            return f"{self.head}{{{inside}}}" if inside else ""
        if not self.selectors:
            return f"{self.head}{{{self.body}}}"
        own = [each.text for each in self.selectors if each.can_match(classes, elements)]
        return f"{','.join(own)}{{{self.body}}}" if own else ""


def fill(html: str) -> tuple[str, str]:
    """Put a page's sheet in its place; return the page and what admits the sheet, if it has one.

    The page comes back without the indentation of its templates.
    """
    place = _PLACE.search(html)
    if place is None:
        return html, ""
    sheet = for_page(html, place[1])
    filled = f"{html[: place.start()]}<style>{sheet.css}</style>{html[place.end() :]}"
    return without_indentation(filled), sheet.csp_source


def for_page(html: str, brand_colour: str) -> StyleSheet:
    """Return the rules that can apply to a page, in the clinic's colour (`#rrggbb`)."""
    classes = frozenset(name for names in _CLASSES.findall(html) for name in names.split())
    elements = frozenset(_ELEMENTS.findall(html))
    return _sheet(_rules() if not settings.DEBUG else _read(), classes, elements, brand_colour)


@functools.lru_cache(maxsize=256)
def _sheet(
    rules: tuple[Rule, ...], classes: frozenset[str], elements: frozenset[str], brand_colour: str
) -> StyleSheet:
    css = "".join(rule.css_for(classes, elements) for rule in rules)
    css += f":root{{--brand:{brand_colour}}}"
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return StyleSheet(css, f"'sha256-{digest}'")


@functools.cache
def _rules() -> tuple[Rule, ...]:
    return _read()


def _read() -> tuple[Rule, ...]:
    folder = Path(__file__).resolve().parent.parent / "static" / "css"
    files = [folder / f"{name}.css" for name in _ORDER]
    files += sorted((folder / "components").glob("*.css"))
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return tuple(parse(rcssmin.cssmin(source)))


def parse(css: str) -> Iterator[Rule]:
    """Yield the rules of a style sheet without comments; braces stand in no text of ours."""
    place = 0
    while (start := css.find("{", place)) >= 0:
        end = _end_of_block(css, start)
        head, body = css[place:start].strip(), css[start + 1 : end]
        if head.startswith(("@media", "@supports")):
            yield Rule(head, body, rules=tuple(parse(body)))
        elif head.startswith("@"):
            yield Rule(head, body)
        else:
            yield Rule(head, body, tuple(_selector(each) for each in _split(head)))
        place = end + 1


def _end_of_block(css: str, start: int) -> int:
    depth = 0
    for place in range(start, len(css)):
        depth += {"{": 1, "}": -1}.get(css[place], 0)
        if not depth:
            return place
    raise ValueError("A block of the style sheet has no end.")


def _split(head: str) -> list[str]:
    """Return the selectors of a list; a comma inside brackets parts nothing."""
    found, depth = [""], 0
    for mark in head:
        depth += {"(": 1, ")": -1}.get(mark, 0)
        if mark == "," and not depth:
            found.append("")
        else:
            found[-1] += mark
    return found


def _selector(text: str) -> Selector:
    bare = _ATTRIBUTE.sub("", text)
    while _GROUP.search(bare):  # what stands in :is(), :not() or :has() may or may not be there
        bare = _GROUP.sub("", bare)
    bare = _ID.sub("", _PSEUDO.sub("", bare))
    classes = frozenset(_CLASS.findall(bare))
    elements = frozenset(_ELEMENT.findall(_CLASS.sub("", bare)))
    return Selector(text, classes, elements)
