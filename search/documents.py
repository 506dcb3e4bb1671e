"""What the search is told of a page. Every app whose pages can be found registers how.

A page without a time from which it is public is not in the index at all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone


@dataclass(frozen=True)
class Document:
    """A page as it goes into the index. `body` and `headings` are plain text."""

    key: str
    kind: str
    address: str
    title: str
    public_from: datetime
    public_until: datetime | None = None
    names: tuple[str, ...] = ()
    summary: str = ""
    headings: str = ""
    body: str = ""


Maker = Callable[[Any], Document | None]
Places = Callable[[], Iterable[Document]]

_makers: dict[type[models.Model], Maker] = {}
_related: dict[type[models.Model], tuple[str, ...]] = {}
_places: list[Places] = []


def register(model: type[models.Model], maker: Maker, *related: str) -> None:
    """Have the pages of a model searched; `maker` returns nothing for one that is not public.

    `related` are the relations that it looks at.
    """
    _makers[model], _related[model] = maker, related


def register_places(places: Places) -> None:
    """Have pages searched that no model stands for, such as the contact page."""
    if places not in _places:
        _places.append(places)


def searched_models() -> list[type[models.Model]]:
    """Return the models whose pages can be found."""
    return list(_makers)


def key_of(page: models.Model) -> str:
    """Return the key by which the index knows a page."""
    return f"{page._meta.label_lower}:{page.pk}"


def document_of(page: models.Model) -> Document | None:
    """Return what the index is told of a page; nothing if it is not, and will not be, public."""
    document = _makers[type(page)](page)
    if document and document.public_until and document.public_until <= timezone.now():
        return None
    return document


def place_documents() -> list[Document]:
    """Return the pages that no model stands for."""
    return [document for places in _places for document in places()]


def document_for(key: str) -> Document | None:
    """Return what the index is to be told for a key, from the page as it is now."""
    label, _, pk = key.partition(":")
    model = next((each for each in _makers if each._meta.label_lower == label), None)
    if model is None:
        return next((each for each in place_documents() if each.key == key), None)
    page = model._base_manager.filter(pk=pk).first()
    return document_of(page) if page is not None else None


def every_document() -> Iterable[Document]:
    """Yield what the index is to hold, a page at a time."""
    for model in _makers:
        pages = model._base_manager.prefetch_related(*_related[model]).order_by("pk")
        for page in pages.iterator(chunk_size=200):
            document = document_of(page)
            if document is not None:
                yield document
    yield from place_documents()
