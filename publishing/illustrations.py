"""The site's own drawings: `[illustration:needle-session]` on a line of its own.

A drawing is a pair of SVG files, one for wide and one for narrow screens, with a title and all that
it says in words. `illustrations.yaml` holds the words: developers own drawings, editors place them.
docs/illustrations.md says how they are drawn.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

import markdown
import yaml
from django.templatetags.static import static
from markdown.inlinepatterns import InlineProcessor

from publishing.completions import Help, register
from publishing.markdown import Mistake

FOLDER = "img/illustrations"
PLACED = r"\[illustration:(?P<key>[A-Za-z0-9_-]{1,60})\]"
_ANY = re.compile(PLACED)
_FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True)
class Illustration:
    """A drawing: the sizes of its two files in pixels, its title, and the lines of its words."""

    key: str
    wide: tuple[int, int]
    narrow: tuple[int, int]
    title: str
    lines: tuple[str, ...]
    are_steps: bool

    def picture(self, alt: str) -> Element:
        """Return the drawing as a `picture`, loaded when it is about to be seen."""
        picture = Element("picture")
        narrow = {
            "media": "(max-width: 40rem)",
            "srcset": static(f"{FOLDER}/{self.key}-narrow.svg"),
        }
        SubElement(picture, "source", narrow | _size(self.narrow))
        whole = {"src": static(f"{FOLDER}/{self.key}.svg"), "alt": alt}
        SubElement(picture, "img", whole | _size(self.wide) | {"loading": "lazy"})
        return picture

    def in_words(self) -> Element:
        """Return what opens to all that the drawing says."""
        details = Element("details")
        SubElement(details, "summary").text = f"In words: {self.title}"
        lines = SubElement(details, "ol" if self.are_steps else "ul")
        for line in self.lines:
            SubElement(lines, "li").text = line
        return details


def _size(pixels: tuple[int, int]) -> dict[str, str]:
    return {"width": str(pixels[0]), "height": str(pixels[1])}


@functools.cache
def illustrations() -> Mapping[str, Illustration]:
    """Return every drawing by its key."""
    found = {}
    for key, entry in yaml.safe_load(_FILE.read_text(encoding="utf-8")).items():
        wide, narrow = (tuple(entry["size"][name]) for name in ("wide", "narrow"))
        lines = tuple(entry.get("steps") or entry["parts"])
        found[key] = Illustration(key, wide, narrow, entry["title"], lines, "steps" in entry)
    return found


class IllustrationProcessor(InlineProcessor):
    """Makes of a key the same element as of a typed picture; what follows makes a figure of it."""

    def __init__(self, md: markdown.Markdown) -> None:
        super().__init__(PLACED, md)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, match: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        known = illustrations().get(match["key"])
        alt = known.title if known else match["key"]
        attributes = {"src": f"illustration:{match['key']}", "alt": alt}
        return Element("img", attributes), match.start(0), match.end(0)


def without_illustrations(text: str) -> str:
    """Return the text without the keys of drawings, for whoever judges or finds words."""
    return _ANY.sub("", text)


def illustration_mistakes(text: str) -> list[Mistake]:
    """Return the drawings that do not exist, and those that share their line with words."""
    return [
        Mistake(number, problem)
        for number, line in enumerate(text.split("\n"), start=1)
        for match in _ANY.finditer(line)
        if (problem := _problem(match["key"], alone=line.strip() == match[0]))
    ]


def _problem(key: str, *, alone: bool) -> str:
    if key not in illustrations():
        return unknown(key)
    if not alone:
        return (
            f"put [illustration:{key}] on a line of its own, with an empty line before and after."
        )
    return ""


def unknown(key: str) -> str:
    """Return what is said of a drawing that does not exist."""
    return f"there is no drawing “{key}”. Use one of: {', '.join(sorted(illustrations()))}."


def offered(query: str) -> Iterator[tuple[str, str]]:
    """Yield the drawings that what was typed may mean, each with its title."""
    words = query.lower().split()
    for each in illustrations().values():
        if all(word in f"{each.key} {each.title}".lower() for word in words):
            yield each.key, each.title


def register_completions() -> None:
    """Have the editor offer the drawings."""
    known = Help(
        example="[illustration:needle-session]",
        words="A drawing of the site’s own, on a line of its own. What it says stands below it in"
        " words. Type [illustration: to choose one",
    )
    register("[illustration:", offered, known)
