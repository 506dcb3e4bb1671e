"""An Atom feed of clinical changes: what pages newly tell readers, and since when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from clinic.feeds import ClinicFeed, for_xml, lasting_id
from clinic.models import Clinic
from components.absolute import absolute
from pages.page_kinds import PAGE_KINDS
from publishing.models import Publication

CHANGES_SHOWN = 50


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


class ClinicalChangesFeed(ClinicFeed):
    """The clinical changes of the whole site."""

    def get_object(self, request: HttpRequest) -> Clinic:
        return Clinic.current()

    def title(self, clinic: Clinic) -> str:
        return for_xml(f"{clinic.name}: clinical changes")

    def author_name(self, clinic: Clinic) -> str:
        return for_xml(clinic.name)

    def link(self, clinic: Clinic) -> str:
        return absolute(reverse("pages:home"))

    def subtitle(self, clinic: Clinic) -> str:
        return "What our pages newly tell readers. Mended spelling is left out."

    def items(self, clinic: Clinic) -> list[Change]:
        return clinical_changes()

    def item_title(self, item: Any) -> str:
        return for_xml(str(item.page))

    def item_description(self, item: Change) -> str:
        return for_xml(item.note)

    def item_link(self, item: Change) -> str:
        return absolute(f"{item.page.get_absolute_url()}#change-{item.publication.pk}")

    def item_guid(self, item: Change) -> str:
        return lasting_id(f"change {item.publication.pk}")

    def item_pubdate(self, item: Change) -> datetime:
        return item.publication.effective_at

    def item_updateddate(self, item: Change) -> datetime:
        return item.publication.effective_at
