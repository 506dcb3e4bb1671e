"""Whatever is done to a page, and in whatever order: the rows tell what the history says.

What the history says is worked out here a second time, by functions as plain as can be, which share
nothing with the program. More examples: HISTORY_EXAMPLES=500 in the environment.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy, deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from publishing import merging, snapshots, workflow
from publishing.models import (
    AuditEntry,
    Cancellation,
    Publication,
    Redirect,
    Review,
    Submission,
    Version,
)
from publishing.projection import apply_due, look_again
from tests.factories import (
    make_article,
    make_condition,
    make_faq,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
    make_warning_sign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.whole]

NOON = datetime(2026, 10, 24, 12, tzinfo=UTC)  # the day before the clocks change
SECOND = timedelta(seconds=1)
RECORDS = (Version, Submission, Review, Publication, Cancellation, AuditEntry)
TEXTS = [
    "Take two tablets a day. Recvoery takes weeks.",
    "Take two tablets a day. Recovery takes weeks.",
    "Take nine tablets a day. Recovery takes weeks.",
    "Do not rest.\n\nWalk a little more each day.\n\nAsk us if it hurts.",
    "Do not rest.\n\nWalk a little more each week.\n\nAsk us if it hurts.",
]
texts = st.sampled_from(TEXTS)
slugs = st.sampled_from(["one", "two", "three"])
hours = st.sampled_from([0.5, 1, 2, 13, 26])
users = st.sampled_from(["author", "editor", "manager"])


@pytest.fixture(autouse=True)
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the checks of texts out: they decide nothing here."""
    monkeypatch.setattr("publishing.checks._checks", [])


# --- what the history says, said plainly ----------------------------------------------------------


def decisions(page: Any) -> list[Publication]:
    """Return what was decided and not called off, in the order in which it takes effect."""
    called_off = {each.publication_id for each in Cancellation.objects.all()}
    own = [
        each
        for each in Publication.objects.all()
        if each.object_id == page.pk and each.page == page and each.pk not in called_off
    ]
    return sorted(own, key=lambda each: (each.effective_at, each.pk))


def is_public(page: Any, at: datetime) -> bool:
    past = [each for each in decisions(page) if each.effective_at <= at]
    return bool(past) and past[-1].kind == "publish" and page.deleted_at is None


def shown_version(page: Any, at: datetime) -> Version | None:
    """Return the version that readers see."""
    past = [each for each in decisions(page) if each.effective_at <= at]
    return past[-1].version if is_public(page, at) else None


def ancestors(version: Version | None) -> list[Version]:
    found = []
    while version is not None:
        found.append(version)
        version = version.based_on
    return found


def plain(value: Any) -> Any:
    """Return a snapshot without the names of what it refers to, which may change."""
    if isinstance(value, dict):
        kept = {"pk"} if set(value) == {"pk", "text"} else set(value)
        return {name: plain(each) for name, each in value.items() if name in kept}
    return [plain(each) for each in value] if isinstance(value, list) else value


# --- what can be done -----------------------------------------------------------------------------


