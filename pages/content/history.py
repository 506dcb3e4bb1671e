"""Gives loaded pages their history: the versions of their files, with what was decided on each.

A file without `history` in its front matter begins a history as `publishing.workflow.adopt` does.
Each entry of `public` says from when readers see a version and, with `withdrawn`, until when.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pages.content import page_drafts
from pages.content.files import ContentError, ContentFile, read_folder
from pages.content.page_drafts import PageReader
from pages.content.rows import errors_named, find_if, given
from practitioners.models import Practitioner
from publishing import kept_words, snapshots
from publishing.models import Page, Publication, Review, Submission, Version, page_key
from publishing.projection import project
from publishing.snapshots import Draft

VERSIONS = "versions"
HISTORY = "history"


def is_told(file: ContentFile) -> bool:
    """Say whether a file tells of the history of its page."""
    return HISTORY in file.meta


def begin(page: Page, file: ContentFile, reader: PageReader, others: Path) -> None:
    """Write the versions of a page that was loaded: that of its file, and those in `others`."""
    files = sorted([file, *read_folder(others)], key=_number)
    before: Version | None = None
    told: list[tuple[Version, Mapping[str, Any]]] = []
    for each in files:
        with errors_named(each.path):
            draft = reader.read(each, page.slug)
            if each is not file:  # which was checked when the page was loaded
                page_drafts.check(draft, page)
            before = _version(page, draft, each, before)
            history = each.meta[HISTORY]
            told.append((before, history))
            _decisions(before, history)
    with errors_named(file.path):
        for version, public in _in_order(told):
            _publications(page, version, public)
            if version.number == file.meta[HISTORY]["version"]:
                # The row has this version's words already, so nothing has to be written again.
                type(page)._base_manager.filter(pk=page.pk).update(live_version=version)
        project(page)


def _number(file: ContentFile) -> int:
    with errors_named(file.path):
        if not is_told(file):
            raise ContentError("the front matter needs “history”, with the number of the version")
        number = file.meta[HISTORY]["version"]
        if not isinstance(number, int):
            raise ContentError(f"“{number}” is not the number of a version")
        return number


def _version(page: Page, draft: Draft, file: ContentFile, before: Version | None) -> Version:
    # What a text shows by the page itself, such as a condition's claims, is found by its number.
    draft.page.pk = page.pk
    history = file.meta[HISTORY]
    return Version.objects.create(
        at=history["saved_at"],
        by_name=history.get("saved_by", ""),
        **page_key(page),
        number=history["version"],
        data=snapshots.of(draft),
        kept=kept_words.collect(draft),
        note=history.get("note", ""),
        change_note=history.get("what_changed", ""),
        is_minor=history.get("only_spelling", False),
        based_on=before,
    )


def _decisions(version: Version, history: Mapping[str, Any]) -> None:
    for row in history.get("handed_in", []):
        Submission.objects.create(
            version=version,
            at=row["at"],
            by_name=row["by"],
            note=row.get("note", ""),
            asked=find_if(Practitioner, "slug", row.get("asked")),
        )
    for row in history.get("reviews", []):
        review = Review(
            version=version,
            at=row["at"],
            by_name=row["by"],
            reviewer=find_if(Practitioner, "slug", row.get("reviewer")),
            **given(
                row,
                "decision", "registration", "remarks", "reviewed_on", "next_review_due",
                "is_own_work",
            ),
        )  # fmt: skip
        review.full_clean(exclude=["share_link"])
        review.save()


def _in_order(
    told: Sequence[tuple[Version, Mapping[str, Any]]],
) -> list[tuple[Version, Mapping[str, Any]]]:
    """Return each version with a time in which it is public, in the order of these times."""
    public = [(version, row) for version, history in told for row in history.get("public", [])]
    return sorted(public, key=lambda each: each[1]["from"])


def _publications(page: Page, version: Version, public: Mapping[str, Any]) -> None:
    Publication.objects.create(
        **_decided(page, public),
        kind=Publication.Kind.PUBLISH,
        version=version,
        is_unreviewed=public.get("without_review", False),
        updated_on=public.get("updated_on"),
        accepted_warnings=public.get("accepted_warnings", []),
        brought_public_since=public.get("since"),
        brought_change_notes=_change_notes(public),
    )
    withdrawn = public.get("withdrawn")
    if withdrawn:
        Publication.objects.create(
            **_decided(page, withdrawn),
            kind=Publication.Kind.WITHDRAW,
            merged_into=withdrawn.get("merged_into", ""),
        )


def _decided(page: Page, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **page_key(page),
        "effective_at": row["from"],
        "at": row["decided_at"],
        "by_name": row.get("decided_by", ""),
        "reason": row.get("reason", ""),
    }


def _change_notes(public: Mapping[str, Any]) -> list[dict[str, str]] | None:
    """Return what readers were told of changes so far; nothing for what is not public yet."""
    notes = public.get("change_notes")
    if notes is None:
        return None
    return [{"on": row["on"].isoformat(), "note": row["note"]} for row in notes]
