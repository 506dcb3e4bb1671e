"""Notices that a page has changed, whoever changed it."""

from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save, pre_save

from publishing.signals import page_written
from search import upkeep
from search.documents import searched_models
from search.models import SearchSynonym


def watch() -> None:
    """Have every change of a page that is searched noted."""
    pre_save.connect(_before_saving, sender=SearchSynonym, dispatch_uid="search")
    post_save.connect(_saved, dispatch_uid="search")
    post_delete.connect(_saved, dispatch_uid="search")
    page_written.connect(_written, dispatch_uid="search")


def _before_saving(instance: SearchSynonym, raw: bool = False, **kwargs: Any) -> None:
    """Note the page that the words led to before."""
    if not raw:
        for key in SearchSynonym.objects.filter(pk=instance.pk).values_list("key", flat=True):
            upkeep.mark(key)


def _saved(instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    # Raw: loaded from a dump, whose other rows may not be there yet; `rebuild_search` comes after.
    if raw:
        return
    if type(instance) in searched_models():
        upkeep.mark_page(instance)
    elif isinstance(instance, SearchSynonym):
        upkeep.mark(instance.key)


def _written(page: models.Model, **kwargs: Any) -> None:
    if type(page) in searched_models():
        upkeep.mark_page(page)
