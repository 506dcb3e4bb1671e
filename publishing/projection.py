"""Writes to a page's own row what its history says the public sees.

The history is the truth; the row repeats it, so that showing a page costs no further query. What
follows from the time alone (from when a page is public, until when) stands in the row as a time and
is decided by the query. Only where one public text replaces another at a planned moment does the
row have to be written again: `ScheduledChange` keeps that moment, and `apply_due` sees to it before
the first request after it is answered.
"""

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, models, transaction
from django.utils import timezone

from delivery.changes import told_apart
from publishing import redirects, snapshots
from publishing.models import Page, Publication, Review, ScheduledChange, Version, page_key
from publishing.shown_on import tell_of_change
from publishing.signals import page_written
from publishing.slight import why_not_slight

logger = logging.getLogger(__name__)

# How long a process may go on without asking what was planned elsewhere. A plan lies at least
# `workflow.LEAST_AHEAD` in the future, so that every process knows of it in time.
SECONDS_BETWEEN_LOOKS = 20


@dataclass(frozen=True)
class Standing:
    """What the history says of a page at a moment.

    `shown` is the publication whose version the page's row holds: the one in force, or else, for a
    page that is not public, the one that will make it so. Without one, the page is a draft.
    """

    shown: Publication | None
    public_from: datetime | None
    withdrawal: Publication | None
    next_change: datetime | None
    past: Sequence[Publication]


def standing(events: Sequence[Publication], at: datetime) -> Standing:
    """Work out what the decisions, in the order in which they take effect, come to."""
    events = with_effect(events)
    past = [each for each in events if each.is_effective(at)]
    coming = [each for each in events if not each.is_effective(at)]
    next_change = coming[0].effective_at if coming else None
    next_publish = next((each for each in coming if each.is_publish), None)
    last = past[-1] if past else None
    if last is not None and last.is_publish:
        withdrawal = next((each for each in coming if not each.is_publish), None)
        return Standing(last, _start_of_run(past), withdrawal, next_change, past)
    if last is None:
        public_from = next_publish.effective_at if next_publish else None
        later = coming[coming.index(next_publish) + 1 :] if next_publish else []
        withdrawal = next((each for each in later if not each.is_publish), None)
        return Standing(next_publish, public_from, withdrawal, next_change, past)
    # Withdrawn: what was public stays in the row, unless something is to follow it.
    was_public = next(each for each in reversed(past) if each.is_publish)
    shown = next_publish or was_public
    public_from = next_publish.effective_at if next_publish else _start_of_run(past[:-1])
    return Standing(shown, public_from, last, next_change, past)


def with_effect(events: Sequence[Publication]) -> list[Publication]:
    """Leave out withdrawals of what is not public: what was to come before them was called off."""
    found: list[Publication] = []
    for each in events:
        if each.is_publish or (found and found[-1].is_publish):
            found.append(each)
    return found


def _start_of_run(past: Sequence[Publication]) -> datetime:
    """Return since when a page was public without a break, at the end of the decisions."""
    start = past[-1]
    for each in reversed(past):
        if not each.is_publish:
            break
        start = each
    return start.brought_public_since or start.effective_at


@transaction.atomic
def project(page: Page, at: datetime | None = None) -> None:
    """Write to the page's row, and to its parts, what the history says. Safe to call at any time.

    The page given is changed as well.
    """
    with told_apart():
        is_seen = _project(page, at)
    if is_seen:
        tell_of_change(page)
    page_written.send(type(page), page=page)


