"""Change once: every page that uses what changed is listed, marked, and its reviewer told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evidence.change_once import ClaimState, claim_changed, open_needs, source_changed
from evidence.models import Claim, ReviewNeeded, Source
from evidence.usage import uses_of_claim, uses_of_source
from publishing import workflow
from publishing.models import Page
from tests.factories import (
    make_article,
    make_claim,
    make_clinic,
    make_condition,
    make_faq,
    make_information_page,
    make_practitioner,
    make_review,
    make_source,
    make_treatment,
    make_user,
    make_version,
    make_warning_sign,
)
from tests.publishing.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Capture = Callable[..., Any]


@pytest.fixture(autouse=True)
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no check of the texts, which have tests of their own, decide about reviewing."""
    monkeypatch.setattr("publishing.checks._checks", [])


def pages(uses: list[Any]) -> set[Any]:
    return {use.row for use in uses}


# --- who uses it ----------------------------------------------------------------------------------


def test_every_use_of_a_source_is_found() -> None:
    source, other = make_source("ng59"), make_source("ng590")
    claim = make_claim("back", sources=[source])
    hidden = make_claim("draft", sources=[source], is_public=False)
    make_claim("other", sources=[other])
    in_text = make_article(body="It says so [@NG59].")
    in_answer = make_treatment()
    for _ in range(2):
        make_faq(in_answer, answer="It says so [@ng59].")
    places = make_information_page(body="[claim:back]")
    places_draft = make_article(body="[claim:draft]")
    with_sign = make_condition()
    make_warning_sign(with_sign, sources=[source])
    treatment_sign = make_treatment()
    make_warning_sign(treatment_sign, sources=[source])
    person = make_practitioner(profile="Wrote [@ng59].")
    make_article(body="Another [@ng590] [claim:other] ng59.")
    uses = uses_of_source(source)
    assert pages(uses) == {
        in_text, in_answer, places, places_draft, with_sign, treatment_sign, person,
        claim.condition,
    }  # fmt: skip
    assert len(uses) == 8
    assert hidden.condition not in pages(uses)


def test_draft_of_a_public_page_and_deleted_pages() -> None:
    claim = make_claim("back", is_public=False)
    drafted = make_article(body="Nothing.")
    make_version(drafted, body="Now [claim:back].")
    make_article(body="[claim:back]", deleted_at=timezone.now())
    was = make_article(body="Once [claim:back].")
    make_version(was, body="Nothing.")
    found = {use.row: use.how for use in uses_of_claim(claim)}
    assert found == {
        drafted: "names it in its newest version",
        was: "names it in its text",
    }


def test_page_that_uses_it_twice_is_named_once() -> None:
    condition = make_condition(overview="[claim:back]")
    claim = make_claim("back", condition=condition)
    (use,) = uses_of_claim(claim)
    assert use.how == "names it in its text, shows it under “What the evidence says”"


# --- what marks a page ----------------------------------------------------------------------------


def changed(claim: Claim, **fields: Any) -> list[ReviewNeeded]:
    before = ClaimState.of(claim)
    sources = fields.pop("sources", None)
    Claim.objects.filter(pk=claim.pk).update(**fields) if fields else None
    if sources is not None:
        claim.sources.set(sources)
    claim.refresh_from_db()
    return claim_changed(claim, before, by_name="Ed")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sentence": "New words."}, "its sentence"),
        ({"direction": "do-not-offer"}, "its direction"),
        ({"is_public": False}, "is no longer public"),
        ({"sources": []}, "is no longer public"),
    ],
)
def test_change_that_readers_notice_marks_every_page(change: dict[str, Any], words: str) -> None:
    claim = make_claim("back")
    page = make_article(body="[claim:back]")
    needs = changed(claim, **change)
    assert {need.page for need in needs} == {page, claim.condition}
    for each in (page, claim.condition):
        (need,) = open_needs(each)
        assert words in need.reason
        assert "“back”" in need.reason
        assert need.by_name == "Ed"


def test_another_source_marks_too() -> None:
    claim = make_claim("back")
    assert "its sources" in changed(claim, sources=[make_source()])[0].reason


@pytest.mark.parametrize("change", [{"note": "x"}, {"certainty": "low"}, {"position": 3}, {}])
def test_change_that_readers_do_not_depend_on_marks_nothing(change: dict[str, Any]) -> None:
    assert changed(make_claim(), **change) == []


def test_change_of_a_claim_that_nobody_sees_marks_nothing() -> None:
    assert changed(make_claim(is_public=False), sentence="New.") == []


