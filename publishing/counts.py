"""How many of ten or of a hundred: `- [people:4/10] were sore [@key]`, as a picture and in words.

A picture of people makes “4 in 10” easier to grasp, and to believe, than the figure alone. So
one may only stand on a line that names its source. Treatments are counted with dots, not with
people: one person may have many. The picture is worked out from the two numbers and says nothing
that the words beside it do not, so screen readers pass over it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from publishing.completions import Help, register
from publishing.markdown import Mistake

_COUNT = r"\[(?P<unit>people|treatments|sessions):(?P<number>[0-9]{1,3})/(?P<total>10|100)\]"
_ANY_COUNT = re.compile(_COUNT)
# Meant as one: a link may begin with the same words.
_MEANT = re.compile(r"\[(?:people|treatments|sessions):[^\[\]\n]*\](?!\()")
_SOURCE = re.compile(r"\[(?:@|claim:)")


@dataclass(frozen=True)
class _Sign:
    """What stands for one of a number: `outline` draws `different` ones, each 10 wide."""

    different: int
    height: int
    outline: str


_DOT = _Sign(1, 10, "M5 1.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 1 1 0-6.4z")
_SIGNS = {
    # Five people who are not alike: slight, broad, a child, in a wheelchair, tall.
    "people": _Sign(
        5,
        15,
        "M5 1a2 2 0 1 1 0 4 2 2 0 1 1 0-4zM1.8 13V9a3.2 3.2 0 0 1 6.4 0v4z"
        "M15 .7a2.1 2.1 0 1 1 0 4.2 2.1 2.1 0 1 1 0-4.2zM10.6 13V9.7a4.4 4.4 0 0 1 8.8 0V13z"
        "M25 4.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 1 1 0-3.6zM22.4 13v-2.2a2.6 2.6 0 0 1 5.2 0V13z"
        "M33.8.8a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 1 1 0-3.6z"
        "M32 8.5V6.8a1.8 1.8 0 0 1 3.6 0V7h1.6A1.5 1.5 0 0 1 38.7 8.5V13H37V8.5z"
        "M34 9.6a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 1 1 0-3.6z"
        "M45 .7a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 1 1 0-3.8zM42.2 13V7.7a2.8 2.8 0 0 1 5.6 0V13z",
    ),
    "treatments": _DOT,
    "sessions": _DOT,
}


@dataclass(frozen=True)
class Count:
    """So many of ten or of a hundred people, treatments or sessions."""

    unit: str
    number: int
    total: int

    @classmethod
    def of(cls, match: re.Match[str]) -> "Count":
        """Return the count that a text places."""
        return cls(match["unit"], int(match["number"]), int(match["total"]))

    @property
    def words(self) -> str:
        """The count as people say it."""
        return f"{self.number} in {self.total} {self.unit}"

    def drawn(self, name: str) -> Element:
        """Return the picture; `name` tells its parts from those of other pictures of the page."""
        sign = _SIGNS[self.unit]
        width, height = (100, sign.height) if self.total == 10 else (210, 5 * sign.height)
        picture = Element("svg", {"viewBox": f"0 0 {width} {height}", "aria-hidden": "true"})
        # Full or empty, not light or dark: told apart in any colours, on paper, in a feed reader.
        for kind, inside in (("no", "none"), ("yes", "currentColor")):
            pattern = SubElement(
                picture,
                "pattern",
                {
                    "id": f"{name}-{kind}",
                    "width": str(10 * sign.different),
                    "height": str(sign.height),
                    "patternUnits": "userSpaceOnUse",
                    "fill": inside,
                    "stroke": "currentColor",
                    "stroke-width": ".6",
                },
            )
            SubElement(pattern, "path", {"d": sign.outline})
        for kind, first, last in (("yes", 0, self.number), ("no", self.number, self.total)):
            area = {"fill": f"url(#{name}-{kind})", "d": _area(first, last, sign.height)}
            SubElement(picture, "path", area)
        return picture


def _area(first: int, last: int, height: int) -> str:
    """Return the outline of the places from `first` to before `last`: tens, two in a row."""
    boxes = []
    for ten in range(first // 10, (last + 9) // 10):
        start, end = max(first - 10 * ten, 0), min(last - 10 * ten, 10)
        left = 110 * (ten % 2) + 10 * start
        wide = 10 * (end - start)
        boxes.append(f"M{left} {height * (ten // 2)}h{wide}v{height}h-{wide}z")
    return "".join(boxes)


def spelled_out(text: str) -> str:
    """Return the text with each count in words, for whoever judges or finds words."""
    return _ANY_COUNT.sub(lambda match: Count.of(match).words, text)


def count_mistakes(text: str) -> list[Mistake]:
    """Return the counts that cannot be drawn, and those without a source on their line."""
    return [
        Mistake(number, problem)
        for number, line in enumerate(text.split("\n"), start=1)
        for match in _MEANT.finditer(line)
        if (problem := _problem(match[0], line))
    ]


def _problem(typed: str, line: str) -> str:
    match = _ANY_COUNT.fullmatch(typed)
    if match is None or int(match["number"]) > int(match["total"]):
        return f"“{typed}” cannot be drawn. Count out of 10 or out of 100, such as [people:4/10]."
    if not _SOURCE.search(line):
        return f"say where {typed} comes from: put its source, such as [@ng59], on the same line."
    return ""


class Counts:
    """Draws the counts of one page, each under a name of its own."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.drawn = 0

    def extension(self) -> Extension:
        return _CountExtension(self)


class _CountExtension(Extension):
    def __init__(self, counts: Counts) -> None:
        super().__init__()
        self.counts = counts

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        # Before links (160), which would take the brackets for one.
        md.inlinePatterns.register(_CountProcessor(self.counts, md), "counts", 174)
        # After the inline patterns (20) have drawn them.
        md.treeprocessors.register(_CountLists(md), "count-lists", 12)


class _CountProcessor(InlineProcessor):
    def __init__(self, counts: Counts, md: markdown.Markdown) -> None:
        super().__init__(_COUNT, md)
        self.counts = counts

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, match: re.Match[str], data: str
    ) -> tuple[Element, int, int] | tuple[None, None, None]:
        count = Count.of(match)
        if count.number > count.total:  # refused on saving; an old text shows what was typed
            return None, None, None
        self.counts.drawn += 1
        element = Element("span", {"class": "count"})
        element.append(count.drawn(f"count-{self.counts.drawn}"))
        SubElement(element, "strong").text = count.words
        return element, match.start(0), match.end(0)


_PLACES = ("li", "li/p")


class _CountLists(Treeprocessor):
    """Names the lists whose items are counts, so that they can stand side by side."""

    def run(self, root: Element) -> None:
        for each in root.iter("ul"):
            if any(
                each.find(f"{item}/span[@class='count']") is not None for item in ("li", "li/p")
            ):
                each.set("class", "counts")


def examples(query: str) -> Iterator[tuple[str, str]]:
    """Yield what can be typed, as far as it fits what was typed already."""
    for key, label in (("4/10", "4 in 10"), ("41/100", "41 in 100")):
        if key.startswith(query):
            yield key, label


def register_completions() -> None:
    """Have the editor explain counts, and offer how one is written."""
    known = Help(
        example="[people:4/10]",
        words="4 of 10 people, drawn and in words. Also out of 100, such as [people:41/100], and of"
        " treatments or sessions: [treatments:3/100]. The source stands on the same line",
    )
    register("[people:", examples, known)
