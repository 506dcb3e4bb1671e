"""The page that a note is about. Only what this site shows to everybody is taken for one.

The address comes with a link, which anybody can make up. So what is no page of ours is never shown,
never kept and never led to.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_permission_codename
from django.db import models
from django.urls import ResolverMatch, reverse

from articles.models import Category
from publishing.addresses import view_at

# As all our pages are written: small letters, digits, hyphens and strokes; no host, no "//".
_SHAPE = re.compile(r"/(?:[a-z0-9-]{1,80}/){0,4}")
LONGEST = 200
# The parts of the site that are not for everybody, or are no pages.
_NOT_FOR_ALL = {"admin", "editor", "feedback", "media", "publishing", "shared", "staff"}
_ABOUT_ONE_SENDER = {"enquiries:received", "enquiries:receipt"}
# Lists of one thing, whose views have no model of their own.
_LISTS_OF: dict[str, type[models.Model]] = {"articles:category": Category}


@dataclass(frozen=True)
class Place:
    """A public page: where it is, and whose text it shows if it has a row of its own."""

    path: str
    row: models.Model | None = None

    @property
    def title(self) -> str:
        """Return its title; its address, where it has none to look up."""
        if self.path == "/":
            return "Home page"
        return str(self.row) if self.row else self.path

    def edit_address(self, user: Any) -> str:
        """Return where its row is edited in the admin, for somebody who may look at it there."""
        if self.row is None:
            return ""
        options = self.row._meta
        if not user.has_perm(f"{options.app_label}.{get_permission_codename('view', options)}"):
            return ""
        name = f"admin:{options.app_label}_{options.model_name}_change"
        return reverse(name, args=[self.row.pk])


def in_our_shape(path: str) -> str:
    """Return an address that could be one of our pages; an empty text for anything else."""
    return path if len(path) <= LONGEST and _SHAPE.fullmatch(path) else ""


def find(path: str) -> Place | None:
    """Return the public page at an address of this site, or nothing."""
    if not in_our_shape(path):
        return None
    match = view_at(path)
    if match is None:
        return None
    if _NOT_FOR_ALL & {match.app_name, *match.namespaces} or match.view_name in _ABOUT_ONE_SENDER:
        return None
    if not match.kwargs:
        return Place(path)
    row = _row(match)
    return Place(path, row) if row else None


def _row(match: ResolverMatch) -> models.Model | None:
    """Return the row that an address names, if everybody may see it."""
    view = getattr(match.func, "view_class", None)
    model = _LISTS_OF.get(match.view_name) or getattr(view, "model", None)
    if model is None:
        return None
    rows = model._default_manager.all()
    if hasattr(rows, "published"):
        rows = rows.published()
    found: models.Model | None = rows.filter(**match.kwargs).first()
    return found
