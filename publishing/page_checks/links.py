"""Links: what they are called, and whether they lead to a page that readers can see."""

from collections.abc import Iterator
from difflib import get_close_matches

from publishing.checks import Candidate, Finding, Level, register_check
from publishing.page_checks.anchors import anchors_of
from publishing.page_checks.links_in import BARE_ADDRESS, Link, links, without_links
from publishing.page_checks.places import Place, places
from publishing.page_checks.targets import State, Target, targets

# What says nothing to somebody who hears only the links of a page.
_SAYS_NOTHING = {
    "article", "click", "click here", "click this", "click this link", "continue",
    "continue reading", "details", "download", "find out more", "follow this link",
    "further information", "go here", "here", "info", "information", "learn more", "link",
    "more", "more details", "more info", "more information", "page", "read", "read here",
    "read it here", "read more", "read more here", "read on", "read this", "see here",
    "see more", "see this page", "site", "source", "this", "this article", "this link",
    "this page", "this site", "this website", "website",
}  # fmt: skip


@register_check
def link_words(candidate: Candidate) -> Iterator[Finding]:
    """Look at the words of every link."""
    for place, link in _links(candidate):
        words = " ".join(link.words.split())
        if not words:
            yield Finding(
                Level.ERROR,
                place.field,
                link.address,
                "This link has no words, so nobody can see or follow it.",
                "Write in the square brackets what the reader will find.",
                link.line,
            )
        elif words.casefold().strip(" .…:>»→!") in _SAYS_NOTHING:
            yield Finding(
                Level.WARNING,
                place.field,
                words,
                "People who use a screen reader often hear only the links of a page. This one does"
                " not say where it leads.",
                "Use the title of the page it leads to.",
                link.line,
            )
        elif BARE_ADDRESS.match(words):
            yield _bare(place, words, link.line)


@register_check
def addresses_as_words(candidate: Candidate) -> Iterator[Finding]:
    """Find web addresses typed into the text: they are no links, and are read out by letters."""
    for place in places(candidate):
        if not place.is_markdown:
            continue
        rest = without_links(place.text)
        for match in BARE_ADDRESS.finditer(rest):
            yield _bare(place, match[0], rest.count("\n", 0, match.start()) + 1)


def _bare(place: Place, words: str, line: int) -> Finding:
    return Finding(
        Level.HINT,
        place.field,
        words[:60],
        "A web address as text is hard to read, and a screen reader spells it out.",
        "Write what the reader will find, such as [NHS 111 online](https://111.nhs.uk/).",
        line,
    )


@register_check
def link_targets(candidate: Candidate) -> Iterator[Finding]:
    """Follow every link to a page of this site."""
    found = list(_links(candidate))
    led = targets(candidate.page, (link.address for _, link in found))
    for place, link in found:
        target = led.get(link.address)
        if target:
            yield from _target_finding(place, link, target)


def _target_finding(place: Place, link: Link, target: Target) -> Iterator[Finding]:
    said = {
        State.NOTHING: (
            Level.ERROR,
            "There is no page at this address.",
            "Look the address up on the site and copy it from there.",
        ),
        State.UNSEEN: (
            Level.WARNING,
            "Readers cannot see this page yet, or no longer.",
            "Publish that page first, or take the link out until then.",
        ),
        State.MOVED: (
            Level.HINT,
            "This page has another address now. Readers are led on.",
            f"Link to {target.new_address}.",
        ),
    }
    if target.state in said:
        level, reason, mend = said[target.state]
        yield Finding(level, place.field, link.address, reason, mend, link.line)


@register_check
def link_anchors(candidate: Candidate) -> Iterator[Finding]:
    """Look whether links within the page lead to a heading that is there."""
    within = [(place, link) for place, link in _links(candidate) if link.address.startswith("#")]
    # Only for these does the page have to be laid out.
    known = anchors_of(candidate.draft) if within else set()
    perhaps = {name: _perhaps(name, known) for name in {link.address[1:] for _, link in within}}
    for place, link in within:
        if link.address != "#" and link.address[1:] not in known:
            yield Finding(
                Level.WARNING,
                place.field,
                link.address,
                "Nothing on this page has this name, so the link leads nowhere.",
                perhaps[link.address[1:]],
                link.line,
            )


def _perhaps(name: str, known: set[str]) -> str:
    near = get_close_matches(name[:80], sorted(known), n=1)
    return f"Perhaps #{near[0]} is meant." if near else "Link to a heading of this page."


def _links(candidate: Candidate) -> Iterator[tuple[Place, Link]]:
    for place in places(candidate):
        if place.is_markdown:
            yield from ((place, link) for link in links(place.text))
