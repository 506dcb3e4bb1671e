"""What can be done to a page, by whom and when, and what readers see of it."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from articles.models import Article
from publishing import redirects, sharing, snapshots, workflow
from publishing.checks import Candidate, Finding, Level
from publishing.models import (
    AppendOnlyError,
    AuditEntry,
    Cancellation,
    Publication,
    Redirect,
    Review,
    ReviewPolicy,
    ScheduledChange,
    ShareLink,
    Submission,
    Version,
)
from publishing.projection import look_again
from publishing.step_forms import PublishForm, WithdrawForm, moment
from publishing.waiting import waiting_versions
from tests.factories import (
    make_article,
    make_claim,
    make_clinic,
    make_condition,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
)
from tests.publishing.markup import parse, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Make = Callable[..., Any]
KINDS = pytest.mark.parametrize(
    "make", [make_article, make_condition, make_information_page, make_treatment]
)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
NEXT_YEAR = date(2027, 11, 10)
OLD = "Take two tablets a day. Do not run at all. Recvoery usually takes weeks."
NEW = "Walk a little each day and add a few steps every morning."
REMARK = [{"heading": "Overview", "text": "Say how long."}]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def no_checks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Leave the checks of texts out: what counts here is what is done about their findings."""
    checks: list[Any] = []
    monkeypatch.setattr("publishing.checks._checks", checks)
    return checks


@dataclass
class People:
    author: User
    colleague: User
    reviewer: User
    editor: User
    manager: User
    reception: User


@pytest.fixture
def people(db: None) -> People:
    found = People(
        author=make_user("Author", first_name="Ada", last_name="Author"),
        colleague=make_user("Author"),
        reviewer=make_user("Clinical reviewer"),
        editor=make_user("Editor"),
        manager=make_user("Manager"),
        reception=make_user("Reception"),
    )
    make_practitioner(name="Rhea Reviewer", user=found.reviewer)
    return found


def first_text(page: Any) -> str:
    return str(page.SECTIONS[0].field)


def text(page: Any) -> str:
    page.refresh_from_db()
    return str(getattr(page, first_text(page)))


def name_field(page: Any) -> str:
    return "name" if hasattr(page, "name") else "title"


def make_draft(make: Make = make_article, **fields: Any) -> Any:
    page = make(published_at=None, **fields)
    setattr(page, first_text(page), OLD)
    page.save()
    return page


def save(page: Any, user: User, words: str | None = None, **told: Any) -> Version:
    """Save a version with other words, or other values of fields."""
    latest = Version.objects.of(page).first()
    data = deepcopy(latest.data if latest else snapshots.take(page))
    fields = told.pop("fields", {})
    if words is not None:
        fields = fields | {first_text(page): words}
    data["fields"] |= fields
    version = workflow.save_draft(page, data, user, **told)
    page.refresh_from_db()
    return version


def approve(page: Any, user: User, due: date = NEXT_YEAR) -> Review:
    review = workflow.review(
        page,
        workflow.latest_version(page),
        user,
        decision=Review.Decision.APPROVED,
        next_review_due=due,
    )
    page.refresh_from_db()
    return review


def publish(page: Any, user: User, **told: Any) -> Publication:
    publication = workflow.publish(page, workflow.latest_version(page), user, **told)
    page.refresh_from_db()
    return publication


@pytest.fixture
def public(people: People) -> Callable[..., Any]:
    """Return a function that takes a page from draft to public, reviewed."""

    def make_public(make: Make = make_article, words: str = OLD, **fields: Any) -> Any:
        page = make_draft(make, **fields)
        save(page, people.author, words)
        approve(page, people.reviewer)
        publish(page, people.editor)
        return page

    return make_public


def acts(page: Any) -> list[str]:
    """Return what the audit log says of a page, oldest first."""
    entries = AuditEntry.objects.filter(object_id=str(page.pk), target__startswith=kind_of(page))
    return [each.act for each in entries.order_by("pk")]


def kind_of(page: Any) -> str:
    return str(page._meta.verbose_name)


def get(page_or_path: Any, client: Client | None = None) -> Any:
    path = page_or_path if isinstance(page_or_path, str) else page_or_path.get_absolute_url()
    look_again()
    return (client or Client()).get(path)


def step(page: Any, name: str, *args: Any) -> str:
    options = page._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{name}", args=[page.pk, *args])


# --- drafts ---------------------------------------------------------------------------------------


@KINDS
def test_draft_of_a_public_page_leaves_what_readers_see_untouched(
    make: Make, people: People, public: Callable[..., Any]
) -> None:
    page = public(make)
    before = type(page).objects.values().get(pk=page.pk)
    live = page.live_version
    save(page, people.author, NEW, fields={"slug": "elsewhere", "summary": "Other."})
    assert type(page).objects.values().get(pk=page.pk) == before
    assert page.live_version == live
    assert workflow.latest_version(page).number == 2
    answer = get(page).content.decode()
    assert "Do not run" in answer
    assert NEW not in answer


@KINDS
def test_draft_that_was_never_public_is_its_newest_version(make: Make, people: People) -> None:
    page = make_draft(make)
    save(page, people.author, NEW, fields={"slug": "other-address"})
    page.refresh_from_db()
    assert (text(page), page.slug, page.live_version) == (NEW, "other-address", None)
    assert not type(page).objects.published().exists()
    assert get(page).status_code == 404


@KINDS
def test_history_of_a_row_from_a_file_begins_with_what_readers_were_told(
    make: Make, people: People
) -> None:
    reviewer = make_practitioner()
    page = make(
        reviewed_by=reviewer,
        reviewed_on=date(2026, 2, 1),
        next_review_due=date(2027, 2, 1),
        updated_on=date(2026, 3, 1),
    )
    shown = type(page).objects.values().get(pk=page.pk)
    save(page, people.author, NEW)
    first = Version.objects.of(page).get(number=1)
    assert first.by_name == "The website"
    now = type(page).objects.values().get(pk=page.pk)
    # From now on it is the record, and not the days, that says what came after the review.
    assert now == shown | {"live_version_id": first.pk, "review_covers_text": False}
    assert Publication.objects.of(page).get().effective_at == page.published_at
    assert page.changed_since_review


@pytest.mark.parametrize("updated_on", [None, date(2026, 1, 31), date(2026, 2, 1)])
def test_row_from_a_file_that_was_reviewed_as_it_stands(updated_on: date | None) -> None:
    told = {"reviewed_on": date(2026, 2, 1), "next_review_due": date(2027, 2, 1)}
    page = make_article(reviewed_by=make_practitioner(), updated_on=updated_on, **told)
    workflow.adopt(page)
    assert not page.changed_since_review


def test_review_before_a_row_was_changed_in_its_file_vouches_for_no_later_words(
    people: People,
) -> None:
    page = make_article(
        body=OLD,
        reviewed_by=make_practitioner(),
        reviewed_on=date(2026, 2, 1),
        next_review_due=date(2027, 2, 1),
        updated_on=date(2026, 3, 1),
    )
    save(page, people.author, OLD.replace("Recvoery", "Recovery"), is_minor=True)
    with pytest.raises(workflow.Refused, match="No clinician has approved"):
        publish(page, people.editor)
    approve(page, people.reviewer)
    publish(page, people.editor)
    assert not page.changed_since_review


def test_history_is_begun_once() -> None:
    page = make_article()
    assert workflow.adopt(page) == workflow.adopt(page) == workflow.latest_version(page)


def test_version_says_what_it_came_from_and_who_made_it(people: People) -> None:
    page = make_draft()
    first = save(page, people.author, NEW, note="First try")
    second = save(page, people.colleague, OLD)
    assert (first.number, first.based_on, first.by_name) == (1, None, "Ada Author")
    assert (second.number, second.based_on) == (2, first)
    assert first.data["fields"]["body"] == NEW


def test_save_on_top_of_an_older_version_is_noticed(people: People) -> None:
    page = make_draft()
    first = save(page, people.author, NEW)
    save(page, people.colleague, OLD)
    with pytest.raises(workflow.NewerVersion):
        workflow.save_draft(page, first.data, people.author, after=first)
    assert Version.objects.of(page).count() == 2


@KINDS
@pytest.mark.parametrize("role", ["Reception", "Clinical reviewer"])
def test_only_people_who_write_save_versions(make: Make, role: str) -> None:
    page = make_draft(make)
    with pytest.raises(workflow.Refused, match="Your role does not include this"):
        save(page, make_user(role), NEW)
    assert not Version.objects.of(page).exists()


