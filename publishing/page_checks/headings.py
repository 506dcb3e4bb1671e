"""Headings within a text: their order, and words beneath each."""

from collections.abc import Iterator
from itertools import pairwise, zip_longest

from publishing.checks import Candidate, Finding, Level, register_check
from publishing.page_checks.places import Place, places
from publishing.page_checks.text_of import Block, Kind


@register_check
def headings_in_order(candidate: Candidate) -> Iterator[Finding]:
    """Look at every heading that is typed into a text."""
    for place in places(candidate):
        # Pictures stand at the end of the blocks, but may well follow a heading in the text.
        blocks = [each for each in place.blocks if each.kind is not Kind.ABBREVIATION]
        blocks.sort(key=lambda block: block.line)
        headings = [each for each in blocks if each.kind is Kind.HEADING]
        yield from _empty(place, headings)
        yield from _single_mark(place, headings)
        yield from _skipped(place, headings)
        yield from _without_text(place, blocks)


def _empty(place: Place, headings: list[Block]) -> Iterator[Finding]:
    for heading in headings:
        if not heading.text:
            yield Finding(
                Level.WARNING,
                place.field,
                "#" * heading.level,
                "This heading has no words. A screen reader announces it all the same.",
                "Write the heading, or take the marks out.",
                heading.line,
            )


def _single_mark(place: Place, headings: list[Block]) -> Iterator[Finding]:
    first = next((each for each in headings if each.level == 1 and each.text), None)
    if first:
        yield Finding(
            Level.HINT,
            place.field,
            first.text,
            "One # makes a heading like the title of the page, and a page has one title. Readers"
            " are shown a smaller one.",
            "Begin headings in a text with ## and those beneath them with ###.",
            first.line,
        )


def _skipped(place: Place, headings: list[Block]) -> Iterator[Finding]:
    for before, heading in pairwise(headings):
        if heading.level > before.level + 1:
            yield Finding(
                Level.HINT,
                place.field,
                heading.text,
                f"The heading goes from {'#' * before.level} to {'#' * heading.level} and leaves a"
                " level out. People who listen to a page take it for a missing part.",
                f"Begin it with {'#' * (before.level + 1)}.",
                heading.line,
            )


def _without_text(place: Place, blocks: list[Block]) -> Iterator[Finding]:
    for heading, after in zip_longest(blocks, blocks[1:]):
        if heading.kind is not Kind.HEADING or not heading.text:
            continue
        is_followed = after is not None and (
            after.kind is not Kind.HEADING or after.level > heading.level
        )
        if not is_followed:
            yield Finding(
                Level.WARNING,
                place.field,
                heading.text,
                "Nothing stands under this heading.",
                "Write what it promises, or take it out.",
                heading.line,
            )