def _project(page: Page, at: datetime | None) -> bool:
    """Write the row; say whether readers may see a difference."""
    moment = at or timezone.now()
    locked = type(page)._base_manager.select_for_update().get(pk=page.pk)
    key = page_key(page)
    now = standing(list(Publication.objects.of(page).standing().select_related("version")), moment)
    latest = Version.objects.of(page).first()
    version = now.shown.version if now.shown else latest
    if version is None:
        return False
    address = _address(locked)
    was_known = locked.published_at is not None and locked.published_at <= moment
    if locked.live_version_id != version.pk or now.shown is None:
        snapshots.write(locked, version.data)
    gone = now.withdrawal
    row: dict[str, Any] = {
        "live_version_id": version.pk if now.shown else None,
        "published_at": now.public_from,
        "withdrawn_at": gone.effective_at if gone else None,
        "withdrawal_reason": gone.reason if gone else "",
        "updated_on": now.shown.updated_on if now.shown else None,
        "change_notes": change_notes(now.past),
        **_review_of(version),
    }
    type(page)._base_manager.filter(pk=page.pk).update(**row)
    is_due = ScheduledChange.objects.filter(due_at__lte=moment, **key).exists()
    if now.next_change:
        ScheduledChange.objects.update_or_create(
            defaults={"due_at": now.next_change, "problem": ""}, **key
        )
    else:
        ScheduledChange.objects.filter(**key).delete()
    transaction.on_commit(look_again)
    page.refresh_from_db()
    _lead_on(page, address if was_known else None, now)
    return is_due or any(getattr(locked, name) != value for name, value in row.items())


def project_or_tell(page: Page) -> None:
    """Write the row; if that fails, readers keep the text that is there and staff are told.

    A plan that could not be made may not keep anybody from mending the page.
    """
    try:
        project(page)
    except Exception as error:
        logger.exception("The row of %s could not be written", page)
        _write_times(page)
        ScheduledChange.objects.filter(**page_key(page)).update(problem=str(error) or "unknown")


def _write_times(page: Page) -> None:
    """Write from when and until when the page is public, whatever its text."""
    now = standing(list(Publication.objects.of(page).standing()), timezone.now())
    gone = now.withdrawal
    type(page)._base_manager.filter(pk=page.pk).update(
        published_at=now.public_from,
        withdrawn_at=gone.effective_at if gone else None,
        withdrawal_reason=gone.reason if gone else "",
    )
    page.refresh_from_db()
    page_written.send(type(page), page=page)


def _address(page: Any) -> str:
    return str(page.get_absolute_url())


def _lead_on(page: Page, known: str | None, now: Standing) -> None:
    """Lead from an address that the public knew to the new one; no page that is there leads on."""
    address = _address(page)
    last = now.past[-1] if now.past else None
    if last is not None and last.merged_into:
        # The row may have the address of a version that is still to come, and lose it again.
        for each in {known or address, address}:
            with suppress(redirects.RedirectLoop):
                redirects.add(each, last.merged_into)
        return
    is_public = last is not None and last.is_publish
    if is_public or (known and known != address):
        redirects.free(address)
    if known and known != address:
        redirects.add(known, address)
    if is_public and any(each.merged_into for each in now.past):
        _lead_back(page, now)


def _lead_back(page: Page, now: Standing) -> None:
    """Lead the addresses that a page had before it was merged to it again, now that it is back."""
    had = {each.version.data["fields"]["slug"] for each in now.past if each.version}
    others = type(page)._base_manager.filter(slug__in=had).values_list("slug", flat=True)
    for slug in had - set(others):
        before = copy(page)
        before.slug = slug
        redirects.add(_address(before), _address(page))


def change_notes(past: Sequence[Publication]) -> list[dict[str, str]]:
    notes, told = [], set()
    for each in past:
        version = each.version
        if each.brought_change_notes is not None:
            notes = each.brought_change_notes[::-1]
            told.add(each.version_id)
        if version is None or version.is_minor or version.pk in told:
            continue
        told.add(version.pk)
        if version.change_note:
            day = timezone.localdate(each.effective_at).isoformat()
            notes.append({"on": day, "note": version.change_note})
    return notes[::-1]


# --- review ---------------------------------------------------------------------------------------


def line_of(version: Version) -> list[int]:
    """Return the version's key and those of the versions it came from, newest first."""
    parents = dict(
        Version.objects.filter(
            content_type_id=version.content_type_id, object_id=version.object_id
        ).values_list("pk", "based_on_id")
    )
    line: list[int] = []
    step: int | None = version.pk
    while step is not None and step not in line:
        line.append(step)
        step = parents.get(step)
    return line


def last_approval(version: Version) -> Review | None:
    """Return the last approval of the version or, if it has none, of what it came from."""
    return approval_in(line_of(version))


