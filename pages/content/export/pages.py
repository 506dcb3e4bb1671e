"""Writes pages: what readers see, what is planned, the newest draft, and what each was approved by.

Of a page's history these versions are taken: the one that is public or was last, the one that is
planned, the newest, and for each the version whose approval it rests on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from conditions.models import BodyRegion
from pages.content import history
from pages.content.export.people import kept_slugs
from pages.content.export.pictures import PictureNames
from pages.content.export.writing import Folder, plain, told, without_empty
from pages.content.page_drafts import FOLDERS, own_plain_fields
from publishing import snapshots
from publishing.models import Page, Publication, Version
from publishing.projection import change_notes, last_approval, standing, with_effect
from publishing.snapshots import Draft
from publishing.workflow import latest_version


@dataclass
class _Period:
    """From when a version is public, until when, and what readers were told by then."""

    publication: Publication
    withdrawal: Publication | None = None
    since: Any = None
    notes: list[dict[str, str]] | None = None


@dataclass
class _Chosen:
    """The versions of a page that an export takes, the main one first, and when they are public."""

    versions: list[Version] = field(default_factory=list)
    periods: dict[int, list[_Period]] = field(default_factory=dict)

    def add(self, version: Version) -> None:
        if version.pk not in {each.pk for each in self.versions}:
            self.versions.append(version)


def write_pages(folder: Folder, pictures: PictureNames) -> tuple[dict[str, int], int]:
    """Write the pages; return how many of each kind, and how many are left out, in the bin."""
    counts: dict[str, int] = {}
    in_bin = 0
    for name, model in FOLDERS.items():
        pages = model._default_manager.order_by("slug")
        in_bin += pages.filter(deleted_at__isnull=False).count()
        kept = pages.filter(deleted_at__isnull=True)
        for page in kept:
            _write_page(folder, name, page, pictures)
        counts[str(model._meta.verbose_name_plural)] = len(kept)
    return counts, in_bin


def _write_page(folder: Folder, kind: str, page: Page, pictures: PictureNames) -> None:
    chosen = _choose(page)
    main, *others = chosen.versions
    _write_version(folder, f"{kind}/{page.slug}.md", page, main, chosen, pictures)
    for version in others:
        name = f"{history.VERSIONS}/{kind}/{page.slug}/{version.number}.md"
        _write_version(folder, name, page, version, chosen, pictures)


def _choose(page: Page) -> _Chosen:
    newest = latest_version(page)
    events = with_effect(list(Publication.objects.of(page).standing().select_related("version")))
    chosen = _Chosen()
    for period in _periods(events):
        version: Any = period.publication.version
        chosen.add(version)
        chosen.periods.setdefault(version.pk, []).append(period)
    chosen.add(newest)
    for version in list(chosen.versions):
        approval = last_approval(version)
        if approval is not None:
            chosen.add(approval.version)
    return chosen


def _periods(events: Sequence[Publication]) -> list[_Period]:
    """Return when the page is public: the last time that has begun, and what is planned."""
    now = timezone.now()
    past = [each for each in events if each.is_effective(now)]
    last = next((each for each in reversed(past) if each.is_publish), None)
    found: list[_Period] = []
    for each in events:
        if each == last:
            found.append(_begun(each, past))
        elif each.is_publish and not each.is_effective(now):
            found.append(_Period(each))
        elif not each.is_publish and found:
            found[-1].withdrawal = each
    return found


def _begun(last: Publication, past: Sequence[Publication]) -> _Period:
    run = past if past[-1].is_publish else past[:-1]
    since = standing(run, timezone.now()).public_from
    since = None if since == last.effective_at else since
    return _Period(last, since=since, notes=change_notes(past))


def _write_version(
    folder: Folder, name: str, page: Page, version: Version, chosen: _Chosen, pictures: PictureNames
) -> None:
    draft = snapshots.read(page, version.data)
    meta = _front_matter(page, draft, pictures)
    meta["history"] = _history(version, chosen.periods.get(version.pk, []))
    texts = {
        section.heading: pictures.in_text(getattr(draft.page, section.field))
        for section in page.SECTIONS
    }
    faqs = [(row.question, pictures.in_text(row.answer)) for row in draft.faqs]
    folder.write_page(name, meta, texts, faqs, page.SECTIONS)


def _front_matter(page: Page, draft: Draft, pictures: PictureNames) -> dict[str, Any]:
    drafted: Any = draft.page
    meta = told(drafted, _title_first(own_plain_fields(type(page))))
    if drafted.slug != page.slug:
        meta["address"] = drafted.slug
    many = {name: _slugs(rows) for name, rows in draft.many.items()}
    references = {
        "category": drafted.category.slug if hasattr(drafted, "category_id") else None,
        "author": drafted.author.slug if drafted.author else None,
        **many,
        "lead_image": _lead_image(drafted, pictures),
        "warning_signs": _warning_signs(draft.parts.get("warning_signs", [])),
        "prices": [
            told(row, ["label", "minutes", "pounds"]) for row in draft.parts.get("prices", [])
        ],
    }
    return meta | without_empty(references)


def _slugs(rows: Sequence[Any]) -> list[str]:
    # From head to toe, as the site has them; everything else by name.
    if rows and isinstance(rows[0], BodyRegion):
        return [row.slug for row in sorted(rows, key=lambda row: (row.order, row.slug))]
    return kept_slugs(rows)


def _title_first(names: Sequence[str]) -> list[str]:
    first = ["title", "name", "also_known_as", "summary", "meta_description"]
    return sorted(names, key=lambda name: first.index(name) if name in first else len(first))


def _lead_image(page: Any, pictures: PictureNames) -> dict[str, Any]:
    if getattr(page, "lead_image", None) is None:
        return {}
    found = {"alt": page.lead_image_alt_text, "caption": page.lead_image_caption}
    return {"file": pictures.of(page.lead_image)} | without_empty(found)


def _warning_signs(rows: Sequence[Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for level in type(rows[0]).Level.values if rows else ():
        signs = [
            {"sign": plain(row.sign)}
            | without_empty({"sources": sorted(each.key for each in row.drafted_many["sources"])})
            | ({"awaiting_clinician": True} if row.awaiting_clinician else {})
            for row in rows
            if row.level == level
        ]
        if signs:
            found[level] = signs
    return found


# --- history --------------------------------------------------------------------------------------


def _history(version: Version, periods: Sequence[_Period]) -> dict[str, Any]:
    saved = {
        "saved_by": version.by_name,
        "note": version.note,
        "what_changed": version.change_note,
        "only_spelling": version.is_minor or None,
        "handed_in": [
            {"at": plain(row.at), "by": row.by_name}
            | without_empty({"asked": row.asked.slug if row.asked else None, "note": row.note})
            for row in version.submissions.select_related("asked").order_by("at", "pk")
        ],
        "reviews": [
            _review(row) for row in version.reviews.select_related("reviewer").order_by("at", "pk")
        ],
    }
    found = {"version": version.number, "saved_at": plain(version.at)} | without_empty(saved)
    if periods:
        found["public"] = [_published(period) for period in periods]
    return found


def _review(row: Any) -> dict[str, Any]:
    details = {
        "reviewer": row.reviewer.slug if row.reviewer else None,
        "registration": row.registration,
        "reviewed_on": row.reviewed_on,
        "next_review_due": row.next_review_due,
        "is_own_work": row.is_own_work or None,
        "remarks": row.remarks,
    }
    return {"decision": row.decision, "at": plain(row.at), "by": row.by_name} | without_empty(
        details
    )


def _decided(publication: Publication) -> Mapping[str, Any]:
    return {"from": plain(publication.effective_at), "decided_at": plain(publication.at)} | (
        without_empty({"decided_by": publication.by_name, "reason": publication.reason})
    )


def _published(period: _Period) -> dict[str, Any]:
    publication, withdrawal = period.publication, period.withdrawal
    details = {
        "since": period.since,
        "updated_on": publication.updated_on,
        "without_review": publication.is_unreviewed or None,
        "accepted_warnings": publication.accepted_warnings,
    }
    found = {**_decided(publication), **without_empty(details)}
    if period.notes is not None:
        found["change_notes"] = [
            {"on": date.fromisoformat(row["on"]), "note": plain(row["note"])}
            for row in period.notes
        ]
    if withdrawal is not None:
        merged = without_empty({"merged_into": withdrawal.merged_into})
        found["withdrawn"] = {**_decided(withdrawal), **merged}
    return found
