"""Finds what leads to a page, before it is deleted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import NoReverseMatch, reverse

from publishing.fields import MarkdownField
from publishing.models import FAQ, Page, Redirect, Version
from publishing.page_checks.links_in import links
from publishing.page_checks.targets import address_of
from publishing.removal import rows_that_keep

LINKS, JOINED = "links to it in its text", "is joined to it"


@dataclass(frozen=True)
class Inbound:
    """Something that leads to a page: what it is, how it does, and where staff change it."""

    name: str
    how: str
    address: str = ""


def linking_to(page: Any) -> list[Inbound]:
    """Return everything that links or refers to the page, in drafts too."""
    path = _whole(page.get_absolute_url())
    old = [each for each in Redirect.objects.all() if _path_of(each.new_path) == path]
    paths = {path, *(_whole(each.old_path) for each in old)}
    in_rows = [*_texts_with(page, paths), *_relations_to(page)]
    found = [
        *in_rows,
        *_drafts_leading_to(page, paths, {(each.address, each.how) for each in in_rows}),
        *(Inbound(_name(row), "is about it", _admin_address(row)) for row in rows_that_keep(page)),
        *(Inbound(each.old_path, "leads here", _admin_address(each)) for each in old),
    ]
    return list(dict.fromkeys(found))


# --- links ----------------------------------------------------------------------------------------


def _whole(path: str) -> str:
    """Return a path with its last stroke, without which the site leads on to it."""
    return path if path.endswith("/") else f"{path}/"


def _path_of(address: str) -> str:
    """Return the path of an address of this site; of any other, nothing."""
    found = address_of(address)
    return _whole(found.path) if found else ""


def _leads_to(paths: set[str], text: str) -> bool:
    # Looking for a text that is surely in it costs little beside reading all its links.
    is_likely = any(path.strip("/") in text for path in paths)
    return is_likely and any(_path_of(link.address) in paths for link in links(text))


def _texts_with(page: Page, paths: set[str]) -> Iterator[Inbound]:
    for model in apps.get_models():
        fields = [each.name for each in model._meta.fields if isinstance(each, MarkdownField)]
        if issubclass(model, FAQ):
            fields.append("answer")
        if not fields:
            continue
        may_have_link = models.Q()
        for name in fields:
            for path in paths:
                may_have_link |= models.Q(**{f"{name}__contains": path.strip("/")})
        for row in model._default_manager.filter(may_have_link):
            owner = _owner(row)
            if owner != page and any(_leads_to(paths, getattr(row, name)) for name in fields):
                yield Inbound(_name(row), LINKS, _admin_address(owner))


def _owner(row: models.Model) -> models.Model:
    """Return the page that a question belongs to; of anything else, the row itself."""
    if not isinstance(row, FAQ):
        return row
    owners = (getattr(row, each.name) for each in row._meta.concrete_fields if each.is_relation)
    return next((each for each in owners if isinstance(each, Page)), row)


# --- relations ------------------------------------------------------------------------------------


def _relations_to(page: Page) -> Iterator[Inbound]:
    for relation in page._meta.related_objects:
        accessor = relation.get_accessor_name()
        if relation.many_to_many and accessor:
            for row in getattr(page, accessor).all():
                yield Inbound(_name(row), JOINED, _admin_address(row))


# --- drafts ---------------------------------------------------------------------------------------


def _drafts_leading_to(
    page: Page, paths: set[str], known: set[tuple[str, str]]
) -> Iterator[Inbound]:
    """Yield the pages whose newest version leads to the page in a way that their row does not."""
    for version in _newest_versions():
        owner = version.page
        if owner is None or owner == page or owner.deleted_at:
            continue
        if version.pk == owner.live_version_id:
            continue
        name, address = _name(owner), _admin_address(owner)
        has_link = any(map(partial(_leads_to, paths), _texts_in(version.data)))
        if has_link and (address, LINKS) not in known:
            yield Inbound(name, "links to it in a draft", address)
        if _is_joined(version.data, owner, page) and (address, JOINED) not in known:
            yield Inbound(name, "is joined to it in a draft", address)


def _newest_versions() -> Iterable[Version]:
    newest = Version.objects.filter(
        content_type=models.OuterRef("content_type"), object_id=models.OuterRef("object_id")
    ).order_by("-number")
    kinds = ContentType.objects.get_for_models(
        *(each for each in apps.get_models() if issubclass(each, Page))
    )
    found = Version.objects.filter(
        pk=models.Subquery(newest.values("pk")[:1]), content_type__in=kinds.values()
    )
    pages: Iterable[Version] = found.order_by("pk").prefetch_related("page")
    return pages


def _texts_in(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield every text of a snapshot."""
    rows = [row for part in data.get("rows", {}).values() for row in part]
    for values in (data.get("fields", {}), *rows):
        yield from (each for each in values.values() if isinstance(each, str))


def _is_joined(data: Mapping[str, Any], owner: models.Model, page: Page) -> bool:
    return any(
        relation.related_model is type(page)
        and any(each["pk"] == page.pk for each in data.get("many", {}).get(relation.name, []))
        for relation in owner._meta.many_to_many
    )


# --- names and addresses --------------------------------------------------------------------------


def _name(row: models.Model) -> str:
    return f"{str(row._meta.verbose_name).capitalize()}: {row}"


def _admin_address(row: models.Model) -> str:
    """Return where staff change a row; what was deleted, or has no form, has no such place."""
    if getattr(row, "deleted_at", None):
        return ""
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""
