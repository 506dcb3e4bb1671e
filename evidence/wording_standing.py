"""Whether a record of evidence held still stands, and what somebody who records one asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.apps import apps
from django.db.models import Max
from django.http import HttpRequest

from evidence.models import EvidenceHeld
from evidence.wording import ClinicSet, Finding
from evidence.wording_check import About, clinic_set, found_in, held_on, sentence_key
from publishing import snapshots, workflow
from publishing.models import Page, Version
from publishing.models.history import page_key


class Standing(Enum):
    """How a record stands to the page's text."""

    STANDS = "stands"
    PUBLIC_ONLY = "public only"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Asked:
    """The page somebody came from, and the finding on its newest version, where it is there."""

    page: Page
    found: Finding | None

    @property
    def values(self) -> Mapping[str, Any]:
        """What a record is about, by the names of its fields."""
        if self.found is None:
            return {}
        about = {"rule": self.found.rule_id, "sentence": self.found.sentence}
        return page_key(self.page) | about


def asked_for(request: HttpRequest) -> Asked | str:
    """Return what the address of the form asks for, or why there is nothing to record.

    The sentence itself is never taken from the address, so that nobody can be led to vouch for
    words that the page does not have.
    """
    page = _page(request)
    if page is None:
        return "Evidence is recorded from a finding: open a page, and follow the link beside it."
    rule, key = request.GET.get("rule", ""), request.GET.get("sentence", "")
    held = held_on(page)
    draft = snapshots.read(page, workflow.latest_version(page).data)
    for _, found in found_in(draft, clinic_set()):
        is_meant = found.rule_id == rule and sentence_key(found.sentence) == key
        is_held = (found.rule_id, found.sentence) in held
        if is_meant and found.severity == "error" and not is_held:
            return Asked(page, found)
    return Asked(page, None)


def _page(request: HttpRequest) -> Page | None:
    """Return the page that the address names, if the person may see it."""
    label, _, pk = request.GET.get("page", "").rpartition(".")
    try:
        model = apps.get_model(label)
        number = int(pk)
    except (LookupError, ValueError):
        return None
    if not issubclass(model, Page) or not 0 < number < 2**63:
        return None
    if not workflow.may(request.user, "view", model):
        return None
    page: Page | None = model._base_manager.filter(pk=number, deleted_at__isnull=True).first()
    return page


def mark_standing(records: Iterable[EvidenceHeld]) -> None:
    """Set `standing` on each record. Each page's text is read once, whatever stands on it."""
    records = list(records)
    clinic = clinic_set()
    newest, live = _versions(records)
    for record in records:
        page = _page_of(record)
        about = (record.rule, record.sentence)
        key = (record.content_type_id, record.object_id)
        if page is not None and about in newest.setdefault(key, _About(page, None)).found(clinic):
            standing = Standing.STANDS
        elif page is not None and key in live and about in live[key].found(clinic):
            standing = Standing.PUBLIC_ONLY
        else:
            standing = Standing.LAPSED
        record.standing = standing  # type: ignore[attr-defined]


class _About:
    """The findings of a version, looked for when somebody asks, and once."""

    def __init__(self, page: Page, version: Version | None) -> None:
        self.page = page
        self.version = version
        self._found: set[About] | None = None

    def found(self, clinic: ClinicSet) -> set[About]:
        if self._found is None:
            self._found = set()
            if self.version is not None:
                draft = snapshots.read(self.page, self.version.data)
                hits = found_in(draft, clinic)
                self._found = {(each.rule_id, each.sentence) for _, each in hits}
        return self._found


def _page_of(record: EvidenceHeld) -> Any:
    """Return the page of a record, unless somebody deleted it."""
    page: Any = record.page
    return None if page is None or page.deleted_at else page


_Key = tuple[int, int]


def _versions(records: list[EvidenceHeld]) -> tuple[dict[_Key, _About], dict[_Key, _About]]:
    """Return the newest and the public version of each page, by page."""
    pages: dict[_Key, Any] = {
        (record.content_type_id, record.object_id): page
        for record in records
        if (page := _page_of(record)) is not None
    }
    newest_pks = (
        Version.objects.filter(object_id__in=[pk for _, pk in pages])
        .order_by()
        .values("content_type", "object_id")
        .annotate(newest=Max("pk"))
        .values_list("newest", flat=True)
    )
    live_pks = [page.live_version_id for page in pages.values() if page.live_version_id]
    found = {each.pk: each for each in Version.objects.filter(pk__in=[*newest_pks, *live_pks])}
    newest = {
        key: _About(pages[key], version)
        for version in sorted(found.values(), key=lambda each: int(each.number))
        if (key := (version.content_type_id, version.object_id)) in pages
    }
    live = {
        key: _About(page, found[page.live_version_id])
        for key, page in pages.items()
        if page.live_version_id in found
    }
    return newest, live