@KINDS
def test_old_version_is_restored_as_the_newest_draft(
    make: Make, people: People, public: Callable[..., Any]
) -> None:
    page = public(make)
    publish_new(page, people)
    first = Version.objects.of(page).get(number=1)
    restored = workflow.restore(page, first, people.author)
    assert (restored.number, restored.restored_from, restored.data) == (3, first, first.data)
    assert text(page) == NEW
    assert acts(page)[-1] == "restored as version 3"


def publish_new(page: Any, people: People, note: str = "We now say to walk.") -> Version:
    version = save(page, people.author, NEW, change_note=note)
    approve(page, people.reviewer)
    publish(page, people.editor)
    return version


def test_draft_cannot_be_restored_to_an_address_that_another_page_took(people: People) -> None:
    page = make_draft(slug="first")
    first = save(page, people.author)
    save(page, people.author, fields={"slug": "second"})
    make_article(slug="first", title="The other")
    with pytest.raises(workflow.Refused, match="The page “The other” has the address “first”"):
        workflow.restore(page, first, people.author)


# --- review ---------------------------------------------------------------------------------------


def test_handing_in_is_recorded_for_one_version(people: People) -> None:
    page = make_draft()
    first = save(page, people.author, NEW)
    asked = make_practitioner()
    found = workflow.submit(page, first, people.author, note="Please look", asked=asked)
    assert (found.version, found.note, found.asked) == (first, "Please look", asked)
    save(page, people.author, OLD)
    with pytest.raises(workflow.Refused, match="saved again after you opened it"):
        workflow.submit(page, first, people.author)
    with pytest.raises(workflow.Refused, match="Your role does not include this"):
        workflow.submit(page, workflow.latest_version(page), people.reviewer)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("role", ["Author", "Editor", "Reception"])
def test_only_a_reviewer_reviews(role: str, people: People) -> None:
    page = make_draft()
    save(page, people.author, NEW)
    user = make_user(role)
    make_practitioner(user=user)
    with pytest.raises(workflow.Refused, match="Only a clinical reviewer"):
        approve(page, user)


def test_reviewer_without_a_profile_is_refused(people: People) -> None:
    page = make_draft()
    save(page, people.author, NEW)
    with pytest.raises(workflow.Refused, match="joined to your practitioner profile"):
        approve(page, make_user("Clinical reviewer"))
    assert not Review.objects.exists()


def reviewing_author(**fields: Any) -> User:
    """Make somebody who may write and review."""
    user = make_user("Manager", **fields)
    make_practitioner(user=user)
    return user


@KINDS
def test_whoever_wrote_since_the_last_approval_does_not_review(make: Make, people: People) -> None:
    writer, last = reviewing_author(), reviewing_author()
    page = make_draft(make)
    save(page, writer, NEW)
    save(page, last, OLD)
    for user in (last, writer):
        with pytest.raises(workflow.Refused, match="You wrote part of these changes"):
            approve(page, user)
    approve(page, people.reviewer)
    # What they wrote before the approval does not keep them from reviewing what follows.
    save(page, last, NEW)
    with pytest.raises(workflow.Refused, match="You wrote part"):
        approve(page, last)
    assert approve(page, writer).is_own_work is False


def test_changes_asked_for_do_not_free_who_wrote_before(people: People) -> None:
    writer = reviewing_author()
    page = make_draft()
    version = save(page, writer, NEW)
    workflow.review(
        page, version, people.reviewer, decision=Review.Decision.CHANGES, remarks=REMARK
    )
    save(page, people.author, OLD)
    with pytest.raises(workflow.Refused, match="You wrote part"):
        approve(page, writer)


def test_person_named_as_author_does_not_review(people: People) -> None:
    page = make_draft()
    profile = workflow.person_of(people.reviewer)
    save(page, people.author, fields={"author": snapshots.reference(profile)})
    with pytest.raises(workflow.Refused, match="named as the page’s author"):
        approve(page, people.reviewer)


@pytest.mark.parametrize("as_named_author", [True, False])
def test_single_person_mode_allows_own_work_and_says_so(
    as_named_author: bool, people: People
) -> None:
    ReviewPolicy(single_person_mode=True).save()
    user = reviewing_author()
    page = make_draft()
    if as_named_author:
        profile = snapshots.reference(workflow.person_of(user))
        save(page, people.author, fields={"author": profile})
    else:
        save(page, user, NEW)
    assert approve(page, user).is_own_work is True
    assert AuditEntry.objects.filter(act__startswith="review of").get().detail == (
        "own work, in single-person mode"
    )


def test_single_person_mode_says_nothing_of_somebody_else_s_work(people: People) -> None:
    ReviewPolicy(single_person_mode=True).save()
    page = make_draft()
    save(page, people.author, NEW)
    assert approve(page, people.reviewer).is_own_work is False


@KINDS
def test_review_is_of_one_exact_version(make: Make, people: People) -> None:
    page = make_draft(make)
    first = save(page, people.author, NEW)
    second = save(page, people.author, OLD)
    with pytest.raises(workflow.Refused, match="saved again after you opened it"):
        workflow.review(
            page,
            first,
            people.reviewer,
            decision=Review.Decision.APPROVED,
            next_review_due=NEXT_YEAR,
        )
    assert approve(page, people.reviewer).version == second
    assert not Review.objects.filter(version=first).exists()


@pytest.mark.parametrize("due", [None, date(2026, 11, 10), date(2026, 11, 9)])
def test_approval_needs_a_later_date(due: date | None, people: People) -> None:
    page = make_draft()
    version = save(page, people.author, NEW)
    with pytest.raises(workflow.Refused, match="when the next review is due"):
        workflow.review(page, version, people.reviewer, decision="approved", next_review_due=due)
    assert not Review.objects.exists()


@pytest.mark.parametrize("decision", ["changes", "declined"])
@pytest.mark.parametrize("remarks", [(), [{"heading": "Overview", "text": " \n"}]])
def test_no_is_never_said_without_a_remark(decision: str, remarks: Any, people: People) -> None:
    page = make_draft()
    version = save(page, people.author, NEW)
    with pytest.raises(workflow.Refused, match="at least one remark"):
        workflow.review(page, version, people.reviewer, decision=decision, remarks=remarks)
    found = workflow.review(page, version, people.reviewer, decision=decision, remarks=REMARK)
    assert (found.remarks, found.next_review_due) == (REMARK, None)


def test_decision_that_does_not_exist_is_refused(people: People) -> None:
    page = make_draft()
    version = save(page, people.author, NEW)
    with pytest.raises(workflow.Refused, match="Choose a decision"):
        workflow.review(page, version, people.reviewer, decision="perhaps")


