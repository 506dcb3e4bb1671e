"""From an address of this site to the page that stands there."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve

from publishing.models import Page


def path_of(address: str) -> str:
    """Return the path of an address of this site, typed in full or from the root on."""
    parts = urlsplit(address.strip())
    own = urlsplit(settings.SITE_URL).netloc
    return parts.path if not parts.netloc or parts.netloc == own else ""


def view_at(path: str) -> ResolverMatch | None:
    """Return the view that answers at a path; nothing where none does."""
    try:
        return resolve(path)
    except Resolver404:
        return None


def row_named(match: ResolverMatch) -> tuple[Any, str] | None:
    """Return the kind of row and the slug that an address names, where it names one."""
    model = getattr(getattr(match.func, "view_class", None), "model", None)
    slug = match.kwargs.get("slug")
    return (model, slug) if model is not None and slug is not None else None


def page_at(path: str) -> Page | None:
    """Return the page at a path, public or not; nothing where there is none."""
    match = view_at(path)
    named = row_named(match) if match else None
    if named is None or not issubclass(named[0], Page):
        return None
    model, slug = named
    found: Page | None = model._default_manager.filter(slug=slug, deleted_at__isnull=True).first()
    return found
