"""Where the addresses of this site lead: to a public page, one readers cannot see, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import NoReverseMatch, ResolverMatch

from publishing import redirects
from publishing.addresses import row_named, view_at
from publishing.models import Page
from publishing.page_checks.answers import answer_at

# Parts of the site that need an account or an address of one's own: no link for readers.
_NOT_FOR_READERS = {"admin", "editor", "shared"}


class State(Enum):
    """What stands at an address."""

    PUBLIC = "public"
    UNSEEN = "unseen"
    MOVED = "moved"
    CLOSED = "closed"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Target:
    """What an address leads to, and the new address of a page that has moved."""

    state: State
    new_address: str = ""


@dataclass(frozen=True)
class Address:
    """An address of this site in its parts; `name` is a place on the page, after `#`."""

    path: str
    query: str
    name: str


def targets(page: Page, addresses: Iterable[str]) -> dict[str, Target]:
    """Return where the addresses lead that are this site's; others are left out.

    The number of queries grows with the kinds of page, not with the links, but for those that lead
    to no public page, or whose address says more than which list or page it is.
    """
    parts = {address: found for address in addresses if (found := address_of(address))}
    own = own_path(page)
    rows = _Rows(found.path for found in parts.values())
    return {
        address: Target(State.PUBLIC) if found.path == own else _target(found, rows)
        for address, found in parts.items()
    }


def address_of(address: str) -> Address | None:
    """Return the parts of an address of this site; of any other, nothing."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:  # no address at all; the form says so
        return None
    own = urlsplit(settings.SITE_URL).netloc.casefold()
    is_ours = parts.netloc.casefold() == own if parts.netloc else parts.path.startswith("/")
    if not is_ours or parts.scheme not in {"", "http", "https"}:
        return None
    return Address(unquote(parts.path) or "/", parts.query, unquote(parts.fragment))


def own_path(page: Page) -> str:
    """Return the page's own address: it may be the one that is about to be public."""
    try:
        return str(page.get_absolute_url())  # type: ignore[attr-defined]
    except (NoReverseMatch, AttributeError):
        return ""


def _target(address: Address, rows: "_Rows") -> Target:
    path, asked = address.path, rows.asked.get(address.path)
    if asked is None:
        match = view_at(path)
        return _without_view(path) if match is None else _of_view(address, match)
    if asked in rows.public:
        return Target(State.PUBLIC)
    new = redirects.destination(path)
    if new:
        return Target(State.MOVED, new)
    return Target(State.UNSEEN if asked in rows.kept else State.NOTHING)


def _without_view(path: str) -> Target:
    new = redirects.destination(path)
    if new is None and not path.endswith("/") and view_at(f"{path}/"):
        new = f"{path}/"
    return Target(State.MOVED, new) if new else Target(State.NOTHING)


def _of_view(address: Address, match: ResolverMatch) -> Target:
    """Return what a view shows that is no page of its own: a list, a form, a category, a file."""
    if _NOT_FOR_READERS & set(match.namespaces):
        return Target(State.CLOSED)
    # Without anything to look for, such as a category or the ninth page, the view is the target.
    if not (match.kwargs or address.query):
        return Target(State.PUBLIC)
    if answer_at(address.path, address.query).status < 400:
        return Target(State.PUBLIC)
    new = redirects.destination(address.path)
    return Target(State.MOVED, new) if new else Target(State.NOTHING)


class _Rows:
    """The rows that the paths ask for by their last part, looked up once for each kind of page."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.asked: dict[str, tuple[Any, str]] = {}
        for path in paths:
            found = _asked(path)
            if found:
                self.asked[path] = found
        self.public: set[tuple[Any, str]] = set()
        self.kept: set[tuple[Any, str]] = set()
        for model in {model for model, _ in self.asked.values()}:
            slugs = [slug for other, slug in self.asked.values() if other is model]
            rows = model._default_manager.filter(slug__in=slugs)
            self.public |= {(model, slug) for slug in _slugs(rows.published())}
            kept = rows.kept() if hasattr(rows, "kept") else rows
            self.kept |= {(model, slug) for slug in _slugs(kept)}


def _slugs(rows: Any) -> Iterable[str]:
    found: Iterable[str] = rows.values_list("slug", flat=True)
    return found


def _asked(path: str) -> tuple[Any, str] | None:
    """Return the kind of page and the slug that a path asks for, where it asks for a page."""
    match = view_at(path)
    named = row_named(match) if match else None
    is_page = named is not None and hasattr(named[0]._default_manager, "published")
    return named if is_page else None
