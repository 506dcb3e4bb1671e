"""Where the addresses of this site lead: to a public page, one readers cannot see, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, resolve

from publishing import redirects
from publishing.models import Page


class State(Enum):
    """What stands at an address."""

    PUBLIC = "public"
    UNSEEN = "unseen"
    MOVED = "moved"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Target:
    """What an address leads to, and the new address of a page that has moved."""

    state: State
    new_address: str = ""


def targets(page: Page, addresses: Iterable[str]) -> dict[str, Target]:
    """Return where the addresses lead that are this site's; others are left out.

    The number of queries grows with the kinds of page, not with the links, but for those that lead
    to no public page.
    """
    paths = {address: path for address in addresses if (path := _path(address))}
    own = _own_path(page)
    rows = _Rows(paths.values())
    return {
        address: Target(State.PUBLIC) if path == own else _target(path, rows)
        for address, path in paths.items()
    }


def _path(address: str) -> str:
    """Return the path of an address of this site; of any other, nothing."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:  # no address at all; the form says so
        return ""
    own = urlsplit(settings.SITE_URL).netloc
    is_ours = parts.netloc == own if parts.netloc else parts.path.startswith("/")
    return unquote(parts.path) or "/" if is_ours and parts.scheme in {"", "http", "https"} else ""


def _own_path(page: Page) -> str:
    """Return the page's own address: it may be the one that is about to be public."""
    try:
        return str(page.get_absolute_url())  # type: ignore[attr-defined]
    except (NoReverseMatch, AttributeError):
        return ""


def _target(path: str, rows: "_Rows") -> Target:
    asked = rows.asked.get(path)
    if asked is None and not _is_view(path):
        new = redirects.destination(path)
        if new is None and not path.endswith("/") and _is_view(f"{path}/"):
            new = f"{path}/"
        return Target(State.MOVED, new) if new else Target(State.NOTHING)
    if asked is None or asked in rows.public:
        return Target(State.PUBLIC)
    new = redirects.destination(path)
    if new:
        return Target(State.MOVED, new)
    return Target(State.UNSEEN if asked in rows.kept else State.NOTHING)


def _is_view(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


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
    try:
        match = resolve(path)
    except Resolver404:
        return None
    view = getattr(match.func, "view_class", None)
    model, slug = getattr(view, "model", None), match.kwargs.get("slug")
    if model is None or slug is None or not hasattr(model._default_manager, "published"):
        return None
    return model, slug