class PageHistory(RuleBasedStateMachine):
    """A page, five people and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.travel = time_machine.travel(NOON, tick=False)
        self.clock = self.travel.start()
        self.written_at = NOON
        self.records: dict[tuple[str, int], str] = {}
        self.page: Any = None

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(
        make=st.sampled_from([make_article, make_condition, make_treatment, make_information_page]),
        was_public=st.booleans(),
    )
    def begin(self, make: Callable[..., Any], was_public: bool) -> None:
        self.people = {
            name: make_user(role)
            for name, role in (
                ("author", "Author"), ("editor", "Editor"), ("manager", "Manager"),
                ("reviewer", "Clinical reviewer"),
            )
        }  # fmt: skip
        make_practitioner(user=self.people["reviewer"])
        make_practitioner(user=self.people["manager"])
        self.page = make(slug="one", published_at=NOON if was_public else None)
        if make is not make_information_page:
            make_faq(self.page)
        if make is make_condition:
            make_warning_sign(self.page)
        # Public beside it all the time, unless they are merged too.
        self.others = [make_article(slug="first"), make_condition(slug="second")]
        self.kind = type(self.page)
        self.text = self.page.SECTIONS[0].field
        if was_public:
            workflow.adopt(self.page)

    def fresh(self) -> Any:
        return self.kind._base_manager.get(pk=self.page.pk)

    def newest(self, page: Any) -> Version:
        return workflow.latest_version(page)

    def do(self, step: Callable[..., Any], *args: Any, **told: Any) -> None:
        """Take a step, or be refused: what was refused leaves no trace, which is checked too."""
        with suppress(workflow.Refused):
            step(*args, **told)

    def edited(self, data: Any, **fields: Any) -> Any:
        found = deepcopy(data)
        found["fields"] |= fields
        return found

    @rule(
        words=texts, user=users, note=st.sampled_from(["", "We changed it."]), minor=st.booleans()
    )
    def save(self, words: str, user: str, note: str, minor: bool) -> None:
        page = self.fresh()
        data = self.edited(self.newest(page).data, **{self.text: words})
        self.do(
            workflow.save_draft, page, data, self.people[user], change_note=note, is_minor=minor
        )

    @rule(slug=slugs, user=users)
    def move(self, slug: str, user: str) -> None:
        page = self.fresh()
        data = self.edited(self.newest(page).data, slug=slug)
        self.do(workflow.save_draft, page, data, self.people[user], change_note="It moved.")

    @rule(words=texts, question=st.sampled_from(["Why?", "When?"]))
    def merge_of_two(self, words: str, question: str) -> None:
        page = self.fresh()
        base = self.newest(page)
        theirs = self.edited(base.data, summary=f"{question} Told in a line.")
        mine = self.edited(base.data, **{self.text: words, "summary": "Mine."})
        self.do(workflow.save_draft, page, theirs, self.people["author"], after=base)
        newest = self.newest(page)
        if newest.pk == base.pk:
            return
        with pytest.raises(workflow.NewerVersion):
            workflow.save_draft(page, mine, self.people["editor"], after=base)
        merged = merging.merge(base.data, newest.data, mine)
        data = merging.resolve(merged, {each.place: "mine" for each in merged.collisions})
        self.do(
            workflow.save_draft,
            page,
            data,
            self.people["editor"],
            after=newest,
            change_note="Two changes in one.",
        )

    @rule()
    def submit(self) -> None:
        page = self.fresh()
        self.do(workflow.submit, page, self.newest(page), self.people["author"])

    @rule(
        user=st.sampled_from(["reviewer", "manager"]),
        decision=st.sampled_from(["approved", "approved", "changes", "declined"]),
        older=st.booleans(),
    )
    def review(self, user: str, decision: str, older: bool) -> None:
        page = self.fresh()
        newest = self.newest(page)
        version = (newest.based_on or newest) if older else newest
        self.do(
            workflow.review,
            page,
            version,
            self.people[user],
            decision=decision,
            remarks=[{"heading": "Text", "text": "So."}],
            next_review_due=timezone.localdate() + timedelta(days=365),
        )

    @rule(decision=st.sampled_from(["approved", "declined"]), back=st.integers(0, 2))
    def review_by_link(self, decision: str, back: int) -> None:
        page = self.fresh()
        self.newest(page)
        versions = list(Version.objects.of(page))
        version = versions[min(back, len(versions) - 1)]
        link = workflow.share(page, version, self.people["author"], invited="Dr Out", days=3)
        self.do(
            workflow.review_from_link,
            page,
            link,
            name="Dr Out",
            registration="GMC 1",
            decision=decision,
            remarks=[{"heading": "Text", "text": "So."}],
        )

    @rule(user=users, later=st.none() | hours, reason=st.sampled_from(["", "It was urgent."]))
    def publish(self, user: str, later: float | None, reason: str) -> None:
        page = self.fresh()
        at = timezone.now() + timedelta(hours=later) if later else None
        told = {"at": at, "unreviewed_reason": reason, "accepts_warnings": True}
        self.do(workflow.publish, page, self.newest(page), self.people[user], **told)

    @rule(later=st.none() | hours)
    def withdraw_what_is_public(self, later: float | None) -> None:
        if not self.fresh().is_published:
            self.go_through_all_steps(words=TEXTS[3], later=None)
            self.rows_tell_what_the_history_says()
        self.withdraw(later=later)

    @rule(later=st.none() | hours)
    def withdraw(self, later: float | None) -> None:
        at = timezone.now() + timedelta(hours=later) if later else None
        self.do(workflow.withdraw, self.fresh(), self.people["editor"], reason="Old.", at=at)

    @rule(which=st.integers(0, 1))
    def merge_into_another(self, which: int) -> None:
        told = {"reason": "One page now.", "merged_into": self.other(which)}
        self.do(workflow.withdraw, self.fresh(), self.people["editor"], **told)

    @rule(which=st.integers(0, 1), into_ours=st.booleans())
    def merge_another(self, which: int, into_ours: bool) -> None:
        target = self.fresh() if into_ours else self.other(1 - which)
        told = {"reason": "One page now.", "merged_into": target}
        self.do(workflow.withdraw, self.other(which), self.people["editor"], **told)

    @rule(which=st.integers(0, 1))
    def bring_another_back(self, which: int) -> None:
        page = self.other(which)
        told = {"unreviewed_reason": "It is needed.", "accepts_warnings": True}
        self.do(workflow.publish, page, self.newest(page), self.people["manager"], **told)

    def other(self, which: int) -> Any:
        return type(self.others[which])._base_manager.get(pk=self.others[which].pk)

    @rule(which=st.integers(0, 3))
    def cancel(self, which: int) -> None:
        page = self.fresh()
        own = Publication.objects.of(page)
        if own:
            self.do(workflow.cancel, page, own[which % len(own)], self.people["editor"])

    @rule(which=st.integers(0, 20))
    def restore(self, which: int) -> None:
        page = self.fresh()
        self.newest(page)
        versions = list(Version.objects.of(page))
        version = versions[which % len(versions)]
        self.do(workflow.restore, page, version, self.people["editor"])

    @rule(words=texts, later=st.none() | hours)
    def go_through_all_steps(self, words: str, later: float | None) -> None:
        """Do what chance alone seldom does in the right order."""
        self.save(words=words, user="author", note="We changed it.", minor=False)
        self.review(user="reviewer", decision="approved", older=False)
        self.publish(user="editor", later=later, reason="")

    @rule(is_taken_back=st.sampled_from([True, True, True, False]))
    def delete(self, is_taken_back: bool) -> None:
        self.do(workflow.delete, self.fresh(), self.people["editor"])
        self.rows_tell_what_the_history_says()
        if is_taken_back:
            self.undelete()

    @precondition(lambda self: self.page is not None and self.fresh().deleted_at)
    @rule()
    def undelete(self) -> None:
        self.do(workflow.undelete, self.fresh(), self.people["editor"])

    @rule(by=hours)
    def time_passes(self, by: float) -> None:
        self.clock.shift(timedelta(hours=by))

    # --- what holds at any time -------------------------------------------------------------------

    @invariant()
    def rows_tell_what_the_history_says(self) -> None:
        if self.page is None:
            return
        # What follows from the time alone holds before anything has run.
        self.check_when_it_is_public(since=self.written_at)
        look_again()
        apply_due()
        self.written_at = timezone.now()
        page = self.fresh()
        self.check_when_it_is_public(since=self.written_at)
        self.check_plans(page)
        self.check_text(page)
        self.check_review(page)
        self.check_records(page)
        self.check_addresses(page)

    def check_when_it_is_public(self, since: datetime) -> None:
        """Compare the query with the history, now and about every planned moment.

        A row holds two times: one run of being public, from and until. What comes after that is
        written when the time has come (`check_plans`). After a withdrawal its own time is one.
        """
        page, now = self.fresh(), timezone.now()
        ahead = [each.effective_at for each in decisions(page) if each.effective_at > since]
        states = [is_public(page, at) for at in (since, *ahead)]
        turns = [
            at for at, was, told in zip(ahead, states, states[1:], strict=False) if was is not told
        ]
        was_public = any(
            each.kind == "publish" and each.effective_at <= since for each in decisions(page)
        )
        unknown = turns[1 if was_public else 2 :]
        moments = {now, *ahead, *(each - SECOND for each in ahead), now + timedelta(days=400)}
        for at in moments:
            if at < now or (unknown and at >= unknown[0]):
                continue
            told = self.kind.objects.published(at).filter(pk=page.pk).exists()
            assert told is is_public(page, at), f"at {at}"
            assert page.is_published_at(at) is told

    def check_plans(self, page: Any) -> None:
        """Let the time come for each plan in turn, as requests would, and put everything back."""
        ahead = [each.effective_at for each in decisions(page)]
        now = timezone.now()
        with transaction.atomic():
            for at in sorted({each for each in ahead if each > now}):
                self.clock.move_to(at)
                look_again()
                apply_due()
                row = self.fresh()
                assert row.is_published is is_public(row, at)
                assert self.kind.objects.published().filter(pk=row.pk).exists() is row.is_published
                self.check_text(row)
            transaction.set_rollback(True)
        self.clock.move_to(now)

    def check_text(self, page: Any) -> None:
        versions = list(Version.objects.of(page))
        if not versions:
            return
        row = plain(json.loads(json.dumps(snapshots.take(page), cls=DjangoJSONEncoder)))
        shown = shown_version(page, timezone.now())
        if shown is not None:
            assert page.live_version == shown
        expected = page.live_version or versions[0]
        assert row == plain(expected.data)
        past = [each for each in decisions(page) if each.effective_at <= timezone.now()]
        notes = [each["note"] for each in page.change_notes]
        told = {each.version.change_note for each in past if each.version}
        assert set(notes) <= told
        days = [each["on"] for each in page.change_notes]
        assert days == sorted(days, reverse=True)
        assert all(date.fromisoformat(each) <= timezone.localdate() for each in days)
        if page.is_published and page.updated_on:
            assert page.updated_on <= timezone.localdate()

    def check_review(self, page: Any) -> None:
        for each in Review.objects.all():
            assert each.version.page == page
            assert each.is_own_work is False
            assert each.by_id is None or each.by_id != each.version.by_id
        line = ancestors(page.live_version or Version.objects.of(page).first())
        approvals = [
            each
            for version in line
            for each in version.reviews.all()
            if each.decision == "approved"
        ]
        if page.reviewed_on is None:
            assert not page.reviewed_by
            assert not page.outside_reviewer
        else:
            same = [each for each in approvals if each.reviewed_on == page.reviewed_on]
            assert same
            assert page.reviewed_on <= max(each.reviewed_on for each in approvals)
            assert page.next_review_due in {each.next_review_due for each in same}
            assert page.reviewed_by_id in {each.reviewer_id for each in same}
            if page.review_covers_text and not line[0].is_minor:
                words = plain(line[0].data)["fields"][self.text]
                assert words in {plain(each.version.data)["fields"][self.text] for each in same}
        for each in decisions(page):
            if each.kind == "publish" and each.version and not each.is_unreviewed:
                before = [
                    review
                    for version in ancestors(each.version)
                    for review in version.reviews.all()
                    if review.decision == "approved" and review.at <= each.at
                ]
                assert before, "published as reviewed, and nobody approved it"

    def check_records(self, page: Any) -> None:
        now = {
            (model.__name__, row["id"]): json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True)
            for model in RECORDS
            for row in model._base_manager.values()
        }
        assert self.records.items() <= now.items(), "a record was changed or is gone"
        self.records = now
        numbers = [each.number for each in Version.objects.of(page).order_by("number")]
        assert numbers == list(range(1, len(numbers) + 1))

    def check_addresses(self, page: Any) -> None:
        leads = dict(Redirect.objects.values_list("old_path", "new_path"))
        assert not set(leads) & set(leads.values()), "a chain, or a loop"
        if page.is_published:
            # No other page has ever had one of these addresses.
            for slug in self.slugs_that_readers_knew(page) - {page.slug}:
                before = copy(page)
                before.slug = slug
                assert leads[before.get_absolute_url()] == page.get_absolute_url()
        for each in (page, self.other(0), self.other(1)):
            address, past = each.get_absolute_url(), decisions(each)
            last = [one for one in past if one.effective_at <= timezone.now()][-1:]
            if each.is_published:
                assert address not in leads, "a page that is there leads on"
            elif last and last[0].merged_into:
                assert leads[address] != address

    def slugs_that_readers_knew(self, page: Any) -> set[str]:
        now = timezone.now()
        past = [each for each in decisions(page) if each.version and each.effective_at <= now]
        return {each.version.data["fields"]["slug"] for each in past}


def test_rows_tell_what_the_history_says(db: None) -> None:
    examples = int(os.environ.get("HISTORY_EXAMPLES", "0"))
    run_state_machine_as_test(
        PageHistory,
        settings=settings(
            max_examples=examples or 15,
            stateful_step_count=20,
            derandomize=not examples,
            database=None,
            # An example is dozens of transactions: there is no sense in timing one.
            deadline=None,
        ),
    )


# --- the sequences that are easy to get wrong -----------------------------------------------------


@pytest.fixture
def machine(db: None) -> Iterator[PageHistory]:
    found = PageHistory()
    found.begin(make=make_article, was_public=False)
    yield found
    found.teardown()


def approved(machine: PageHistory, words: str) -> None:
    machine.save(words=words, user="author", note="Other words.", minor=False)
    machine.review(user="reviewer", decision="approved", older=False)


@pytest.mark.parametrize("first", [1, 26])
def test_what_was_to_come_first_is_called_off(machine: PageHistory, first: float) -> None:
    approved(machine, TEXTS[0])
    machine.publish(user="editor", later=first, reason="")
    machine.withdraw(later=first * 2)
    machine.rows_tell_what_the_history_says()
    machine.cancel(which=0)
    machine.rows_tell_what_the_history_says()
    machine.time_passes(by=first * 3)
    machine.rows_tell_what_the_history_says()
    assert not machine.fresh().is_published


def test_gone_and_back_again_and_gone(machine: PageHistory) -> None:
    approved(machine, TEXTS[0])
    machine.publish(user="editor", later=None, reason="")
    machine.time_passes(by=1)
    machine.withdraw(later=None)
    machine.rows_tell_what_the_history_says()
    approved(machine, TEXTS[3])
    machine.publish(user="editor", later=2, reason="")
    machine.withdraw(later=13)
    for _ in range(8):
        machine.rows_tell_what_the_history_says()
        machine.time_passes(by=2)


def test_merged_pages_lead_to_the_end_and_come_back(machine: PageHistory) -> None:
    def leads() -> dict[str, str]:
        machine.rows_tell_what_the_history_says()
        return dict(Redirect.objects.values_list("old_path", "new_path"))

    ours, first, second = (
        each.get_absolute_url() for each in (machine.page, machine.other(0), machine.other(1))
    )
    machine.go_through_all_steps(words=TEXTS[0], later=None)
    machine.time_passes(by=1)
    machine.merge_into_another(which=0)
    assert leads() == {ours: first}
    machine.merge_another(which=0, into_ours=True)  # which nobody can see: refused
    assert leads() == {ours: first}
    machine.merge_another(which=0, into_ours=False)
    assert leads() == {ours: second, first: second}
    machine.time_passes(by=1)
    machine.publish(user="manager", later=2, reason="")
    assert leads() == {ours: second, first: second}
    machine.time_passes(by=2)
    assert leads() == {first: second}
    machine.merge_another(which=1, into_ours=True)
    assert leads() == {first: ours, second: ours}
    machine.bring_another_back(which=0)
    assert leads() == {second: ours}


@pytest.mark.parametrize("comes_back", [False, True])
def test_merged_page_that_is_to_come_back_under_another_address(
    machine: PageHistory, comes_back: bool
) -> None:
    def leads() -> dict[str, str]:
        machine.rows_tell_what_the_history_says()
        return dict(Redirect.objects.values_list("old_path", "new_path"))

    machine.go_through_all_steps(words=TEXTS[0], later=None)
    machine.time_passes(by=1)
    machine.merge_into_another(which=0)
    machine.move(slug="two", user="author")
    machine.publish(user="manager", later=2, reason="It is needed.")
    assert leads()["/articles/one/"] == "/articles/first/"
    if not comes_back:
        machine.cancel(which=2)
        assert leads()["/articles/one/"] == "/articles/first/"
        return
    machine.time_passes(by=2)
    assert leads() == {"/articles/one/": "/articles/two/"}


def test_the_check_itself_notices_a_row_that_says_something_else(machine: PageHistory) -> None:
    approved(machine, TEXTS[0])
    machine.publish(user="editor", later=None, reason="")
    machine.rows_tell_what_the_history_says()
    rows = machine.kind._base_manager.filter(pk=machine.page.pk)
    for wrong in (
        {machine.text: "Past the history."},
        {"withdrawn_at": NOON},
        {"reviewed_on": date(2026, 10, 25)},
        {"live_version": None},
    ):
        with transaction.atomic():
            rows.update(**wrong)
            with pytest.raises(AssertionError):
                machine.rows_tell_what_the_history_says()
            transaction.set_rollback(True)
    machine.rows_tell_what_the_history_says()