@pytest.mark.parametrize(
    ("on", "months", "due"),
    [
        (date(2026, 11, 10), 24, date(2028, 11, 10)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 8, 31), 18, date(2028, 2, 29)),
        (date(2026, 1, 31), 12, date(2027, 1, 31)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_offered_review_date_is_the_clinic_s(on: date, months: int, due: date) -> None:
    ReviewPolicy(review_months=months).save()
    assert workflow.offered_review_date(on) == due


def test_name_of_the_reviewer_outlives_the_account(people: People) -> None:
    page = make_draft()
    save(page, people.author, NEW)
    review = approve(page, people.reviewer)
    people.author.delete()
    review.refresh_from_db()
    assert Version.objects.get().by is None
    assert Version.objects.get().by_name == "Ada Author"
    assert AuditEntry.objects.filter(act="saved version 1").get().by_name == "Ada Author"


# --- publishing -----------------------------------------------------------------------------------


@KINDS
def test_publishing_needs_an_approval(make: Make, people: People) -> None:
    page = make_draft(make)
    save(page, people.author, NEW)
    with pytest.raises(workflow.Refused, match="No clinician has approved this version"):
        publish(page, people.editor)
    approve(page, people.reviewer)
    publish(page, people.editor)
    assert page.is_published
    assert (page.reviewed_by, page.reviewed_on, page.next_review_due) == (
        workflow.person_of(people.reviewer),
        date(2026, 11, 10),
        NEXT_YEAR,
    )
    assert (page.updated_on, page.change_notes) == (None, [])
    assert NEW in get(page).content.decode()


@pytest.mark.parametrize("decision", ["changes", "declined"])
def test_no_after_a_yes_counts(decision: str, people: People) -> None:
    page = make_draft()
    version = save(page, people.author, NEW)
    approve(page, people.reviewer)
    workflow.review(page, version, people.reviewer, decision=decision, remarks=REMARK)
    with pytest.raises(workflow.Refused, match="No clinician has approved"):
        publish(page, people.editor)


def test_approval_does_not_hold_for_words_changed_since(people: People) -> None:
    page = make_draft()
    save(page, people.author, NEW)
    approve(page, people.reviewer)
    save(page, people.author, OLD)
    with pytest.raises(workflow.Refused, match="No clinician has approved"):
        publish(page, people.editor)


@KINDS
@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Reception"])
def test_only_an_editor_or_a_manager_decides_what_is_public(
    role: str, make: Make, people: People, public: Callable[..., Any]
) -> None:
    page = public(make)
    user = make_user(role)
    planned = workflow.withdraw(page, people.editor, reason="Old", at=NOON + HOUR)
    for do in (
        lambda: publish(page, user),
        lambda: workflow.withdraw(page, user, reason="Because"),
        lambda: workflow.cancel(page, planned, user),
    ):
        with pytest.raises(workflow.Refused, match="Only an editor or a manager"):
            do()


def test_older_version_is_not_published(people: People) -> None:
    page = make_draft()
    first = save(page, people.author, NEW)
    approve(page, people.reviewer)
    save(page, people.author, OLD)
    with pytest.raises(workflow.Refused, match="saved again after you opened it"):
        workflow.publish(page, first, people.editor)


def test_page_that_says_nothing_on_health_needs_no_review(people: People) -> None:
    page = make_draft(make_information_page, is_about_health=False)
    save(page, people.author, NEW)
    assert publish(page, people.editor).is_unreviewed is False
    save(page, people.author, OLD, fields={"is_about_health": True}, change_note="Doses added.")
    with pytest.raises(workflow.Refused, match="No clinician has approved"):
        publish(page, people.editor)


@KINDS
def test_manager_publishes_without_a_review_and_says_why(make: Make, people: People) -> None:
    page = make_draft(make)
    save(page, people.author, NEW)
    with pytest.raises(workflow.Refused, match="No clinician has approved"):
        publish(page, people.editor, unreviewed_reason="I want to")
    with pytest.raises(workflow.Refused, match="Say why"):
        publish(page, people.manager, unreviewed_reason="  ")
    found = publish(page, people.manager, unreviewed_reason="The number was wrong.")
    assert (found.is_unreviewed, found.reason) == (True, "The number was wrong.")
    assert page.is_published
    assert page.reviewed_on is None
    entry = AuditEntry.objects.get(act="published version 1")
    assert entry.detail == "without a review: The number was wrong."
    # A review of the same version makes it a reviewed page at once.
    approve(page, people.reviewer)
    assert page.reviewed_on == date(2026, 11, 10)
    assert page.review_covers_text
    found.refresh_from_db()
    assert found.is_unreviewed is True


def test_change_without_a_review_stays_visible_until_one_follows(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public()
    clock.shift(timedelta(days=3))
    save(page, people.author, NEW, change_note="Walk.")
    publish(page, people.manager, unreviewed_reason="A mistake was dangerous.")
    assert page.reviewed_on == date(2026, 11, 10)
    assert (page.review_covers_text, page.changed_since_review) == (False, True)
    clock.shift(timedelta(days=1))
    approve(page, people.reviewer)
    assert page.reviewed_on == date(2026, 11, 14)
    assert (page.review_covers_text, page.changed_since_review) == (True, False)


@KINDS
@pytest.mark.parametrize("is_planned", [False, True])
def test_reviewed_words_that_are_published_later_were_not_changed_since(
    make: Make,
    is_planned: bool,
    people: People,
    public: Callable[..., Any],
    clock: Any,
    signed_in: Callable[[User], Client],
) -> None:
    page = public(make)
    save(page, people.author, NEW, change_note="Walk.")
    approve(page, people.reviewer)
    if is_planned:
        publish(page, people.editor, at=NOON + timedelta(days=2))
    clock.shift(timedelta(days=2))
    if not is_planned:
        publish(page, people.editor)
    answer = get(page).content.decode()
    page.refresh_from_db()
    assert (text(page), page.updated_on) == (NEW, date(2026, 11, 12))
    assert page.reviewed_on == date(2026, 11, 10)
    assert not page.changed_since_review
    assert "has not yet checked" not in answer
    desk = signed_in(people.manager).get("/admin/").content.decode()
    assert "changed since their clinical review" not in desk


def test_decline_of_an_unreviewed_page_is_no_review(people: People) -> None:
    page = make_draft()
    version = save(page, people.author, NEW)
    publish(page, people.manager, unreviewed_reason="Because.")
    workflow.review(page, version, people.reviewer, decision="declined", remarks=REMARK)
    page.refresh_from_db()
    assert page.reviewed_on is None
    assert page.is_published


# --- minor edits and change notes -----------------------------------------------------------------


@KINDS
def test_mended_spelling_keeps_dates_and_review(
    make: Make, people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(make)
    before = type(page).objects.values().get(pk=page.pk)
    clock.shift(timedelta(days=3))
    mended = OLD.replace("Recvoery", "Recovery")
    version = save(page, people.author, mended, is_minor=True)
    assert publish(page, people.editor).is_unreviewed is False
    after = type(page).objects.values().get(pk=page.pk)
    assert text(page) == mended
    assert after == before | {first_text(page): mended, "live_version_id": version.pk}
    assert not page.changed_since_review


@KINDS
@pytest.mark.parametrize(
    ("old", "new"),
    [("two tablets", "three tablets"), ("Do not run", "Do run"), ("usually takes", "takes")],
)
def test_change_of_meaning_is_no_mended_spelling(
    old: str, new: str, make: Make, people: People, public: Callable[..., Any]
) -> None:
    page = public(make)
    version = save(page, people.author, OLD.replace(old, new), is_minor=True)
    for do in (
        lambda: workflow.submit(page, version, people.author),
        lambda: publish(page, people.editor),
        lambda: publish(page, people.manager, unreviewed_reason="It is only a word."),
    ):
        with pytest.raises(workflow.Refused, match="more than spelling or layout"):
            do()
    assert text(page) == OLD


def test_two_minor_edits_do_not_add_up_to_a_big_one(
    people: People, public: Callable[..., Any]
) -> None:
    """What counts is what readers saw last, not the version before."""
    page = public()
    save(page, people.author, OLD.replace("Do not run", "Do run"))
    save(
        page,
        people.author,
        OLD.replace("Do not", "Do").replace("Recvoery", "Recovery"),
        is_minor=True,
    )
    with pytest.raises(workflow.Refused, match="more than spelling"):
        publish(page, people.editor)


def test_draft_that_was_approved_is_not_changed_under_the_name_of_a_minor_edit(
    people: People,
) -> None:
    page = make_draft()
    save(page, people.author, OLD)
    approve(page, people.reviewer)
    save(page, people.author, OLD.replace("two", "nine"), is_minor=True)
    with pytest.raises(workflow.Refused, match="No clinician has approved"):
        publish(page, people.editor)


@KINDS
def test_change_of_a_public_page_needs_a_note_for_readers(
    make: Make, people: People, public: Callable[..., Any]
) -> None:
    page = public(make)
    version = save(page, people.author, NEW)
    with pytest.raises(workflow.Refused, match="Say what changed for readers"):
        workflow.submit(page, version, people.author)
    approve(page, people.reviewer)
    with pytest.raises(workflow.Refused, match="Say what changed for readers"):
        publish(page, people.editor)


@KINDS
def test_change_notes_stand_newest_first(
    make: Make, people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(make)
    for day, words in ((1, NEW), (2, OLD)):
        clock.shift(timedelta(days=1))
        save(page, people.author, words, change_note=f"Change {day}")
        approve(page, people.reviewer)
        publish(page, people.editor)
    assert page.change_notes == [
        {"on": "2026-11-12", "note": "Change 2"},
        {"on": "2026-11-11", "note": "Change 1"},
    ]
    assert page.updated_on == date(2026, 11, 12)
    assert [each["on"] for each in page.dated_change_notes] == [
        date(2026, 11, 12),
        date(2026, 11, 11),
    ]
    answer = get(page).content.decode()
    assert answer.index("Change 2") < answer.index("Change 1")


def test_note_of_a_minor_edit_is_not_shown(people: People, public: Callable[..., Any]) -> None:
    page = public()
    save(
        page, people.author, OLD.replace("Recvoery", "Recovery"), is_minor=True, change_note="Typo"
    )
    publish(page, people.editor)
    assert page.change_notes == []


def test_note_stands_once_when_a_page_comes_back(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public()
    clock.shift(HOUR)
    publish_new(page, people, "Walk.")
    clock.shift(HOUR)
    workflow.withdraw(page, people.editor, reason="Checking")
    clock.shift(timedelta(days=1))
    publish(page, people.editor)
    assert page.change_notes == [{"on": "2026-11-10", "note": "Walk."}]


def test_day_of_a_change_is_the_clinic_s(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public()
    clock.move_to(datetime(2027, 7, 1, 23, 30, tzinfo=UTC))
    save(page, people.author, NEW, change_note="Walk.")
    approve(page, people.reviewer, date(2028, 1, 1))
    publish(page, people.editor)
    assert page.updated_on == date(2027, 7, 2)
    assert page.change_notes[0]["on"] == "2027-07-02"


# --- checks ---------------------------------------------------------------------------------------


def finding(level: Level, at: list[Candidate]) -> Any:
    def check(candidate: Candidate) -> Iterator[Finding]:
        at.append(candidate)
        yield Finding(level, "body", "words", "This looks wrong.", "Mend it.")

    return check


def test_error_of_a_check_stops_the_version(people: People, no_checks: list[Any]) -> None:
    seen: list[Candidate] = []
    no_checks.append(finding(Level.ERROR, seen))
    page = make_draft()
    version = save(page, people.author, NEW)
    approve(page, people.reviewer)
    with pytest.raises(workflow.Refused, match="have to be mended first"):
        publish(page, people.editor, accepts_warnings=True)
    assert seen[-1].version == version
    assert seen[-1].page.body == NEW


def test_warning_is_accepted_by_name(people: People, no_checks: list[Any]) -> None:
    no_checks.append(finding(Level.WARNING, []))
    page = make_draft()
    save(page, people.author, NEW)
    approve(page, people.reviewer)
    with pytest.raises(workflow.Refused, match="Read the warnings"):
        publish(page, people.editor)
    found = publish(page, people.editor, accepts_warnings=True)
    assert [each["reason"] for each in found.accepted_warnings] == ["This looks wrong."]
    assert found.by == people.editor


def test_hint_stops_nothing(people: People, no_checks: list[Any]) -> None:
    no_checks.append(finding(Level.HINT, []))
    page = make_draft()
    save(page, people.author, NEW)
    approve(page, people.reviewer)
    assert publish(page, people.editor).accepted_warnings == []


# --- planned --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime.fromisoformat("2027-03-28T00:59"), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (datetime.fromisoformat("2027-03-28T02:00"), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (datetime.fromisoformat("2027-10-31T00:59"), datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        (datetime.fromisoformat("2027-10-31T02:00"), datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
@KINDS
def test_plan_is_kept_to_the_second_when_clocks_change(
    make: Make,
    local: datetime,
    utc: datetime,
    people: People,
    public: Callable[..., Any],
    signed_in: Callable[..., Client],
    clock: Any,
) -> None:
    page = make_draft(make)
    save(page, people.author, NEW)
    clock.move_to(utc - timedelta(hours=8))
    approve(page, people.reviewer, date(2028, 12, 1))
    told = {"version": 1, "when": "later", "day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"}
    response = signed_in(people.editor).post(step(page, "publish"), told)
    assert response.status_code == 302
    assert Publication.objects.of(page).get().effective_at == utc
    kind = type(page).objects
    clock.move_to(utc - SECOND)
    assert get(page).status_code == 404
    assert not kind.published().exists()
    clock.move_to(utc)
    assert kind.published().get() == page
    assert get(page).status_code == 200
    assert NEW in get(page).content.decode()


@pytest.mark.parametrize(
    "local",
    [
        datetime.fromisoformat("2027-03-28T01:00"),
        datetime.fromisoformat("2027-03-28T01:30"),
        datetime.fromisoformat("2027-10-31T01:00"),
        datetime.fromisoformat("2027-10-31T01:59"),
    ],
)
def test_time_that_clocks_skip_or_repeat_is_refused(local: datetime) -> None:
    with pytest.raises(ValidationError, match="The clocks change in that hour"):
        moment(local)
    for form_class in (PublishForm, WithdrawForm):
        told = {"when": "later", "day": local.date(), "time": local.time(), "reason": "Old"}
        assert "The clocks change" in str(form_class(told).errors)


def test_plan_without_a_day_or_a_time_is_refused() -> None:
    for told in ({"day": "2027-01-01"}, {"time": "10:00"}, {}):
        assert "Give both a day and a time" in str(PublishForm({"when": "later", **told}).errors)
    form = PublishForm({"when": "now", "day": "2027-01-01", "time": "10:00"})
    assert form.is_valid()
    assert form.cleaned_data["at"] is None


@KINDS
def test_planned_change_of_a_public_text_takes_effect_at_the_second(
    make: Make, people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(make)
    save(page, people.author, NEW, change_note="Walk.")
    approve(page, people.reviewer)
    at = NOON + timedelta(days=30)
    publish(page, people.editor, at=at)
    assert text(page) == OLD
    clock.move_to(at - SECOND)
    assert "Do not run" in get(page).content.decode()
    clock.move_to(at)
    answer = get(page).content.decode()
    assert NEW in answer
    assert "Do not run" not in answer
    page.refresh_from_db()
    assert (page.published_at, page.updated_on) == (NOON, at.date())
    assert page.change_notes == [{"on": "2026-12-10", "note": "Walk."}]
    assert not ScheduledChange.objects.exists()


def test_first_request_after_a_plan_of_long_ago_sees_it(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public()
    save(page, people.author, NEW, change_note="Walk.")
    approve(page, people.reviewer)
    publish(page, people.editor, at=NOON + HOUR)
    clock.shift(timedelta(days=200))
    assert NEW in get(page).content.decode()


@KINDS
def test_planned_withdrawal_takes_effect_at_the_second(
    make: Make, people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(make)
    at = NOON + timedelta(days=1)
    workflow.withdraw(page, people.editor, reason="It is out of date.", at=at)
    kind = type(page).objects
    clock.move_to(at - SECOND)
    assert kind.published().exists()
    assert get(page).status_code == 200
    clock.move_to(at)
    assert not kind.published().exists()
    assert get(page).status_code == 410
    page.refresh_from_db()
    assert page.is_withdrawn


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(seconds=59), -HOUR])
def test_plan_lies_a_minute_ahead(
    ahead: timedelta, people: People, public: Callable[..., Any]
) -> None:
    page = public()
    with pytest.raises(workflow.Refused, match="at least a minute from now"):
        publish(page, people.editor, at=NOON + ahead)
    with pytest.raises(workflow.Refused, match="at least a minute from now"):
        workflow.withdraw(page, people.editor, reason="Old", at=NOON + ahead)


def test_new_plan_replaces_the_old_one(people: People, clock: Any) -> None:
    page = make_draft()
    save(page, people.author, NEW)
    approve(page, people.reviewer)
    first = publish(page, people.editor, at=NOON + HOUR)
    second = publish(page, people.editor, at=NOON + 3 * HOUR)
    assert workflow.coming(page) == [second]
    assert Cancellation.objects.get().publication == first
    clock.shift(2 * HOUR)
    assert get(page).status_code == 404
    clock.shift(HOUR)
    assert get(page).status_code == 200
    page.refresh_from_db()
    assert page.updated_on is None


def test_first_text_is_no_update_though_its_plan_was_replaced(people: People) -> None:
    page = make_draft()
    save(page, people.author, OLD)
    approve(page, people.reviewer)
    publish(page, people.editor, at=NOON + HOUR)
    save(page, people.author, NEW)
    approve(page, people.reviewer)
    assert publish(page, people.editor, at=NOON + 2 * HOUR).updated_on is None


@pytest.mark.parametrize("hours", [1, 3])
def test_planned_withdrawal_is_moved(
    hours: int, people: People, public: Callable[..., Any]
) -> None:
    page = public()
    workflow.withdraw(page, people.editor, reason="Old", at=NOON + 2 * HOUR)
    moved = workflow.withdraw(page, people.editor, reason="Old", at=NOON + hours * HOUR)
    assert workflow.coming(page) == [moved]
    page.refresh_from_db()
    assert page.withdrawn_at == NOON + hours * HOUR


def test_publishing_now_calls_off_what_was_planned(
    people: People, public: Callable[..., Any]
) -> None:
    page = public()
    save(page, people.author, NEW, change_note="Walk.")
    approve(page, people.reviewer)
    publish(page, people.editor, at=NOON + HOUR)
    publish(page, people.editor)
    assert workflow.coming(page) == []
    assert text(page) == NEW


def test_plan_is_called_off(people: People, public: Callable[..., Any], clock: Any) -> None:
    page = public()
    save(page, people.author, NEW, change_note="Walk.")
    approve(page, people.reviewer)
    planned = publish(page, people.editor, at=NOON + HOUR)
    workflow.cancel(page, planned, people.editor)
    assert not ScheduledChange.objects.exists()
    clock.shift(2 * HOUR)
    assert "Do not run" in get(page).content.decode()
    with pytest.raises(workflow.Refused, match="taken effect already, or was called off"):
        workflow.cancel(page, planned, people.editor)


def test_what_took_effect_is_not_called_off(people: People, public: Callable[..., Any]) -> None:
    page = public()
    with pytest.raises(workflow.Refused, match="taken effect already"):
        workflow.cancel(page, Publication.objects.get(), people.editor)


def test_plan_of_another_page_is_not_called_off(people: People, public: Callable[..., Any]) -> None:
    page, other = public(), public()
    planned = workflow.withdraw(other, people.editor, reason="Old", at=NOON + HOUR)
    with pytest.raises(workflow.Refused, match="called off"):
        workflow.cancel(page, planned, people.editor)


def test_withdrawal_planned_after_a_publication_that_was_called_off_does_nothing(
    people: People, clock: Any
) -> None:
    page = make_draft()
    save(page, people.author, NEW)
    approve(page, people.reviewer)
    planned = publish(page, people.editor, at=NOON + HOUR)
    workflow.withdraw(page, people.editor, reason="Old", at=NOON + 2 * HOUR)
    workflow.cancel(page, planned, people.editor)
    clock.shift(3 * HOUR)
    assert get("/").status_code == 200
    assert get(page).status_code == 404
    page.refresh_from_db()
    assert (page.published_at, page.withdrawn_at) == (None, None)


def test_page_is_planned_to_come_and_to_go(people: People, clock: Any) -> None:
    page = make_draft()
    save(page, people.author, NEW)
    approve(page, people.reviewer)
    publish(page, people.editor, at=NOON + HOUR)
    workflow.withdraw(page, people.editor, reason="The course is over.", at=NOON + 2 * HOUR)
    for hours, status in ((0, 404), (1, 200), (2, 410)):
        clock.move_to(NOON + hours * HOUR)
        assert Article.objects.published().exists() is (status == 200)
        assert get(page).status_code == status


@KINDS
def test_plan_that_cannot_be_made_leaves_the_old_text_and_can_be_mended(
    make: Make, people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(make)
    address = page.get_absolute_url()
    save(page, people.author, NEW, fields={"slug": "taken"}, change_note="Moved.")
    approve(page, people.reviewer)
    publish(page, people.editor, at=NOON + HOUR)
    make(slug="taken")
    clock.shift(HOUR)
    assert "Do not run" in get(address).content.decode()
    change = ScheduledChange.objects.get()
    assert change.problem
    assert change.page == page
    # Nobody is kept from mending it, or from withdrawing the page.
    save(page, people.author, NEW, fields={"slug": "free"}, change_note="Moved.")
    approve(page, people.reviewer)
    assert ScheduledChange.objects.get().problem
    publish(page, people.editor)
    assert (page.slug, text(page)) == ("free", NEW)
    assert not ScheduledChange.objects.exists()


def test_page_whose_plan_failed_can_be_withdrawn(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public()
    save(page, people.author, NEW, fields={"slug": "taken"}, change_note="Moved.")
    approve(page, people.reviewer)
    publish(page, people.editor, at=NOON + HOUR)
    make_article(slug="taken")
    clock.shift(HOUR)
    get(page)
    workflow.withdraw(page, people.editor, reason="It was wrong.")
    assert get(page).status_code == 410
    assert not Article.objects.published().filter(pk=page.pk).exists()


def test_failing_plan_of_one_page_does_not_stop_another(
    people: People, public: Callable[..., Any], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, page = public(), public()
    for each in (broken, page):
        save(each, people.author, NEW, change_note="Walk.")
        approve(each, people.reviewer)
        publish(each, people.editor, at=NOON + HOUR)
    really = snapshots.write

    def write(row: Any, data: Any) -> Any:
        if row.pk == broken.pk:
            raise KeyError("odd")
        return really(row, data)

    monkeypatch.setattr(snapshots, "write", write)
    clock.shift(HOUR)
    assert "Do not run" in get(broken).content.decode()
    assert NEW in get(page).content.decode()
    assert ScheduledChange.objects.get().page == broken


# --- withdrawing ----------------------------------------------------------------------------------


@KINDS
def test_withdrawn_page_says_so_with_reason_and_date(
    make: Make, people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(make)
    clock.shift(timedelta(days=1))
    workflow.withdraw(page, people.editor, reason="NICE advises against it now.")
    response = get(page)
    assert response.status_code == 410
    assert response["X-Robots-Tag"] == "noindex"
    words = text_of(response.content.decode())
    assert "We withdrew this page on 11 November 2026" in words
    assert "NICE advises against it now." in words
    assert "Do not run" not in words


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_withdrawal_needs_a_reason(reason: str, people: People, public: Callable[..., Any]) -> None:
    page = public()
    with pytest.raises(workflow.Refused, match="Say why the page is withdrawn"):
        workflow.withdraw(page, people.editor, reason=reason)


def test_draft_and_withdrawn_page_are_not_withdrawn(
    people: People, public: Callable[..., Any]
) -> None:
    draft = make_draft()
    save(draft, people.author, NEW)
    page = public()
    workflow.withdraw(page, people.editor, reason="Old")
    for each in (draft, page):
        with pytest.raises(workflow.Refused, match="nothing to withdraw"):
            workflow.withdraw(each, people.editor, reason="Old")


@pytest.mark.parametrize(
    ("make", "list_address"),
    [
        (make_condition, "/conditions/"),
        (make_article, "/articles/"),
        (make_treatment, "/treatments/"),
        (make_information_page, "/"),
    ],
)
def test_withdrawn_page_leaves_every_list(
    make: Make, list_address: str, people: People, public: Callable[..., Any]
) -> None:
    make_clinic()
    page = public(make, **{"also_known_as": ["Zzyzx"]} if make is make_condition else {})
    link = f'href="{page.get_absolute_url()}"'
    for address in {list_address, "/"}:
        assert link in get(address).content.decode()
    workflow.withdraw(page, people.editor, reason="Old")
    for address in {list_address, "/"}:
        answer = get(address).content.decode()
        assert link not in answer
        assert "Zzyzx" not in answer


def test_withdrawn_page_leaves_the_pages_that_refer_to_it(
    people: People, public: Callable[..., Any]
) -> None:
    condition, article = public(make_condition), public()
    article.conditions.add(condition)
    assert str(condition) in get(article).content.decode()
    workflow.withdraw(condition, people.editor, reason="Old")
    assert str(condition) not in get(article).content.decode()


@KINDS
def test_merged_page_leads_to_the_other_for_good(
    make: Make, people: People, public: Callable[..., Any]
) -> None:
    page, other = public(make), public(make_article)
    workflow.withdraw(page, people.editor, reason="Two of a kind", merged_into=other)
    response = get(page)
    assert (response.status_code, response["Location"]) == (301, other.get_absolute_url())
    assert Publication.objects.of(page).last().merged_into == other.get_absolute_url()
    assert "merged into" in AuditEntry.objects.filter(act="withdrew the page").get().detail


def test_merge_that_leads_nowhere_is_refused(people: People, public: Callable[..., Any]) -> None:
    page = public()
    for other, at, why in (
        (page, None, "into itself"),
        (make_draft(), None, "Readers cannot see the other page"),
        (public(), NOON + HOUR, "merged at once"),
    ):
        with pytest.raises(workflow.Refused, match=why):
            workflow.withdraw(page, people.editor, reason="Same", merged_into=other, at=at)
    assert page.is_published


def test_chain_of_merged_pages_is_one_step(people: People, public: Callable[..., Any]) -> None:
    first, second, third = public(), public(), public()
    workflow.withdraw(first, people.editor, reason="Same", merged_into=second)
    workflow.withdraw(second, people.editor, reason="Same", merged_into=third)
    assert get(first)["Location"] == get(second)["Location"] == third.get_absolute_url()


def test_merged_page_comes_back_and_takes_the_other_in(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page, other = public(), public()
    workflow.withdraw(page, people.editor, reason="Same", merged_into=other)
    clock.shift(HOUR)
    publish(page, people.editor)
    assert get(page).status_code == 200
    clock.shift(HOUR)
    workflow.withdraw(other, people.editor, reason="Same", merged_into=page)
    assert get(other)["Location"] == page.get_absolute_url()
    assert get(page).status_code == 200


def test_draft_of_a_merged_page_does_not_take_its_redirect_away(
    people: People, public: Callable[..., Any]
) -> None:
    page, other = public(), public()
    workflow.withdraw(page, people.editor, reason="Same", merged_into=other)
    save(page, people.author, NEW)
    assert get(page).status_code == 301


@KINDS
def test_withdrawn_page_is_published_again(
    make: Make, people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(make)
    clock.shift(HOUR)
    workflow.withdraw(page, people.editor, reason="Old")
    clock.shift(HOUR)
    save(page, people.author, NEW)
    assert text(page) == OLD
    approve(page, people.reviewer)
    publish(page, people.editor)
    assert get(page).status_code == 200
    assert (page.is_withdrawn, page.published_at) == (False, NOON + 2 * HOUR)
    assert text(page) == NEW


def test_withdrawn_page_is_planned_to_come_back(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public()
    workflow.withdraw(page, people.editor, reason="Old")
    publish(page, people.editor, at=NOON + HOUR)
    assert get(page).status_code == 410
    clock.shift(HOUR)
    assert Article.objects.published().exists()
    assert get(page).status_code == 200


def test_withdrawal_at_once_calls_off_every_plan(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public()
    save(page, people.author, NEW, change_note="Walk.")
    approve(page, people.reviewer)
    publish(page, people.editor, at=NOON + HOUR)
    workflow.withdraw(page, people.editor, reason="Old", at=NOON + 2 * HOUR)
    workflow.withdraw(page, people.editor, reason="Wrong")
    assert workflow.coming(page) == []
    clock.shift(3 * HOUR)
    assert get(page).status_code == 410


# --- addresses ------------------------------------------------------------------------------------


def move(page: Any, people: People, slug: str, **told: Any) -> None:
    save(page, people.author, fields={"slug": slug}, change_note="It has a new address.")
    approve(page, people.reviewer)
    publish(page, people.editor, **told)


@KINDS
def test_old_address_leads_to_the_new_one(
    make: Make, people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(make, slug="one")
    old = [page.get_absolute_url()]
    for slug in ("two", "three"):
        clock.shift(HOUR)
        move(page, people, slug)
        for address in old:
            response = get(address)
            assert (response.status_code, response["Location"]) == (301, page.get_absolute_url())
        old.append(page.get_absolute_url())
    assert get(page).status_code == 200


def test_address_goes_back_and_forth(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(slug="one")
    for slug in ("two", "one", "two", "one"):
        clock.shift(HOUR)
        move(page, people, slug)
        assert get(page).status_code == 200
    assert list(Redirect.objects.values_list("old_path", "new_path")) == [
        ("/articles/two/", "/articles/one/")
    ]


def test_address_of_a_draft_leaves_no_trace(people: People) -> None:
    page = make_draft(slug="one")
    save(page, people.author, fields={"slug": "two"})
    approve(page, people.reviewer)
    publish(page, people.editor, at=NOON + HOUR)
    move(page, people, "three")
    assert not Redirect.objects.exists()


def test_planned_move_leads_on_from_its_second(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(slug="one")
    move(page, people, "two", at=NOON + HOUR)
    assert get("/articles/one/").status_code == 200
    assert get("/articles/two/").status_code == 404
    clock.shift(HOUR)
    assert get("/articles/one/")["Location"] == "/articles/two/"
    assert get("/articles/two/").status_code == 200


def test_address_of_another_page_is_refused(people: People, public: Callable[..., Any]) -> None:
    page, other = public(slug="one"), public(slug="two")
    save(page, people.author, fields={"slug": "two"}, change_note="Moved.")
    approve(page, people.reviewer)
    with pytest.raises(workflow.Refused, match="has the address “two”"):
        publish(page, people.editor)
    workflow.delete(other, people.editor)
    with pytest.raises(workflow.Refused, match="which was deleted, has the address"):
        publish(page, people.editor)


def test_redirects_make_no_chain_and_no_loop() -> None:
    redirects.add("/a/", "/b/")
    redirects.add("/b/", "/c/")
    assert redirects.destination("/a/") == redirects.destination("/b/") == "/c/"
    redirects.add("/d/", "/a/")
    assert redirects.destination("/d/") == "/c/"
    for old, new in (("/c/", "/a/"), ("/c/", "/d/"), ("/c/", "/c/")):
        with pytest.raises(redirects.RedirectLoop):
            redirects.add(old, new)
    assert redirects.destination("/c/") is None


def test_new_page_takes_an_old_address(people: People, public: Callable[..., Any]) -> None:
    page = public(slug="one")
    move(page, people, "two")
    other = public(slug="one")
    assert get("/articles/one/").status_code == 200
    assert str(other) in get("/articles/one/").content.decode()
    assert redirects.destination("/articles/one/") is None


@KINDS
@pytest.mark.parametrize("command", ["housekeeping", "check_links", "rebuild_search", ""])
def test_third_planned_moment_is_kept_too(
    command: str,
    make: Make,
    people: People,
    public: Callable[..., Any],
    clock: Any,
    settings: Any,
) -> None:
    """Gone now, back in two hours, gone in four: a row has no room for the last of them."""
    settings.LINK_CHECK_ENABLED = True
    page = public(make)
    clock.shift(HOUR)
    workflow.withdraw(page, people.editor, reason="Old")
    publish(page, people.editor, at=NOON + 3 * HOUR)
    workflow.withdraw(page, people.editor, reason="Old again", at=NOON + 5 * HOUR)
    clock.move_to(NOON + 6 * HOUR)
    look_again()
    if command:
        call_command(command, stdout=StringIO())
    else:
        assert get(page).status_code == 410
    page.refresh_from_db()
    assert not page.is_published
    assert not type(page).objects.published().exists()
    assert page.withdrawal_reason == "Old again"


# --- deleting -------------------------------------------------------------------------------------


@KINDS
def test_deleted_page_is_gone_and_comes_back_as_it_was(
    make: Make, people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(make)
    before = type(page).objects.values().get(pk=page.pk)
    workflow.delete(page, people.editor)
    assert get(page).status_code == 404
    assert not type(page).objects.published().exists()
    with pytest.raises(workflow.Refused, match="deleted"):
        save(page, people.author, NEW)
    with pytest.raises(workflow.Refused, match="deleted"):
        publish(page, people.editor)
    with pytest.raises(workflow.Refused, match="nothing to withdraw"):
        workflow.withdraw(page, people.editor, reason="Old")
    clock.shift(timedelta(days=29))
    workflow.undelete(page, people.editor)
    assert type(page).objects.values().get(pk=page.pk) == before
    assert get(page).status_code == 200
    assert acts(page)[-2:] == ["deleted the page", "took the deleted page back"]


@KINDS
@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Reception"])
def test_only_people_who_may_delete_do(
    role: str, make: Make, public: Callable[..., Any], people: People
) -> None:
    page = public(make)
    with pytest.raises(workflow.Refused, match="Your role does not include this"):
        workflow.delete(page, make_user(role))
    workflow.delete(page, people.editor)
    with pytest.raises(workflow.Refused, match="Your role does not include this"):
        workflow.undelete(page, make_user(role))


def test_plan_comes_true_behind_a_deleted_page(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public()
    save(page, people.author, NEW, change_note="Walk.")
    approve(page, people.reviewer)
    publish(page, people.editor, at=NOON + HOUR)
    workflow.delete(page, people.editor)
    clock.shift(2 * HOUR)
    assert get(page).status_code == 404
    workflow.undelete(page, people.editor)
    assert NEW in get(page).content.decode()


@KINDS
def test_housekeeping_removes_what_was_deleted_more_than_thirty_days_ago(
    make: Make, people: People, public: Callable[..., Any], clock: Any
) -> None:
    page, kept = public(make), public(make)
    workflow.delete(page, people.editor)
    for days, is_there in ((30, True), (31, False)):
        clock.move_to(NOON + timedelta(days=days))
        call_command("housekeeping", stdout=StringIO())
        assert type(page)._base_manager.filter(pk=page.pk).exists() is is_there
    assert type(page)._base_manager.get() == kept
    # What was decided about it stays on record, and so does that it is gone.
    (entry,) = AuditEntry.objects.filter(act="removed the page for good")
    assert (entry.object_id, entry.by, entry.by_name) == (str(page.pk), None, "The website")
    assert entry.target == f"{kind_of(page)}: {page}"
    assert Version.objects.filter(object_id=page.pk, data__fields__slug=page.slug).exists()
    assert AuditEntry.objects.filter(act="deleted the page").exists()


def test_page_that_claims_are_about_stays_on_and_can_be_taken_back(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public(make_condition)
    claim = make_claim(condition=page)
    workflow.delete(page, people.editor)
    clock.shift(timedelta(days=31))
    call_command("housekeeping", stdout=StringIO())
    assert not AuditEntry.objects.filter(act="removed the page for good").exists()
    workflow.undelete(page, people.editor)
    assert get(page).status_code == 200
    workflow.delete(page, people.editor)
    claim.delete()
    clock.shift(timedelta(days=31))
    call_command("housekeeping", stdout=StringIO())
    assert not type(page)._base_manager.filter(pk=page.pk).exists()


def test_plan_of_a_page_that_is_gone_is_forgotten(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public()
    save(page, people.author, NEW, change_note="Walk.")
    approve(page, people.reviewer)
    publish(page, people.editor, at=NOON + timedelta(days=60))
    workflow.delete(page, people.editor)
    clock.shift(timedelta(days=31))
    call_command("housekeeping", stdout=StringIO())
    clock.shift(timedelta(days=60))
    assert get("/").status_code == 200
    assert not ScheduledChange.objects.exists()


def test_history_of_a_gone_page_is_not_another_page_s(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public()
    workflow.delete(page, people.editor)
    clock.shift(timedelta(days=31))
    call_command("housekeeping", stdout=StringIO())
    assert not Version.objects.of(make_draft()).exists()


# --- links for outside reviewers ------------------------------------------------------------------


@pytest.fixture
def shared(people: People, public: Callable[..., Any]) -> tuple[Any, ShareLink]:
    """A public page with an unpublished version, and a link to that."""
    page = public()
    version = save(page, people.author, NEW, change_note="Walk.")
    return page, workflow.share(page, version, people.author, invited="Dr Outside", days=14)


def opinion(**told: str) -> dict[str, str]:
    return {
        "decision": "approved",
        "name": "Dr Outside",
        "registration": "GMC 1234567",
    } | told


def form_of(link: ShareLink) -> str:
    return f"{sharing.address_of(link)}review/"


def test_link_shows_one_version_and_nothing_is_stored_or_told(
    shared: tuple[Any, ShareLink], people: People
) -> None:
    page, link = shared
    save(page, people.author, "Something newer.")
    for path in (sharing.address_of(link), form_of(link)):
        response = Client().get(path)
        assert response.status_code == 200
        assert response["X-Robots-Tag"].startswith("noindex")
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert not response.cookies
        assert "Something newer." not in response.content.decode()
    assert NEW in Client().get(sharing.address_of(link)).content.decode()
    assert text(page) == OLD


def test_link_cannot_be_made_up(shared: tuple[Any, ShareLink]) -> None:
    _, link = shared
    good = sharing.address_of(link)
    number, signature = good.removeprefix("/shared/").removesuffix("/").split(":")
    other = ShareLink.objects.create(version=link.version, invited="Other", expires_at=NOON + HOUR)
    for token in (number, f"{number}:", f"{other.pk}:{signature}", f"{number}:{signature[:-1]}x"):
        for end in ("", "review/"):
            assert Client().get(f"/shared/{token}/{end}").status_code == 404
        assert Client().post(f"/shared/{token}/review/", opinion()).status_code == 404
    assert Client().get(good).status_code == 200


def test_link_ends_by_itself(shared: tuple[Any, ShareLink], clock: Any) -> None:
    _, link = shared
    clock.shift(timedelta(days=14) - SECOND)
    assert Client().get(form_of(link)).status_code == 200
    clock.shift(SECOND)
    for path in (sharing.address_of(link), form_of(link)):
        assert Client().get(path).status_code == 404
    assert Client().post(form_of(link), opinion()).status_code == 410
    assert not Review.objects.filter(version=link.version).exists()


@pytest.mark.parametrize("end", ["time", "revoked", "deleted"])
def test_remarks_typed_while_a_link_ended_are_given_back(
    end: str, shared: tuple[Any, ShareLink], people: People, clock: Any
) -> None:
    page, link = shared
    labels = re.findall(r"Remark on “[^”]+”", Client().get(form_of(link)).content.decode())
    if end == "time":
        clock.shift(timedelta(days=14))
    elif end == "revoked":
        workflow.revoke(page, link, people.author)
    else:
        workflow.delete(page, people.editor)
    entries = AuditEntry.objects.count()
    told = opinion(remark_0="Say <how> long.\nAnd why.", remark_1="")
    response = Client().post(form_of(link), told)
    shown = parse(response.content.decode())
    assert response.status_code == 410
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"].startswith("noindex")
    main = shown.select_one("main")
    assert main is not None
    assert [each.get_text() for each in main.select("h3")] == labels[:1]
    assert "Say <how> long." in main.get_text()
    assert "And why." in main.get_text()
    assert not Review.objects.filter(version=link.version).exists()
    assert AuditEntry.objects.count() == entries


def test_reading_the_version_leaves_what_is_typed_where_it_is(
    shared: tuple[Any, ShareLink],
) -> None:
    _, link = shared
    shown = parse(Client().get(form_of(link)).content.decode())
    (read,) = shown.select(f'a[href="{sharing.address_of(link)}"]')
    assert (read["target"], read["rel"]) == ("_blank", ["noopener"])
    assert "opens in a new tab" in read.get_text()


def test_link_is_revoked(shared: tuple[Any, ShareLink], people: People) -> None:
    page, link = shared
    with pytest.raises(workflow.Refused, match="Your role does not include this"):
        workflow.revoke(page, link, people.reception)
    workflow.revoke(page, link, people.author)
    assert Client().get(sharing.address_of(link)).status_code == 404
    assert Client().post(form_of(link), opinion()).status_code == 410
    with pytest.raises(workflow.Refused, match="This link has ended"):
        workflow.review_from_link(
            page, link, name="Dr O", registration="GMC 1", decision="approved"
        )
    assert acts(page)[-1] == "revoked a link to version 2"


def test_link_ends_with_its_page(shared: tuple[Any, ShareLink], people: People) -> None:
    page, link = shared
    workflow.delete(page, people.editor)
    assert Client().get(sharing.address_of(link)).status_code == 404
    assert Client().post(form_of(link), opinion()).status_code == 410


@pytest.mark.parametrize("days", [0, -1, workflow.MAX_LINK_DAYS + 1])
def test_link_without_end_is_refused(days: int, people: People) -> None:
    page = make_draft()
    version = save(page, people.author, NEW)
    with pytest.raises(workflow.Refused, match="between 1 and"):
        workflow.share(page, version, people.author, invited="Dr O", days=days)
    with pytest.raises(workflow.Refused, match="who the link is for"):
        workflow.share(page, version, people.author, invited=" ", days=1)
    with pytest.raises(workflow.Refused, match="Your role does not include this"):
        workflow.share(page, version, people.reception, invited="Dr O", days=1)


def test_outside_approval_is_recorded_with_name_and_registration_once(
    shared: tuple[Any, ShareLink], people: People
) -> None:
    page, link = shared
    client = Client(enforce_csrf_checks=True)
    response = client.post(form_of(link), opinion(remark_0="Well said."))
    assert response.status_code == 200
    assert not response.cookies
    assert "Thank you for your review" in response.content.decode()
    found = Review.objects.get(version=link.version)
    assert (found.by, found.by_name, found.registration) == (None, "Dr Outside", "GMC 1234567")
    assert (found.decision, found.share_link) == ("approved", link)
    assert [each["text"] for each in found.remarks] == ["Well said."]
    again = client.post(form_of(link), opinion(decision="declined", remark_0="No."))
    assert "Thank you for your review" in again.content.decode()
    assert Review.objects.filter(version=link.version).count() == 1
    with pytest.raises(workflow.Refused, match="recorded already"):
        workflow.review_from_link(
            page, link, name="Dr O", registration="GMC 1", decision="approved"
        )
    entry = AuditEntry.objects.filter(act="review of version 2 by link").get()
    assert entry.detail == "Approved; registration given: GMC 1234567"
    assert (entry.by, entry.by_name) == (None, "Dr Outside")
    publish(page, people.editor)
    assert page.outside_reviewer == "Dr Outside (GMC 1234567)"
    assert page.reviewed_by is None
    assert page.reviewed_on == date(2026, 11, 10)
    assert "Dr Outside" in get(page).content.decode()


@pytest.mark.parametrize("decision", ["declined", "changes"])
def test_outside_no_is_recorded(
    decision: str, shared: tuple[Any, ShareLink], people: People
) -> None:
    page, link = shared
    assert Client().post(form_of(link), opinion(decision=decision)).status_code == 422
    told = opinion(decision=decision, remark_0="Too sure of itself.")
    assert Client().post(form_of(link), told).status_code == 200
    assert Review.objects.get(version=link.version).decision == decision
    with pytest.raises(workflow.Refused, match="No clinician has approved"):
        publish(page, people.editor)


@pytest.mark.parametrize(
    "missing", [{"name": ""}, {"name": " "}, {"registration": ""}, {"decision": "yes"}]
)
def test_outside_review_needs_name_and_registration(
    missing: dict[str, str], shared: tuple[Any, ShareLink]
) -> None:
    page, link = shared
    response = Client().post(form_of(link), opinion(remark_0="Kept.", **missing))
    assert response.status_code == 422
    assert "Kept." in response.content.decode()
    with pytest.raises(workflow.Refused):
        workflow.review_from_link(page, link, **{**opinion(), **missing})
    assert not Review.objects.filter(version=link.version).exists()


def test_outside_approval_of_an_older_version_does_not_cover_the_newest(
    shared: tuple[Any, ShareLink], people: People
) -> None:
    page, link = shared
    save(page, people.author, "Something newer.", change_note="New.")
    Client().post(form_of(link), opinion())
    with pytest.raises(workflow.Refused, match="No clinician has approved"):
        publish(page, people.editor)


def test_version_that_is_planned_can_be_read_by_link(people: People) -> None:
    page = make_draft()
    version = save(page, people.author, NEW)
    approve(page, people.reviewer)
    publish(page, people.editor, at=NOON + HOUR)
    link = workflow.share(page, version, people.author, invited="Dr Outside", days=14)
    response = Client().get(sharing.address_of(link))
    assert response.status_code == 200
    assert NEW in response.content.decode()


def test_version_of_a_withdrawn_page_can_be_read_by_link(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page = public()
    clock.shift(HOUR)
    workflow.withdraw(page, people.editor, reason="Old")
    link = workflow.share(
        page, workflow.latest_version(page), people.author, invited="Dr O", days=14
    )
    assert Client().get(sharing.address_of(link)).status_code == 200
    assert get(page).status_code == 410


# --- what waits for whom --------------------------------------------------------------------------


def test_page_waits_for_the_right_people(people: People, clock: Any) -> None:
    page = make_draft()

    def waits() -> tuple[bool, bool, bool]:
        found = waiting_versions(Article)
        lists = (found.for_review, found.for_author, found.for_publishing)
        return tuple(page.pk in each for each in lists)  # type: ignore[return-value]

    version = save(page, people.author, NEW)
    assert waits() == (False, False, False)
    workflow.submit(page, version, people.author)
    assert waits() == (True, False, False)
    workflow.review(page, version, people.reviewer, decision="changes", remarks=REMARK)
    assert waits() == (False, True, False)
    clock.shift(HOUR)
    approve(page, people.reviewer)
    assert waits() == (False, False, True)
    planned = publish(page, people.editor, at=NOON + 3 * HOUR)
    assert waits() == (False, False, False)
    workflow.cancel(page, planned, people.editor)
    assert waits() == (False, False, True)
    workflow.delete(page, people.editor)
    assert waits() == (False, False, False)


# --- the record -----------------------------------------------------------------------------------


def test_every_act_is_in_the_audit_log(
    people: People, public: Callable[..., Any], clock: Any
) -> None:
    page, other = make_draft(), public()
    version = save(page, people.author, NEW)
    workflow.submit(page, version, people.author)
    approve(page, people.reviewer)
    planned = publish(page, people.editor, at=NOON + HOUR)
    workflow.cancel(page, planned, people.editor)
    publish(page, people.editor)
    clock.shift(HOUR)
    workflow.restore(page, version, people.author)
    link = workflow.share(page, version, people.author, invited="Dr O", days=3)
    workflow.revoke(page, link, people.author)
    goes = workflow.withdraw(page, people.editor, reason="Old", at=NOON + 3 * HOUR)
    workflow.cancel(page, goes, people.editor)
    workflow.withdraw(page, people.editor, reason="Same", merged_into=other)
    workflow.delete(page, people.editor)
    workflow.undelete(page, people.editor)
    assert acts(page) == [
        "saved version 1",
        "submitted version 1 for review",
        "review of version 1: approved",
        "planned to publish version 1",
        "called off: Public from 10 Nov 2026",
        "published version 1",
        "restored as version 2",
        "made a link to version 1",
        "revoked a link to version 1",
        "planned to withdraw the page",
        "called off: Withdrawn from 10 Nov 2026",
        "withdrew the page",
        "deleted the page",
        "took the deleted page back",
    ]
    entry = AuditEntry.objects.get(act="planned to publish version 1")
    assert entry.detail == "from 10 Nov 2026 13:00"
    # PostgreSQL holds a record to its length, and SQLite does not.
    longest = AuditEntry._meta.get_field("act").max_length
    assert all(len(each.act) <= longest for each in AuditEntry.objects.all())
    assert {each.by_name for each in AuditEntry.objects.all()} <= {
        "Ada Author", *(each.username for each in (people.reviewer, people.editor))
    }  # fmt: skip


def test_what_is_refused_leaves_no_record(people: People) -> None:
    page = make_draft()
    save(page, people.author, NEW)
    before = AuditEntry.objects.count()
    for do in (
        lambda: approve(page, people.author),
        lambda: publish(page, people.editor),
        lambda: workflow.withdraw(page, people.editor, reason="Old"),
        lambda: workflow.delete(page, people.author),
    ):
        with pytest.raises(workflow.Refused):
            do()
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    "model", [AuditEntry, Version, Submission, Review, Publication, Cancellation]
)
def test_records_are_added_to_and_nothing_else(model: Any, people: People) -> None:
    page = make_draft()
    workflow.submit(page, save(page, people.author, NEW), people.author)
    approve(page, people.reviewer)
    workflow.cancel(page, publish(page, people.editor, at=NOON + HOUR), people.editor)
    row = model.objects.first()
    before = list(model.objects.values().order_by("pk"))
    row.by_name = "Somebody else"
    for do in (
        row.save,
        lambda: row.save(update_fields=["by_name"]),
        row.delete,
        lambda: model.objects.update(by_name="Somebody else"),
        lambda: model.objects.filter(pk=row.pk).delete(),
        lambda: model.objects.bulk_update([row], ["by_name"]),
        lambda: model.objects.update_or_create(pk=row.pk, defaults={"by_name": "Somebody else"}),
    ):
        with pytest.raises(AppendOnlyError):
            do()
    assert list(model.objects.values().order_by("pk")) == before


def test_record_is_not_overwritten_by_a_new_one_of_its_number(people: People) -> None:
    page = make_draft()
    save(page, people.author, NEW)
    before = list(AuditEntry.objects.values())
    told = {"pk": before[0]["id"], "at": NOON, "by_name": "Nobody", "act": "something else"}
    for do in (
        lambda: AuditEntry(**told).save(),
        lambda: AuditEntry.objects.bulk_create(
            [AuditEntry(**told)],
            update_conflicts=True,
            update_fields=["act"],
            unique_fields=["id"],
        ),
    ):
        with pytest.raises((AppendOnlyError, IntegrityError)), transaction.atomic():
            do()
    assert list(AuditEntry.objects.values()) == before


def test_records_of_a_page_cannot_be_deleted_in_the_admin(
    people: People, public: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    page = public()
    client = signed_in(make_user("Manager", is_superuser=True))
    entry = AuditEntry.objects.first()
    assert entry is not None
    before = AuditEntry.objects.count()
    for action in ("change", "delete"):
        path = reverse(f"admin:publishing_auditentry_{action}", args=[entry.pk])
        response = client.post(path, {"post": "yes", "act": "something else"})
        assert response.status_code in {302, 403}
    assert AuditEntry.objects.count() == before
    entry.refresh_from_db()
    assert entry.act != "something else"
    assert page.is_published


# --- steps in the admin ---------------------------------------------------------------------------


@KINDS
def test_page_goes_from_draft_to_public_and_back_in_the_admin(
    make: Make, people: People, signed_in: Callable[..., Client], clock: Any
) -> None:
    page = make_draft(make)
    save(page, people.author, NEW)
    shown = {"version": 1}
    steps: list[tuple[User, str, dict[str, Any]]] = [
        (people.author, "submit", shown),
        (people.reviewer, "review", shown | {"decision": "approved", "next_review_due": NEXT_YEAR}),
        (people.editor, "publish", shown | {"when": "now"}),
        (people.editor, "withdraw", {"when": "now", "reason": "Old"}),
    ]
    for user, name, told in steps:
        clock.shift(HOUR)
        response = signed_in(user).post(step(page, name), told)
        assert response.status_code == 302, parse(response.content.decode()).get_text()
    assert get(page).status_code == 410


@pytest.mark.parametrize("name", ["submit", "publish", "withdraw", "share", "cancel", "revoke"])
def test_step_is_never_taken_by_following_a_link(
    name: str, public: Callable[..., Any], signed_in: Callable[..., Client], people: People
) -> None:
    page = public()
    before = AuditEntry.objects.count()
    assert signed_in(people.manager).get(step(page, name)).status_code == 302
    assert AuditEntry.objects.count() == before


def test_form_of_a_version_that_is_not_the_newest_is_refused(
    people: People, signed_in: Callable[..., Client]
) -> None:
    page = make_draft()
    save(page, people.author, NEW)
    approve(page, people.reviewer)
    save(page, people.author, OLD)
    response = signed_in(people.editor).post(step(page, "publish"), {"version": 1, "when": "now"})
    assert response.status_code == 422
    assert "saved again after you opened it" in response.content.decode()
    assert not Publication.objects.exists()
