"""Citations in Markdown: `NICE advises against it [@ng59].`

A citation prints as a numbered link to the reference list at the foot of the page. Numbers run over
all parts of a page, in reading order, and a source cited twice keeps its number.
"""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

from evidence.models import Source
from publishing.markdown import Document, Mistake

_CITATION = r"\[@(?P<key>[A-Za-z0-9_-]{1,40})\]"
_ANY_CITATION = re.compile(_CITATION)


def cited_keys(texts: Sequence[str]) -> set[str]:
    """Return the keys of all sources that the texts cite."""
    return {match["key"].lower() for text in texts for match in _ANY_CITATION.finditer(text)}


def citation_mistakes(text: str) -> list[Mistake]:
    """Return the citations whose key no source has."""
    keys = cited_keys([text])
    known = set(Source.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else {}
    return [
        Mistake(
            text.count("\n", 0, match.start()) + 1,
            f"there is no source with the key “{match['key']}”. Look it up under Sources, or add it"
            " there first.",
        )
        for match in _ANY_CITATION.finditer(text)
        if match["key"].lower() not in known
    ]


class Citations:
    """Numbers the sources that one page cites. One query a page."""

    def __init__(self, texts: Sequence[str]) -> None:
        keys = cited_keys(texts)
        self.sources = {source.key: source for source in Source.objects.filter(key__in=keys)}
        self.references: list[Source] = []

    def number(self, key: str) -> int | None:
        """Return the number of a source on this page, giving it the next one at first use."""
        source = self.sources.get(key)
        if source is None:
            return None
        if source not in self.references:
            self.references.append(source)
        return self.references.index(source) + 1

    def extension(self) -> Extension:
        return _CitationExtension(self)


def references(document: Document) -> list[Source]:
    """Return the sources that a rendered page cites, in the order of their numbers."""
    citations = document.plugins.get(Citations)
    return citations.references if isinstance(citations, Citations) else []


class _CitationExtension(Extension):
    def __init__(self, citations: Citations) -> None:
        super().__init__()
        self.citations = citations

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        # Before links (160), which would take the brackets for one.
        md.inlinePatterns.register(_CitationProcessor(self.citations, md), "citation", 175)


class _CitationProcessor(InlineProcessor):
    def __init__(self, citations: Citations, md: markdown.Markdown) -> None:
        super().__init__(_CITATION, md)
        self.citations = citations

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, match: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        cited_before = len(self.citations.references)
        number = self.citations.number(match["key"].lower())
        mark = Element("sup", {"class": "citation"})
        if number is not None and number > cited_before:
            mark.set("id", f"citation-{number}")  # where the reference leads back to
        if number is None:
            # The text was checked on saving, so the source has gone since: say so, hide nothing.
            mark.text = "[source needed]"
        else:
            link = SubElement(
                mark,
                "a",
                {"href": f"#reference-{number}", "aria-label": f"Reference {number}"},
            )
            link.text = f"[{number}]"
        return mark, match.start(0), match.end(0)
