"""Finds what leads to a page, before it is deleted."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from publishing.fields import MarkdownField
from publishing.models import FAQ, Page, Redirect


@dataclass(frozen=True)
class Inbound:
    """Something that leads to a page: what it is, and how it does."""

    name: str
    how: str


def linking_to(page: Any) -> list[Inbound]:
    """Return everything that links or refers to the page."""
    path = page.get_absolute_url()
    found = [
        *_texts_with(page, f"]({path}", f"]({settings.SITE_URL}{path}"),
        *_relations_to(page),
        *(Inbound(each.old_path, "leads here") for each in Redirect.objects.filter(new_path=path)),
    ]
    return list(dict.fromkeys(found))


def _texts_with(page: Page, *links: str) -> list[Inbound]:
    found = []
    for model in apps.get_models():
        fields = [each.name for each in model._meta.fields if isinstance(each, MarkdownField)]
        if issubclass(model, FAQ):
            fields.append("answer")
        if not fields:
            continue
        has_link = models.Q()
        for name in fields:
            for link in links:
                has_link |= models.Q(**{f"{name}__contains": link})
        rows = model._default_manager.filter(has_link)
        found += [
            Inbound(_name(row), "links to it in its text")
            for row in rows
            if row != page and not _is_part_of(row, page)
        ]
    return found


def _is_part_of(row: models.Model, page: Page) -> bool:
    """Say whether the row is a question of the page itself."""
    if not isinstance(row, FAQ):
        return False
    owners = [each for each in row._meta.concrete_fields if each.is_relation]
    return any(getattr(row, each.name) == page for each in owners)


def _relations_to(page: Page) -> list[Inbound]:
    found = []
    for relation in page._meta.related_objects:
        if not relation.many_to_many:
            continue
        accessor = relation.get_accessor_name()
        if accessor:
            rows = getattr(page, accessor).all()
            found += [Inbound(_name(row), "is joined to it") for row in rows]
    return found


def _name(row: models.Model) -> str:
    return f"{str(row._meta.verbose_name).capitalize()}: {row}"
