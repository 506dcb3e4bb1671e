"""Sentences and paragraphs that are long for somebody in pain, on a telephone.

The limits are those of the NHS: sentences up to 20 words, paragraphs up to 3 sentences
(service-manual.nhs.uk/content/how-we-write).
"""

from collections.abc import Iterator

from publishing.checks import Candidate, Finding, Level, register_check
from publishing.page_checks.places import Place, places
from publishing.page_checks.prose import Sentence, sentences
from publishing.page_checks.text_of import Block, Kind

MAX_WORDS = 20
MAX_SENTENCES = 3
# More than this in one field nobody reads: the worst are named and the rest counted.
SHOWN = 3


@register_check
def long_sentences(candidate: Candidate) -> Iterator[Finding]:
    """Name the longest sentences of each text."""
    for place in _read_by_people(candidate):
        found = [
            (len(sentence.words), block, sentence)
            for block in place.prose
            for sentence in sentences(block.text)
            if len(sentence.words) > MAX_WORDS
        ]
        longest = sorted(found, key=lambda each: each[0], reverse=True)[:SHOWN]
        for count, block, sentence in sorted(longest, key=lambda each: _order(each[1], each[2])):
            yield Finding(
                Level.HINT,
                place.field,
                sentence.opening,
                f"This sentence has {count} words. Up to {MAX_WORDS} are easy to follow."
                + _more(len(found), "sentence"),
                "Make two of it, or a list.",
                place.line(block, sentence.start),
            )


@register_check
def long_paragraphs(candidate: Candidate) -> Iterator[Finding]:
    """Name the longest paragraphs of each text."""
    for place in _read_by_people(candidate):
        found = [
            (len(said), block, said[0])
            for block in _paragraphs(place)
            if len(said := list(sentences(block.text))) > MAX_SENTENCES
        ]
        longest = sorted(found, key=lambda each: each[0], reverse=True)[:SHOWN]
        for count, block, first in sorted(longest, key=lambda each: _order(each[1], each[2])):
            yield Finding(
                Level.HINT,
                place.field,
                first.opening,
                f"This paragraph has {count} sentences. Up to {MAX_SENTENCES} are easy to take in."
                + _more(len(found), "paragraph"),
                "Begin a new paragraph where a new thought begins.",
                place.line(block, first.start),
            )


def _read_by_people(candidate: Candidate) -> list[Place]:
    # Descriptions for search engines and of pictures have limits of their own.
    return [each for each in places(candidate) if each.is_markdown or each.field == "summary"]


def _paragraphs(place: Place) -> list[Block]:
    return [block for block in place.prose if block.kind is Kind.PARAGRAPH]


def _order(block: Block, sentence: Sentence) -> tuple[int, int]:
    return block.line, sentence.start


def _more(found: int, what: str) -> str:
    if found <= SHOWN:
        return ""
    return f" This text has {found} long {what}s; the longest {SHOWN} are named."
