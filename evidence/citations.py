"""Citations in Markdown: `NICE advises against it [@ng59].`

A citation prints as a numbered link to the reference list at the foot of the page. Numbers run over
all parts of a page, in reading order, and a source cited twice keeps its number. The sources of a
placed claim (`evidence.placed_claims`) are numbered among them.
"""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from evidence.models import Source
from evidence.placed_claims import (
    CLAIM,
    claim_mistakes,
    placed_claims,
    without_stop,
)
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


def mistakes_of_evidence(text: str) -> list[Mistake]:
    """Return the citations and the placed claims that lead nowhere."""
    return [*citation_mistakes(text), *claim_mistakes(text)]


class Citations:
    """Numbers the sources of one page. One query for citations, one for claims, none without."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.claims = placed_claims(texts)
        self.sources = {
            source.key: source for claim in self.claims.values() for source in claim.sources
        }
        keys = cited_keys(texts) - self.sources.keys()
        self.sources |= {source.key: source for source in Source.objects.filter(key__in=keys)}
        self.references: list[Source] = []

    def number(self, key: str) -> int | None:
        """Return the number of a source on this page, giving it the next one at first use."""
        source = self.sources.get(key)
        if source is None:
            return None
        if source not in self.references:
            self.references.append(source)
        return self.references.index(source) + 1

    def mark(self, key: str) -> Element:
        """Return the numbered link to a source, as it stands in the text."""
        cited_before = len(self.references)
        number = self.number(key)
        mark = Element("sup", {"class": "citation"})
        if number is None:
            # The text was checked on saving, so the source has gone since: say so, hide nothing.
            mark.text = "[source needed]"
            return mark
        if number > cited_before:
            mark.set("id", f"citation-{number}")  # where the reference leads back to
        link = SubElement(
            mark, "a", {"href": f"#reference-{number}", "aria-label": f"Reference {number}"}
        )
        link.text = f"[{number}]"
        return mark

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
        md.inlinePatterns.register(_EvidenceProcessor(self.citations, md), "evidence", 175)
        # After the inline patterns (20) have found what is left of a text.
        md.treeprocessors.register(_GoneClaims(md), "gone-claims", 12)


class _EvidenceProcessor(InlineProcessor):
    """Prints citations and claims. One processor, so that numbers follow the order of reading."""

    def __init__(self, citations: Citations, md: markdown.Markdown) -> None:
        super().__init__(rf"(?:{_CITATION}|{CLAIM})", md)
        self.citations = citations

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, match: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        if match["key"]:
            element = self.citations.mark(match["key"].lower())
        else:
            element = self._claim(match["claim"].lower())
        return element, match.start(0), match.end(0)

    def _claim(self, key: str) -> Element:
        """Return a claim's sentence; references stand before its full stop, as in running text."""
        claim = self.citations.claims.get(key)
        if claim is None:
            return Element("span", {"class": _GONE})
        words, stop = without_stop(claim.sentence)
        element = Element("span", {"class": "claim"})
        # Atomic: what looks like mark-up in a sentence is words.
        element.text = AtomicString(f"{words} " if claim.sources else claim.sentence)
        for source in claim.sources:
            mark = self.citations.mark(source.key)
            mark.tail = AtomicString(" ")
            element.append(mark)
        if claim.sources:
            element[-1].tail = AtomicString(stop)
        return element


_GONE = "claim-gone"


class _GoneClaims(Treeprocessor):
    """Takes away what a claim that readers may not see leaves behind: its place, an empty item."""

    def run(self, root: Element) -> None:
        parents = {child: parent for parent in root.iter() for child in parent}
        for gone in [each for each in root.iter("span") if each.get("class") == _GONE]:
            parent = parents[gone]
            _take_out(gone, parent)
            while parent in parents and parent.tag in _MAY_GO and _is_blank(parent):
                emptied, parent = parent, parents[parent]
                _take_out(emptied, parent)


_MAY_GO = {"p", "li", "ul", "ol", "strong", "em", "blockquote"}


def _take_out(child: Element, parent: Element) -> None:
    """Remove an element and leave the words after it."""
    tail, place = child.tail or "", list(parent).index(child)
    parent.remove(child)
    if place:
        parent[place - 1].tail = f"{parent[place - 1].tail or ''}{tail}"
    else:
        parent.text = f"{parent.text or ''}{tail}"


def _is_blank(element: Element) -> bool:
    return len(element) == 0 and not (element.text or "").strip()
