"""An Atom feed of clinical changes: what pages newly tell readers, and since when."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from clinic.models import Clinic
from pages.page_kinds import PAGE_KINDS
from publishing.models import Publication

CHANGES_SHOWN = 50
# What XML cannot hold, though a text that was pasted may: it would break the feed for everybody.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Change:
    """A page that began to say something new."""

    page: Any
    publication: Publication
    note: str


def clinical_changes() -> list[Change]:
    """Return the latest changes of pages that are public now, newest first.

    A mended spelling is none; a page that was withdrawn takes its changes with it.
    """
    now = timezone.now()
    published = Publication.objects.standing().filter(
        kind=Publication.Kind.PUBLISH, effective_at__lte=now, version__is_minor=False
    )
    latest = published.order_by("-effective_at", "-pk").select_related("version", "content_type")
    found: list[Change] = []
    for model in PAGE_KINDS:
        options = model._meta
        own = latest.filter(
            content_type__app_label=options.app_label,
            content_type__model=options.model_name,
            object_id__in=model.objects.published().values("pk"),
        ).defer("version__data")[:CHANGES_SHOWN]
        pages = model.objects.in_bulk([each.object_id for each in own])
        found += [
            Change(pages[each.object_id], each, each.version.change_note or "Published")
            for each in own
        ]
    found.sort(key=lambda change: change.publication.effective_at, reverse=True)
    return found[:CHANGES_SHOWN]


class ClinicalChangesFeed(Feed):  # type: ignore[type-arg]
    """The clinical changes of the whole site."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> Clinic:
        return Clinic.current()

    def title(self, clinic: Clinic) -> str:
        return _for_xml(f"{clinic.name}: clinical changes")

    def link(self, clinic: Clinic) -> str:
        return reverse("pages:home")

    def subtitle(self, clinic: Clinic) -> str:
        return "What our pages newly tell readers. Mended spelling is left out."

    def items(self, clinic: Clinic) -> list[Change]:
        return clinical_changes()

    def item_title(self, item: Any) -> str:
        return _for_xml(str(item.page))

    def item_description(self, item: Change) -> str:
        return _for_xml(item.note)

    def item_link(self, item: Change) -> str:
        return f"{item.page.get_absolute_url()}#change-{item.publication.pk}"

    def item_pubdate(self, item: Change) -> datetime:
        return item.publication.effective_at

    def item_updateddate(self, item: Change) -> datetime:
        return item.publication.effective_at


def _for_xml(text: str) -> str:
    return _NOT_XML.sub(" ", text)
