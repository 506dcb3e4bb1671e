"""Links the first use of a glossary term on a page to its entry.

“systematic review” becomes a link to /glossary/#term-systematic-review. The link's title is the
definition, for whoever points at it; everybody else follows the link, by keyboard or touch. An
abbreviation says its full name in an `abbr` inside the link.

The parts of a page share what has been linked, so a term is linked once, in reading order.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from xml.etree.ElementTree import Element

import markdown
from django.urls import reverse
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from evidence.models import GlossaryTerm
from publishing.markdown import Mistake

# Where a link would be out of place: headings, links, what is explained or quoted already.
_NOT_IN = {"h1", "h2", "h3", "h4", "h5", "h6", "a", "abbr", "code", "pre", "button", "th"}
_NOT_IN_CLASSES = {"citation", "call-out__title"}
# The beginning of a word; "acute" does not begin in "sub-acute".
_WORD = re.compile(r"(?<![\w\x02])(?<!\w-)\w+")


@dataclass(frozen=True)
class Form:
    """One way to write a term, with what its link says."""

    words: str
    slug: str
    definition: str
    full_name: str = ""  # of an abbreviation

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds the form at the beginning of a word."""
        return _pattern(self.words)

    def link(self, words: str) -> Element:
        """Return the link for the words, as they stand in the text."""
        link = Element("a", {"class": "term", "href": f"{_glossary()}#term-{self.slug}"})
        if self.full_name:
            abbreviation = Element("abbr", {"title": self.full_name})
            abbreviation.text = words
            link.append(abbreviation)
        else:
            link.set("title", self.definition)
            link.text = words
        return link


def is_abbreviation(form: str) -> bool:
    """Say whether a form is written in capitals, with or without a small s: NICE, NSAIDs."""
    return " " not in form and sum(mark.isupper() for mark in form) >= 2


def forms_of(term: GlossaryTerm) -> Iterator[Form]:
    """Yield every form of a term. An abbreviation is explained by the first form in full."""
    full_name = next((form for form in term.forms if not is_abbreviation(form)), "")
    for form in term.forms:
        yield Form(form, term.slug, term.definition, full_name if is_abbreviation(form) else "")


@lru_cache(maxsize=4096)
def _pattern(words: str) -> re.Pattern[str]:
    parts = (re.sub("['’]", "['’]", re.escape(part)) for part in words.split())
    form = r"\s+".join(parts)
    flags = 0 if is_abbreviation(words) else re.IGNORECASE
    return re.compile(rf"{form}(?!\w|-\w)", flags)


def _glossary() -> str:
    return reverse("pages:glossary")


class Glossary:
    """The terms of one page. One query, and none for a page without any words."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.linked: set[str] = set()

    @cached_property
    def by_first_word(self) -> dict[str, list[Form]]:
        """The forms by their first word in small letters, the longest of each first."""
        terms: Iterable[GlossaryTerm] = GlossaryTerm.objects.linked().only(
            "term", "other_forms", "slug", "definition"
        )
        found: dict[str, list[Form]] = {}
        for form in (form for term in terms for form in forms_of(term)):
            if first := re.match(r"\w+", form.words):
                found.setdefault(first[0].lower(), []).append(form)
        for forms in found.values():
            forms.sort(key=lambda form: (-len(form.words), form.words))
        return found

    def first_uses(self, text: str) -> Iterator[tuple[int, int, Form]]:
        """Yield where terms that are not linked yet stand in the text, and take note of them."""
        position = 0
        for word in _WORD.finditer(text):
            if word.start() < position:
                continue  # within a longer term
            for form in self.by_first_word.get(word[0].lower(), ()):
                if match := form.pattern.match(text, word.start()):
                    position = match.end()
                    if form.slug not in self.linked:
                        self.linked.add(form.slug)
                        yield match.start(), match.end(), form
                    break

    def extension(self) -> Extension:
        return _GlossaryExtension(self)


def no_mistakes(text: str) -> list[Mistake]:
    """Return nothing: a text does not name the glossary, so it can make no mistake about it."""
    return []


class _GlossaryExtension(Extension):
    def __init__(self, glossary: Glossary) -> None:
        super().__init__()
        self.glossary = glossary

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        # After abbreviations (7) are marked and the heads of tables (1) are named, before what
        # was escaped (0) is put back.
        md.treeprocessors.register(_FirstUses(md, self.glossary), "glossary", 0.5)


class _FirstUses(Treeprocessor):
    def __init__(self, md: markdown.Markdown, glossary: Glossary) -> None:
        super().__init__(md)
        self.glossary = glossary

    def run(self, root: Element) -> None:
        self._within(root)

    def _within(self, element: Element) -> None:
        """Link the words of an element, in reading order: its own, then each child's and after."""
        if element.tag in _NOT_IN or _NOT_IN_CLASSES & set(element.get("class", "").split()):
            return
        children = list(element)
        element.text, links = self._divided(element.text)
        for place, link in enumerate(links):
            element.insert(place, link)
        for child in children:
            self._within(child)
            child.tail, links = self._divided(child.tail)
            place = list(element).index(child) + 1 if links else 0
            for offset, link in enumerate(links):
                element.insert(place + offset, link)

    def _divided(self, text: str | None) -> tuple[str | None, list[Element]]:
        """Return the words before the first link, and the links with the words after each."""
        if not text or not text.strip():
            return text, []
        links: list[Element] = []
        uses = list(self.glossary.first_uses(text))
        ends = [start for start, _, _ in uses[1:]] + [len(text)]
        for (start, stop, form), end in zip(uses, ends, strict=False):
            link = form.link(text[start:stop])
            link.tail = text[stop:end]
            links.append(link)
        return (text[: uses[0][0]] if uses else text), links
