"""What can be done to a page, by whom and when: the one place that decides it.

Every function takes the person who acts and raises `Refused`, with words for them, when it cannot
be done. Views ask here and nowhere else, so that a form somebody has no button for is no way in.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from publishing import kept_words, redirects, snapshots
from publishing.checks import Finding, Level, findings_on
from publishing.models import (
    Cancellation,
    Page,
    Publication,
    Review,
    ReviewPolicy,
    ShareLink,
    Submission,
    Version,
    page_key,
)
from publishing.models.audit import name_of, record
from publishing.projection import (
    approval_in,
    clinical,
    covering_approval,
    line_of,
    project,
    project_or_tell,
)
from publishing.slight import why_not_slight

REVIEW = "publishing.review_version"
PUBLISH = "publishing.publish_version"
PUBLISH_UNREVIEWED = "publishing.publish_unreviewed_version"
# Every process learns of a plan within this time (projection.SECONDS_BETWEEN_LOOKS).
LEAST_AHEAD = timedelta(minutes=1)
DAYS_UNTIL_GONE = 30
MAX_LINK_DAYS = 60
# Who it is that acts where nobody does.
THE_WEBSITE = "The website"


class Refused(Exception):
    """Something that cannot be done; the message says why and what to do instead."""


class NewerVersion(Exception):
    """Somebody saved a version after the one that a text is based on."""


# --- who may --------------------------------------------------------------------------------------


def may(user: Any, action: str, page: Page | type[Page]) -> bool:
    """Say whether somebody may view, add, change or delete pages of this kind."""
    codename = get_permission_codename(action, page._meta)
    return bool(user.has_perm(f"{page._meta.app_label}.{codename}"))


def _require(user: Any, action: str, page: Page) -> None:
    if not may(user, action, page):
        raise Refused(f"Your role does not include this. Ask a manager about “{action}”.")


def _require_role(user: Any, permission: str, words: str) -> None:
    if not user.has_perm(permission):
        raise Refused(words)


def person_of(user: Any) -> Any:
    """Return the profile of somebody with an account, as readers see it, or nothing."""
    model = apps.get_model(settings.PUBLISHING_PERSON_MODEL)
    return model._default_manager.filter(user=user).first()


# --- versions -------------------------------------------------------------------------------------


def latest_version(page: Page) -> Version:
    """Return the newest version. A page whose history has not begun gets its first one."""
    newest: Version | None = Version.objects.of(page).first()
    return newest if newest is not None else adopt(page)


@transaction.atomic
def adopt(page: Page, *, note: str = "") -> Version:
    """Begin the history of a page that was written by a file or a program.

    Its text becomes version 1; a publication and a review that the row tells of are recorded, so
    that nothing which readers were told changes.
    """
    _lock(page)
    found: Version | None = Version.objects.of(page).first()
    if found is not None:
        return found
    record_fields = {"at": timezone.now(), "by_name": THE_WEBSITE}
    data = snapshots.take(page)
    version = Version.objects.create(
        **record_fields,
        **page_key(page),
        number=1,
        data=data,
        kept=kept_words.collect(snapshots.read(page, data)),
        note=note or "As the page stood when its history began",
    )
    if page.reviewed_on:
        Review.objects.create(
            **record_fields | {"by_name": str(page.reviewed_by or page.outside_reviewer)},
            version=version,
            decision=Review.Decision.APPROVED,
            reviewer=page.reviewed_by,
            reviewed_on=page.reviewed_on,
            next_review_due=page.next_review_due,
        )
    if page.published_at:
        Publication.objects.create(
            **record_fields,
            **page_key(page),
            kind=Publication.Kind.PUBLISH,
            version=version,
            effective_at=page.published_at,
            updated_on=page.updated_on,
            is_unreviewed=page.needs_review and page.reviewed_on is None,
        )
    project(page)
    return version


def _lock(page: Page) -> None:
    """Have everybody else who changes the page wait until this transaction ends."""
    type(page)._base_manager.select_for_update().get(pk=page.pk)


@transaction.atomic
def save_draft(
    page: Page,
    data: Mapping[str, Any],
    user: User,
    *,
    note: str = "",
    change_note: str = "",
    is_minor: bool = False,
    restored_from: Version | None = None,
    after: Version | None = None,
) -> Version:
    """Add a version. What the public sees stays as it is until somebody publishes it.

    Raises NewerVersion when it was written on top of a version (`after`) that is not the newest.
    """
    _require(user, "change", page)
    _lock(page)
    if page.deleted_at:
        raise Refused("This page was deleted. Take it back first.")
    previous = Version.objects.of(page).first()
    if previous is None and page.published_at:
        previous = adopt(page)
    if after is not None and previous is not None and after.pk != previous.pk:
        raise NewerVersion
    if page.live_version_id is None:
        # The row of a draft takes its newest address at once.
        _keep_address_free(page, data)
    version = Version.objects.create(
        at=timezone.now(),
        by=user,
        by_name=name_of(user),
        **page_key(page),
        number=previous.number + 1 if previous else 1,
        data=data,
        kept=kept_words.collect(snapshots.read(page, data)),
        note=note,
        change_note=change_note,
        is_minor=is_minor,
        based_on=previous,
        restored_from=restored_from,
    )
    project_or_tell(page)
    act = f"restored as {version}" if restored_from else f"saved {version}"
    record(user, act, page, note)
    return version


def restore(page: Page, version: Version, user: User) -> Version:
    """Make an old version the newest draft; all of it, and what is public stays as it is."""
    return save_draft(
        page,
        version.data,
        user,
        note=f"Version {version.number} restored",
        restored_from=version,
    )


def live_version(page: Page) -> Version | None:
    """Return the version that readers see, or will see first; none for a draft."""
    pk = page.live_version_id
    return Version.objects.get(pk=pk) if pk else None


# --- review ---------------------------------------------------------------------------------------


def _require_latest(page: Page, version: Version) -> None:
    if latest_version(page).pk != version.pk:
        raise Refused(
            "The page was saved again after you opened it. Look at the newest version, and decide"
            " about that."
        )


@transaction.atomic
def submit(
    page: Page, version: Version, user: User, *, note: str = "", asked: Any = None
) -> Submission:
    """Hand a version in for clinical review."""
    _require(user, "change", page)
    _lock(page)
    _require_latest(page, version)
    if missing := change_note_missing(page, version):
        raise Refused(missing)
    submission = Submission.objects.create(
        at=timezone.now(),
        by=user,
        by_name=name_of(user),
        version=version,
        note=note,
        asked=asked,
    )
    record(user, f"submitted {version} for review", page, note)
    return submission


def authors_since_approval(version: Version) -> set[int]:
    """Return the accounts that made the version, and those before it since an earlier approval."""
    line = line_of(version)
    earlier = approval_in(line[1:])
    if earlier is not None:
        line = line[: line.index(earlier.version_id)]
    made = Version.objects.filter(pk__in=line).values_list("by_id", flat=True)
    return {pk for pk in made if pk is not None}


def why_not_review(page: Page, version: Version, user: Any) -> str:
    """Return why somebody cannot review a version, or an empty text if they can."""
    if not user.has_perm(REVIEW):
        return "Only a clinical reviewer can review a page."
    person = person_of(user)
    if person is None:
        return (
            "Readers are told who reviewed a page, so your account has to be joined to your"
            " practitioner profile. Ask a manager to do that."
        )
    if ReviewPolicy.current().single_person_mode:
        return ""
    if user.pk in authors_since_approval(version):
        return (
            "You wrote part of these changes, so somebody else reviews them: a colleague with the"
            " reviewer role, or a clinician from outside by a link."
        )
    if _is_named_author(version, person):
        return "You are named as the page’s author, so somebody else reviews it."
    return ""


def _is_named_author(version: Version, person: Any) -> bool:
    author = version.data.get("fields", {}).get("author") or {}
    return person is not None and author.get("pk") == person.pk


def is_own_work(version: Version, user: Any) -> bool:
    """Say whether somebody wrote part of a version, or is named as its author."""
    return user.pk in authors_since_approval(version) or _is_named_author(version, person_of(user))


def offered_review_date(on: date | None = None) -> date:
    """Return when the next review is due unless the reviewer says otherwise."""
    start = on or timezone.localdate()
    months = start.month - 1 + ReviewPolicy.current().review_months
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


@transaction.atomic
def review(
    page: Page,
    version: Version,
    user: User,
    *,
    decision: str,
    remarks: Sequence[Mapping[str, str]] = (),
    next_review_due: date | None = None,
) -> Review:
    """Record what a clinician of the clinic decided about one exact version."""
    _lock(page)
    if why := why_not_review(page, version, user):
        raise Refused(why)
    _require_latest(page, version)
    person = person_of(user)
    own = is_own_work(version, user)
    found = _record_review(
        version,
        decision=decision,
        remarks=remarks,
        next_review_due=next_review_due,
        by=user,
        by_name=str(person),
        reviewer=person,
        is_own_work=own,
    )
    project_or_tell(page)
    own_words = "own work, in single-person mode" if own else ""
    record(user, f"review of {version}: {found.get_decision_display().lower()}", page, own_words)
    return found


def _record_review(
    version: Version,
    *,
    decision: str,
    remarks: Sequence[Mapping[str, str]],
    next_review_due: date | None,
    **who: Any,
) -> Review:
    kept = [dict(each) for each in remarks if each.get("text", "").strip()]
    today = timezone.localdate()
    if decision not in Review.Decision.values:
        raise Refused("Choose a decision.")
    if decision != Review.Decision.APPROVED and not kept:
        raise Refused("Say in at least one remark what has to change.")
    if decision == Review.Decision.APPROVED and not (next_review_due and next_review_due > today):
        raise Refused("Say when the next review is due: a day after today.")
    return Review.objects.create(
        at=timezone.now(),
        version=version,
        decision=decision,
        remarks=kept,
        reviewed_on=today,
        next_review_due=next_review_due if decision == Review.Decision.APPROVED else None,
        **who,
    )


# --- publishing -----------------------------------------------------------------------------------


def change_note_missing(page: Page, version: Version) -> str:
    """Return what has to be said about the change before it is published, or an empty text."""
    live = live_version(page)
    if live is None or not page.is_published or live.pk == version.pk:
        return ""
    if version.is_minor:
        reasons = why_not_slight(clinical(live), clinical(version))
        if reasons:
            return (
                "This is more than spelling or layout: "
                + " ".join(reasons[:3])
                + " Untick “only spelling or layout” and say what changed."
            )
        return ""
    if not version.change_note:
        return (
            "Say what changed for readers, in the field “What changed”, or tick “only spelling or"
            " layout”."
        )
    return ""


def sorted_findings(page: Page, version: Version) -> dict[Level, list[Finding]]:
    """Return what the checks find, by what it means for publishing."""
    found = findings_on(page, version)
    return {level: [each for each in found if each.level is level] for level in Level}


@transaction.atomic
def publish(
    page: Page,
    version: Version,
    user: User,
    *,
    at: datetime | None = None,
    unreviewed_reason: str = "",
    accepts_warnings: bool = False,
) -> Publication:
    """Show a version to the public, now or from a moment on.

    Without a clinical review only a manager can do it, and says why; the page then says to readers
    that it was not reviewed, or not since it changed.
    """
    _require_role(user, PUBLISH, "Only an editor or a manager can publish a page.")
    _lock(page)
    page.refresh_from_db()
    if page.deleted_at:
        raise Refused("This page was deleted. Take it back first.")
    _require_latest(page, version)
    now = timezone.now()
    if at is not None and at < now + LEAST_AHEAD:
        raise Refused("Choose a time at least a minute from now, or publish now.")
    if missing := change_note_missing(page, version):
        raise Refused(missing)
    is_unreviewed = needs_review(page, version) and covering_approval(version) is None
    if is_unreviewed:
        _allow_unreviewed(user, unreviewed_reason)
    accepted = _accepted_warnings(page, version, accepts_warnings)
    _keep_address_free(page, version.data)
    _cancel_coming(page, user, Publication.Kind.PUBLISH)
    publication = Publication.objects.create(
        at=now,
        by=user,
        by_name=name_of(user),
        **page_key(page),
        kind=Publication.Kind.PUBLISH,
        version=version,
        effective_at=at or now,
        reason=unreviewed_reason if is_unreviewed else "",
        is_unreviewed=is_unreviewed,
        updated_on=_update_shown(page, version, at or now),
        accepted_warnings=accepted,
    )
    project(page)
    when = f"from {timezone.localtime(at):%-d %b %Y %H:%M}" if at else ""
    without = f"without a review: {unreviewed_reason}" if is_unreviewed else ""
    act = f"planned to publish {version}" if at else f"published {version}"
    record(user, act, page, "; ".join(filter(None, (when, without))))
    return publication


def needs_review(page: Page, version: Version) -> bool:
    """Say whether the version says something that a clinician has to have approved."""
    return snapshots.read(page, version.data).page.needs_review


def _allow_unreviewed(user: User, reason: str) -> None:
    _require_role(
        user,
        PUBLISH_UNREVIEWED,
        "No clinician has approved this version. Submit it for review; only a manager can publish"
        " without one.",
    )
    if not reason.strip():
        raise Refused("Say why this is published without a clinical review.")


def _accepted_warnings(page: Page, version: Version, accepts: bool) -> list[dict[str, Any]]:
    found = sorted_findings(page, version)
    errors, warnings = found[Level.ERROR], found[Level.WARNING]
    if errors:
        raise Refused(f"{len(errors)} thing(s) have to be mended first. First: {errors[0]}")
    if warnings and not accepts:
        raise Refused("The checks warn of something. Read the warnings and tick that you have.")
    return [asdict(each) | {"level": each.level.value} for each in warnings]


def _update_shown(page: Page, version: Version, at: datetime) -> date | None:
    """Return the day readers see as the last update: moved by a change of words alone."""
    live = live_version(page)
    if live is None or not _was_ever_public(page):
        return None
    if version.is_minor or version.pk == live.pk:
        return page.updated_on
    return timezone.localdate(at)


def _was_ever_public(page: Page) -> bool:
    past = Publication.objects.of(page).standing().filter(effective_at__lte=timezone.now())
    return bool(past.filter(kind=Publication.Kind.PUBLISH).exists())


def _keep_address_free(page: Page, data: Mapping[str, Any]) -> None:
    """Refuse an address that another page has."""
    slug = data["fields"]["slug"]
    taken = type(page)._base_manager.filter(slug=slug).exclude(pk=page.pk).first()
    if taken is not None:
        deleted = ", which was deleted," if taken.deleted_at else ""
        raise Refused(f"The page “{taken}”{deleted} has the address “{slug}”. Choose another.")


def address_of(page: Any) -> str:
    """Return the path of a page."""
    return str(page.get_absolute_url())


def coming(page: Page) -> list[Publication]:
    """Return what is planned for a page and has not taken effect."""
    return list(Publication.objects.of(page).standing().filter(effective_at__gt=timezone.now()))


def _cancel_coming(page: Page, user: User, kind: str) -> None:
    for each in coming(page):
        if each.kind == kind:
            Cancellation.objects.create(
                publication=each, at=timezone.now(), by=user, by_name=name_of(user)
            )


@transaction.atomic
def cancel(page: Page, publication: Publication, user: User) -> None:
    """Call off what is planned."""
    _require_role(user, PUBLISH, "Only an editor or a manager can change the plan.")
    _lock(page)
    if publication not in coming(page):
        raise Refused("This has taken effect already, or was called off.")
    Cancellation.objects.create(
        publication=publication, at=timezone.now(), by=user, by_name=name_of(user)
    )
    project_or_tell(page)
    record(user, f"called off: {publication}", page)


@transaction.atomic
def withdraw(
    page: Page,
    user: User,
    *,
    reason: str,
    at: datetime | None = None,
    merged_into: Page | None = None,
) -> Publication:
    """Take a page from the public, now or from a moment on.

    Its address says so, with the reason; merged into another page, it leads there for good.
    """
    _require_role(user, PUBLISH, "Only an editor or a manager can withdraw a page.")
    _lock(page)
    page.refresh_from_db()
    latest_version(page)
    now = timezone.now()
    if not reason.strip():
        raise Refused("Say why the page is withdrawn. Readers who have its address are told.")
    if at is not None and at < now + LEAST_AHEAD:
        raise Refused("Choose a time at least a minute from now, or withdraw it now.")
    if page.deleted_at or not _is_public_without_plan_to_withdraw(page, at or now):
        raise Refused("Readers cannot see this page then, so there is nothing to withdraw.")
    if merged_into is not None:
        _allow_merge(page, merged_into, at)
    _cancel_coming(page, user, Publication.Kind.WITHDRAW)
    if at is None:
        _cancel_coming(page, user, Publication.Kind.PUBLISH)
    target = address_of(merged_into) if merged_into else ""
    publication = Publication.objects.create(
        at=now,
        by=user,
        by_name=name_of(user),
        **page_key(page),
        kind=Publication.Kind.WITHDRAW,
        effective_at=at or now,
        reason=reason.strip(),
        merged_into=target,
    )
    project_or_tell(page)
    if target:
        redirects.add(address_of(page), target)
    words = f"merged into {target}: {reason}" if target else reason
    record(user, "withdrew the page" if at is None else "planned to withdraw the page", page, words)
    return publication


def _is_public_without_plan_to_withdraw(page: Page, at: datetime) -> bool:
    """Say whether the page is public at the moment, but for a withdrawal that this one replaces."""
    coming_withdrawal = models.Q(kind=Publication.Kind.WITHDRAW, effective_at__gt=timezone.now())
    decisions = Publication.objects.of(page).standing().exclude(coming_withdrawal)
    last = decisions.filter(effective_at__lte=at).last()
    return last is not None and last.is_publish


def _allow_merge(page: Page, target: Page, at: datetime | None) -> None:
    if at is not None:
        raise Refused("A page is merged at once. Withdraw it now, or leave the other page out.")
    if address_of(target) == address_of(page):
        raise Refused("A page cannot be merged into itself. Choose another.")
    if not target.is_published:
        raise Refused("Readers cannot see the other page. Publish it first, or choose another.")


# --- deleting -------------------------------------------------------------------------------------


@transaction.atomic
def delete(page: Page, user: User) -> None:
    """Take a page away altogether. It can be taken back for 30 days."""
    _require(user, "delete", page)
    _lock(page)
    latest_version(page)
    page.deleted_at = timezone.now()
    page.save(update_fields=["deleted_at"])
    record(user, "deleted the page", page)


@transaction.atomic
def undelete(page: Page, user: User) -> None:
    """Bring a deleted page back, as it was."""
    _require(user, "delete", page)
    _lock(page)
    page.deleted_at = None
    page.save(update_fields=["deleted_at"])
    project(page)
    record(user, "took the deleted page back", page)


# --- links for outside reviewers ------------------------------------------------------------------


@transaction.atomic
def share(page: Page, version: Version, user: User, *, invited: str, days: int) -> ShareLink:
    """Make a link by which somebody without an account reads one version, and may review it."""
    _require(user, "change", page)
    if not 1 <= days <= MAX_LINK_DAYS:
        raise Refused(f"Choose between 1 and {MAX_LINK_DAYS} days.")
    if not invited.strip():
        raise Refused("Say who the link is for.")
    link = ShareLink.objects.create(
        version=version,
        invited=invited.strip(),
        created_by=user,
        expires_at=timezone.now() + timedelta(days=days),
    )
    record(user, f"made a link to {version}", page, f"for {link.invited}, {days} days")
    return link


@transaction.atomic
def revoke(page: Page, link: ShareLink, user: User) -> None:
    """End a link before its time."""
    _require(user, "change", page)
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    record(user, f"revoked a link to {link.version}", page, f"for {link.invited}")


@transaction.atomic
def review_from_link(
    page: Page,
    link: ShareLink,
    *,
    name: str,
    registration: str,
    decision: str,
    remarks: Sequence[Mapping[str, str]] = (),
) -> Review:
    """Record what a clinician from outside decided about the version they were sent."""
    locked = ShareLink.objects.select_for_update().get(pk=link.pk)
    if not locked.is_open():
        raise Refused("This link has ended. Ask the clinic for a new one.")
    if locked.reviews.exists():
        raise Refused("Your decision was recorded already. Ask the clinic for a new link.")
    if not name.strip():
        raise Refused("Give your name.")
    if not registration.strip():
        raise Refused("Give your registration: the register and your number in it.")
    approved = decision == Review.Decision.APPROVED
    found = _record_review(
        link.version,
        decision=decision,
        remarks=remarks,
        next_review_due=offered_review_date() if approved else None,
        by=None,
        by_name=name.strip(),
        registration=registration.strip(),
        share_link=link,
    )
    project_or_tell(page)
    record(
        None,
        f"review of {link.version} by link",
        page,
        f"{found.get_decision_display()}; registration given: {registration.strip()}",
        by_name=name.strip(),
    )
    return found