def test_new_public_claim_marks_its_condition() -> None:
    claim = make_claim()
    assert [need.page for need in claim_changed(claim, None)] == [claim.condition]


@pytest.mark.parametrize("status", ["superseded", "withdrawn", "lapsed"])
def test_source_that_falls_marks_the_pages_that_use_it(status: str) -> None:
    source = make_source("ng59")
    claim = make_claim(sources=[source])
    page = make_article(body="It says so [@ng59].")
    make_article(body="Nothing.")
    source.status = status
    source.save()
    needs = source_changed(source, "current")
    assert {need.page for need in needs} == {page, claim.condition}
    assert source_changed(source, status) == []


# --- until when -----------------------------------------------------------------------------------


def test_mark_stays_until_a_clinician_approves_the_page_again() -> None:
    page = make_article(body="[claim:back]", author=make_practitioner())
    claim = make_claim("back")
    make_review(page)
    changed(claim, sentence="New words.")
    assert len(open_needs(page)) == 1
    make_review(page, decision="changes", remark="Not yet")
    assert len(open_needs(page)) == 1
    make_review(page)
    assert open_needs(page) == []
    assert ReviewNeeded.objects.of(page).count() == 1
    # The other page that was marked is not answered by it.
    assert len(open_needs(claim.condition)) == 1


def test_review_before_the_change_answers_nothing() -> None:
    page = make_article(body="[claim:back]")
    make_review(page)
    changed(make_claim("back"), sentence="New words.")
    ReviewNeeded.objects.update(since=timezone.now() + timedelta(seconds=1))
    assert len(open_needs(page)) == 1


# --- who is told ----------------------------------------------------------------------------------


def reviewer(email: str) -> Any:
    return make_practitioner(user=make_user("Clinical reviewer", email=email))


