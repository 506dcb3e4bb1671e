"""Links: what they are called, and whether they lead to a page that readers can see."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from urllib.parse import unquote

from publishing.checks import Candidate, Finding, Level, register_check
from publishing.page_checks.anchors import anchors_of
from publishing.page_checks.answers import answer_at
from publishing.page_checks.links_in import BARE_ADDRESS, Link, links, without_links
from publishing.page_checks.places import Place, places
from publishing.page_checks.targets import (
    Address,
    State,
    Target,
    address_of,
    own_path,
    targets,
)

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
        State.CLOSED: (
            Level.ERROR,
            "This address is for staff, or for the one person it was sent to.",
            "Link to the page that readers see.",
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
    """Look whether links to a place on a page lead to a heading that is there."""
    named = [
        (place, link, address)
        for place, link in _links(candidate)
        if (address := _named_place(link.address))
    ]
    names = _Names(candidate)
    for place, link, address in named:
        known = names.of(address)
        if known is None or address.name in known:
            continue
        where = "this" if names.is_own(address) else "that"
        yield Finding(
            Level.WARNING,
            place.field,
            link.address,
            f"Nothing on {where} page has this name, so the link leads nowhere.",
            _perhaps(address.name, known, where),
            link.line,
        )


def _named_place(address: str) -> Address | None:
    """Return the address of a place on a page of this site; of anything else, nothing."""
    if address.startswith("#"):
        found: Address | None = Address("", "", unquote(address[1:]))
    else:
        found = address_of(address)
    # An empty name and this one lead to the top of any page, as browsers have it.
    return found if found and found.name.casefold() not in {"", "top"} else None


class _Names:
    """The names of places on pages; each page is laid out once, if a link asks for it at all."""

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate
        self.own = own_path(candidate.page)
        self.found: dict[tuple[str, str], Collection[str] | None] = {}

    def is_own(self, address: Address) -> bool:
        return address.path in {"", self.own}

    def of(self, address: Address) -> Collection[str] | None:
        """Return the names on a page; nothing where readers get no page, which is said already."""
        key = ("", "") if self.is_own(address) else (address.path, address.query)
        if key not in self.found:
            self.found[key] = self._look(address)
        return self.found[key]

    def _look(self, address: Address) -> Collection[str] | None:
        if self.is_own(address):
            return anchors_of(self.candidate.draft)
        target = targets(self.candidate.page, [address.path])[address.path]
        if target.state is not State.PUBLIC:
            return None
        return answer_at(address.path, address.query).names


def _perhaps(name: str, known: Collection[str], where: str) -> str:
    near = get_close_matches(name[:80], sorted(known), n=1)
    return f"Perhaps #{near[0]} is meant." if near else f"Link to a heading of {where} page."


def _links(candidate: Candidate) -> Iterator[tuple[Place, Link]]:
    for place in places(candidate):
        if place.is_markdown:
            yield from ((place, link) for link in links(place.text))
