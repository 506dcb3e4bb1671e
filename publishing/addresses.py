"""From an address of this site to the page that stands there."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from publishing.models import Page


def path_of(address: str) -> str:
    """Return the path of an address of this site, typed in full or from the root on."""
    parts = urlsplit(address.strip())
    own = urlsplit(settings.SITE_URL).netloc
    return parts.path if not parts.netloc or parts.netloc == own else ""


def page_at(path: str) -> Page | None:
    """Return the page at a path, public or not; nothing where there is none."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    model = getattr(getattr(match.func, "view_class", None), "model", None)
    if not (isinstance(model, type) and issubclass(model, Page) and "slug" in match.kwargs):
        return None
    pages = model._default_manager.filter(slug=match.kwargs["slug"], deleted_at__isnull=True)
    return pages.first()