def test_reviewers_are_told_once_each_after_the_commit(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    make_clinic()
    ann, bob = reviewer("ann@fernhill.example"), reviewer("bob@fernhill.example")
    claim = make_claim("back", condition=make_condition(author=bob))
    days = {"reviewed_on": timezone.localdate(), "next_review_due": timezone.localdate()
            + timedelta(days=9)}  # fmt: skip
    for number in range(2):
        make_article(title=f"Page of Ann {number}", body="[claim:back]", reviewed_by=ann, **days)
    with django_capture_on_commit_callbacks(execute=True):
        changed(claim, sentence="New words.")
        assert mail.outbox == []
    sent = {message.to[0]: message for message in mail.outbox}
    assert set(sent) == {"ann@fernhill.example", "bob@fernhill.example"}
    assert len(mail.outbox) == 2
    body = sent["ann@fernhill.example"].body
    assert "Page of Ann 0" in body
    assert "Page of Ann 1" in body
    assert "its sentence" in body
    assert "Changed by Ed" in body


def test_editors_are_told_of_a_page_that_has_nobody(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    make_clinic()
    make_user("Editor", email="ed@fernhill.example")
    make_user("Author", email="author@fernhill.example")
    make_user("Editor", email="gone@fernhill.example", is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        changed(make_claim("back"), sentence="New words.")
    assert [message.to for message in mail.outbox] == [["ed@fernhill.example"]]


def test_mail_that_fails_undoes_nothing_and_keeps_no_other_from_going(
    django_capture_on_commit_callbacks: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_clinic()
    for name in ("ann", "bob"):
        make_user("Editor", email=f"{name}@fernhill.example")

    def fail_for_ann(subject: str, text: str, sender: str, to: list[str]) -> None:
        if to == ["ann@fernhill.example"]:
            raise OSError("no mail today")
        mail.send_mail(subject, text, sender, to)

    monkeypatch.setattr("pages.evidence_uses.send_mail", fail_for_ann)
    claim = make_claim("back")
    with django_capture_on_commit_callbacks(execute=True):
        changed(claim, sentence="New words.")
    assert [message.to for message in mail.outbox] == [["bob@fernhill.example"]]
    assert mail.outbox[0].subject == "One page to review again"
    assert len(open_needs(claim.condition)) == 1


# --- in the admin ---------------------------------------------------------------------------------


def change_address(row: Any) -> str:
    return reverse(f"admin:evidence_{row._meta.model_name}_change", args=[row.pk])


def form_of(source: Source, **changes: Any) -> dict[str, Any]:
    form = {
        "kind": source.kind, "title": source.title, "body": source.body, "year": source.year,
        "status": source.status,
    }  # fmt: skip
    return form | changes


def test_marking_a_source_superseded_brings_its_pages_up_for_review(
    staff: Callable[..., Client],
) -> None:
    make_clinic()
    old, new = make_source("old", nice=""), make_source("new", nice="")
    page = make_article(title="A page that cites it", body="It says so [@old].")
    editor = staff("Editor")
    soup = parse(editor.get(change_address(old)).content.decode())
    assert "A page that cites it" in soup.select_one(".field-used_on").get_text()  # type: ignore[union-attr]
    form = form_of(old, status="superseded", superseded_by=new.pk)
    assert editor.post(change_address(old), form).status_code == 302
    (need,) = open_needs(page)
    assert "superseded by a newer one" in need.reason
    listed = editor.get(reverse("admin:evidence_reviewneeded_changelist")).content.decode()
    assert "A page that cites it" in listed
    desk = editor.get("/admin/").content.decode()
    assert "pages to review again" in desk
    make_review(page)
    assert (
        "A page that cites it"
        not in editor.get(reverse("admin:evidence_reviewneeded_changelist")).content.decode()
    )


def test_changing_a_claim_in_its_form_marks_its_pages(staff: Callable[..., Client]) -> None:
    source = make_source()
    claim = make_claim("back", sources=[source])
    page = make_treatment(what_it_is="[claim:back]")
    form = {
        "condition": claim.condition_id, "intervention": "Exercise", "sentence": claim.sentence,
        "direction": "consider", "country": "UK", "position": "0", "sources": [source.pk],
        "is_public": "on", "checked_on": "2026-06-01",
    }  # fmt: skip
    author = staff("Author")
    assert author.post(change_address(claim), form).status_code == 302
    assert open_needs(page) == []
    assert author.post(change_address(claim), form | {"sentence": "New."}).status_code == 302
    assert len(open_needs(page)) == 1
    form.pop("is_public")
    assert author.post(change_address(claim), form | {"sentence": "New."}).status_code == 302
    assert [need.reason for need in open_needs(claim.condition)] == [
        "The claim “back” is no longer public.",
        "The claim “back” has changed: its sentence.",
    ]


@pytest.mark.parametrize("way", ["page", "list"])
def test_deleting_marks_the_pages_first(staff: Callable[..., Client], way: str) -> None:
    claim = make_claim("back")
    page = make_article(body="[claim:back]")
    editor = staff("Editor")
    if way == "page":
        address, form = reverse("admin:evidence_claim_delete", args=[claim.pk]), {"post": "yes"}
    else:
        address = reverse("admin:evidence_claim_changelist")
        form = {"action": "delete_selected", "_selected_action": str(claim.pk), "post": "yes"}
    assert editor.post(address, form).status_code == 302
    assert not Claim.objects.exists()
    assert "was deleted" in open_needs(page)[0].reason


def test_who_sees_what_needs_reviewing(staff: Callable[..., Client]) -> None:
    changed(make_claim(), sentence="New.")
    address = reverse("admin:evidence_reviewneeded_changelist")
    for role, status in (
        ("Clinical reviewer", 200), ("Editor", 200), ("Manager", 200), ("Author", 403),
        ("Reception", 403),
    ):  # fmt: skip
        assert staff(role).get(address).status_code == status, role


def test_page_that_is_deleted_or_gone_needs_no_review(staff: Callable[..., Client]) -> None:
    make_clinic()
    page = make_article(title="Soon deleted", body="[claim:back]")
    claim = make_claim("back", condition=make_condition(name="Still here"))
    changed(claim, sentence="New.")
    gone = ReviewNeeded.objects.of(claim.condition).get()
    gone.pk, gone.object_id = None, 10**9
    gone.save()
    workflow.delete(page, make_user("Editor"))
    editor = staff("Editor")
    listed = editor.get(reverse("admin:evidence_reviewneeded_changelist")).content.decode()
    assert "Still here" in listed
    assert "Soon deleted" not in listed
    assert [need.page for need in ReviewNeeded.objects.open()] == [claim.condition]


@pytest.mark.parametrize("make", [make_condition, make_treatment])
def test_deleted_page_with_claims_stays_with_them(make: Callable[..., Any]) -> None:
    make_clinic()
    long_ago = timezone.now() - timedelta(days=99)
    kept, without = make(deleted_at=long_ago), make(deleted_at=long_ago)
    claim = make_claim(**{kept._meta.model_name: kept})
    call_command("housekeeping")
    rows = type(kept)._base_manager
    assert rows.filter(pk=kept.pk).exists()
    assert not rows.filter(pk=without.pk).exists()
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_pages_only_are_marked() -> None:
    source = make_source("ng59")
    make_practitioner(profile="Wrote [@ng59].")
    source.status = "lapsed"
    source.save()
    assert source_changed(source, "current") == []
    assert issubclass(type(make_article()), Page)