def approval_in(line: Sequence[int]) -> Review | None:
    """Return the approval of the first of the versions, newest first, that stands approved."""
    decisions: dict[int, Review] = {}
    # The last decision about a version is the one that counts.
    for review in Review.objects.filter(version__in=line).order_by("at", "pk"):
        decisions[review.version_id] = review
    approvals = (decisions.get(pk) for pk in line)
    return next((each for each in approvals if each is not None and each.is_approval), None)


def covers(review: Review, version: Version) -> bool:
    """Say whether the review was of what the version says, but for a mended spelling."""
    if _was_changed_before_history(review):
        return False
    if review.version_id == version.pk:
        return True
    reviewed, now = clinical(review.version), clinical(version)
    return reviewed == now or (version.is_minor and not why_not_slight(reviewed, now))


def _was_changed_before_history(review: Review) -> bool:
    """Say whether a review is of words that a page had no more when its history began.

    Then the row told of a review and of a later change (`workflow.adopt`). Both are records of
    nobody's account, and the change has the day of the publication that was adopted with it.
    """
    if review.by_id is not None or review.share_link_id is not None:
        return False
    return bool(
        Publication.objects.filter(
            version=review.version_id, at=review.at, updated_on__gt=review.reviewed_on
        ).exists()
    )


def clinical(version: Version) -> snapshots.Snapshot:
    """Return the version's snapshot without the places in which nothing clinical is said."""
    model = version.content_type.model_class()
    left_out = model.NOT_CLINICAL if model is not None and issubclass(model, Page) else frozenset()
    return {
        part: {name: value for name, value in values.items() if f"{part}.{name}" not in left_out}
        for part, values in version.data.items()
    }


def covering_approval(version: Version) -> Review | None:
    """Return the approval on whose strength the version may be published, if there is one."""
    review = last_approval(version)
    return review if review is not None and covers(review, version) else None


def _review_of(version: Version) -> dict[str, Any]:
    review = last_approval(version)
    if review is None:
        return {
            "reviewed_by_id": None,
            "outside_reviewer": "",
            "reviewed_on": None,
            "next_review_due": None,
            "review_covers_text": True,
        }
    outside = "" if review.reviewer_id else f"{review.by_name} ({review.registration})"
    return {
        "reviewed_by_id": review.reviewer_id,
        "outside_reviewer": outside,
        "reviewed_on": review.reviewed_on,
        "next_review_due": review.next_review_due,
        "review_covers_text": covers(review, version),
    }


# --- planned changes ------------------------------------------------------------------------------


class _Plan:
    """What this process knows of the next planned change, so that it need not ask each time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self.look_at = 0.0
        self.due_at: datetime | None = None

    def is_due(self) -> bool:
        """Say whether a change is due now. Asks the database at times, and mostly not."""
        if time.monotonic() >= self.look_at:
            with self.lock:
                self.look_at = time.monotonic() + SECONDS_BETWEEN_LOOKS
                self.due_at = _next_due()
        return self.due_at is not None and self.due_at <= timezone.now()


def _next_due() -> datetime | None:
    planned = ScheduledChange.objects.filter(problem="").order_by("due_at")
    try:
        return planned.values_list("due_at", flat=True).first()
    except DatabaseError:
        # Before the tables are there, or while the database is away: a page may still be answered.
        logger.debug("Planned changes could not be looked up", exc_info=True)
        return None


_plan = _Plan()


def expect_nothing() -> None:
    """Have this process take it that nothing is planned, until it is told to look again."""
    _plan.look_at, _plan.due_at = float("inf"), None


def look_again() -> None:
    """Have this process ask at its next request what is planned."""
    _plan.forget()


def apply_due() -> None:
    """Write the rows whose planned moment has come. Costs nothing while there is none."""
    if not _plan.is_due():
        return
    for change in ScheduledChange.objects.filter(due_at__lte=timezone.now(), problem=""):
        _apply(change)
    look_again()


def _apply(change: ScheduledChange) -> None:
    page: models.Model | None = change.page
    if isinstance(page, Page):
        # Whatever goes wrong: this comes before every request, and must not stop the others.
        project_or_tell(page)
    else:
        change.delete()
