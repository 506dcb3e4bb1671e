"""Whether a record of evidence held still stands, and what somebody who records one asks for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, partial
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max
from django.http import HttpRequest

from evidence.models import EvidenceHeld
from evidence.wording import ClinicSet, Finding
from evidence.wording_check import (
    About,
    clinic_set,
    found_in,
    found_in_texts,
    found_on,
    held_on,
    sentence_key,
    texts_on,
)
from evidence.wording_sources import FieldText
from publishing import snapshots, workflow
from publishing.models import Page, Version
from publishing.models.history import page_key

_Key = tuple[int, int]


class Standing(Enum):
    """How a record stands to the page's text."""

    STANDS = "stands"
    PUBLIC_ONLY = "public only"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Asked:
    """The page somebody came from, and the finding on its newest version, where it is there.

    It can be a person's profile too, which has no versions and is taken as it is saved.
    """

    page: models.Model
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
    for found in _found_now(page, clinic_set()):
        is_meant = found.rule_id == rule and sentence_key(found.sentence) == key
        is_held = (found.rule_id, found.sentence) in held
        if is_meant and found.severity == "error" and not is_held:
            return Asked(page, found)
    return Asked(page, None)


def _found_now(page: models.Model, clinic: ClinicSet) -> Iterator[Finding]:
    if isinstance(page, Page):
        draft = snapshots.read(page, workflow.latest_version(page).data)
        yield from (found for _, found in found_in(draft, clinic))
    else:
        yield from (found for _, found in found_on(page, clinic))


def _page(request: HttpRequest) -> models.Model | None:
    """Return the page or profile that the address names, if the person may see it."""
    label, _, pk = request.GET.get("page", "").rpartition(".")
    try:
        model = apps.get_model(label)
        number = int(pk)
    except (LookupError, ValueError):
        return None
    if not 0 < number < 2**63 or not _may_view(request.user, model):
        return None
    page: models.Model | None = model._base_manager.filter(pk=number).first()
    if isinstance(page, Page):
        return None if page.deleted_at else page
    return page if page is not None and texts_on([page])[page] else None


def _may_view(user: Any, model: type[models.Model]) -> bool:
    return bool(user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"))


def mark_standing(records: Iterable[EvidenceHeld]) -> None:
    """Set `standing` on each record. Each page's text is read once, whatever stands on it."""
    records = list(records)
    newest, live = _versions(records)
    newest |= _rows(records)
    for record in records:
        about = (record.rule, record.sentence)
        key = (record.content_type_id, record.object_id)
        if key in newest and about in newest[key].found:
            standing = Standing.STANDS
        elif key in live and about in live[key].found:
            standing = Standing.PUBLIC_ONLY
        else:
            standing = Standing.LAPSED
        record.standing = standing  # type: ignore[attr-defined]


class _Text:
    """The findings of a text, looked for when somebody asks, and once."""

    def __init__(self, look: Callable[[], Iterable[tuple[FieldText, Finding]]]) -> None:
        self._look = look

    @cached_property
    def found(self) -> set[About]:
        return {(each.rule_id, each.sentence) for _, each in self._look()}


def page_of_record(record: EvidenceHeld) -> Any:
    """Return the page or profile of a record, unless somebody deleted it."""
    page: Any = record.page
    return None if page is None or getattr(page, "deleted_at", None) else page


def _rows(records: list[EvidenceHeld]) -> dict[_Key, _Text]:
    """Return the text of each record's profile, as it is saved now."""
    rows = {
        (record.content_type_id, record.object_id): row
        for record in records
        if (row := page_of_record(record)) is not None and not isinstance(row, Page)
    }
    fields = texts_on(list(rows.values()))
    clinic = clinic_set()
    return {key: _Text(partial(found_in_texts, fields[row], clinic)) for key, row in rows.items()}


def _versions(records: list[EvidenceHeld]) -> tuple[dict[_Key, _Text], dict[_Key, _Text]]:
    """Return the newest and the public version of each page, by page."""
    pages: dict[_Key, Page] = {
        (record.content_type_id, record.object_id): page
        for record in records
        if isinstance(page := page_of_record(record), Page)
    }
    clinic = clinic_set()

    def text(key: _Key, version: Version) -> _Text:
        return _Text(lambda: found_in(snapshots.read(pages[key], version.data), clinic))

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
        key: text(key, version)
        for version in sorted(found.values(), key=lambda each: int(each.number))
        if (key := (version.content_type_id, version.object_id)) in pages
    }
    live = {
        key: text(key, found[page.live_version_id])
        for key, page in pages.items()
        if page.live_version_id in found
    }
    return newest, live
