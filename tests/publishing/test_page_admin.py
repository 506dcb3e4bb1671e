"""Pages in the admin: saving shows readers nothing, mistakes are named, lists say the state."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pages.models import InformationPage
from publishing import workflow
from publishing.models import AuditEntry, Publication, Review, Submission, Version, WorkInProgress
from tests.factories import (
    make_article,
    make_condition,
    make_information_page,
    make_practitioner,
    make_review,
    make_reviewer,
    make_treatment,
    make_user,
    make_version,
    make_warning_sign,
    publish,
)
from tests.publishing.markup import parse, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.whole]

Make = Callable[..., Any]
StaffClient = Callable[..., Client]
KINDS = pytest.mark.parametrize(
    "make", [make_article, make_condition, make_information_page, make_treatment]
)
TODAY = datetime(2026, 7, 1, 12, tzinfo=UTC)
REVIEWED_ON, DUE_ON = date(2026, 2, 1), date(2027, 2, 1)


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(TODAY, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no check of the texts, which have tests of their own, decide about publishing."""
    monkeypatch.setattr("publishing.checks._checks", [])


def address(page: Any, action: str = "change") -> str:
    name = f"admin:{page._meta.app_label}_{page._meta.model_name}_{action}"
    return reverse(name, args=[] if action in {"changelist", "add", "deleted"} else [page.pk])


def filled_in(soup: BeautifulSoup) -> dict[str, Any]:
    """Return what a browser would send when the form is saved as it stands."""
    form = soup.select_one("#content-main form[method=post]")
    assert form is not None
    sent: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if "__prefix__" in name or field.get("type") in {"submit", "file"}:
            continue
        value = value_of(field)
        if value is not None:
            sent[name] = value
    return sent


def value_of(field: Tag) -> Any:
    if field.name == "textarea":
        return field.get_text().removeprefix("\n")
    if field.name == "select":
        chosen = [str(option.get("value", "")) for option in field.select("option[selected]")]
        return chosen if field.has_attr("multiple") else (chosen or [""])[0]
    if field.get("type") == "checkbox":
        return "on" if field.has_attr("checked") else None
    return str(field.get("value", ""))


def save(client: Client, page: Any, **changes: Any) -> Version:
    """Send the form of a page with changes, and return the newest version."""
    soup = parse(client.get(address(page)).content.decode())
    response = client.post(address(page), filled_in(soup) | changes)
    assert response.status_code == 302, parse(response.content.decode()).select(".errorlist")
    assert response.headers["Location"] == address(page, "status")
    page.refresh_from_db()
    return workflow.latest_version(page)


def take(client: Client, page: Any, step: str, **sent: Any) -> Any:
    """Send the form of a step as the status page offers it, and return the answer."""
    soup = parse(client.get(address(page, "status")).content.decode())
    form = soup.select_one(f'form[action="{address(page, step)}"]')
    assert form is not None, f"{step} is not offered"
    offered = {str(each["name"]): each.get("value", "") for each in form.select("[type=hidden]")}
    response = client.post(address(page, step), offered | sent)
    page.refresh_from_db()
    return response


def read(page: Any) -> str:
    """Return what anybody sees at the address of the page."""
    response = Client().get(page.get_absolute_url())
    assert response.status_code == 200
    return str(response.content.decode())


def status(client: Client, page: Any) -> str:
    """Return the words of the page that says how a page stands."""
    response = client.get(address(page, "status"))
    assert response.status_code == 200
    main = parse(response.content.decode()).select_one("#content-main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def make_reviewed(make: Make, **fields: Any) -> Any:
    """Make a public page that was reviewed on a day before today."""
    return make(
        reviewed_by=make_practitioner(), reviewed_on=REVIEWED_ON, next_review_due=DUE_ON, **fields
    )


# --- from a draft to the public -------------------------------------------------------------------


@KINDS
def test_saved_text_is_a_version_and_readers_go_on_seeing_the_old_one(
    staff: StaffClient, make: Make
) -> None:
    page, author = make_reviewed(make, summary="Old words."), staff("Author")
    before = type(page).objects.values().get()
    workflow.adopt(page)
    adopted = type(page).objects.values().get()
    assert adopted == before | {"live_version_id": adopted["live_version_id"]}
    public = read(page)
    version = save(author, page, summary="New words.", change_note="New advice.", note="For Ben")
    assert (version.number, version.data["fields"]["summary"]) == (2, "New words.")
    assert (version.change_note, version.note, version.is_minor) == (
        "New advice.",
        "For Ben",
        False,
    )
    assert type(page).objects.values().get() == adopted
    assert read(page) == public
    words = status(author, page)
    assert "Public since 6 January 2025" in words
    assert "Readers see version 1" in words
    assert "Version 2, saved by" in words
    assert "It is not published yet." in words
    assert filled_in(parse(author.get(address(page)).content.decode()))["summary"] == "New words."


@KINDS
def test_reviewed_and_published_text_is_shown_with_its_dates(
    staff: StaffClient, signed_in: Callable[..., Client], make: Make
) -> None:
    page, author, editor = (
        make_reviewed(make, summary="Old words."),
        staff("Author"),
        staff("Editor"),
    )
    user = make_reviewer()
    reviewer = signed_in(user)
    save(author, page, summary="New words.", change_note="New advice.")
    assert take(author, page, "submit", note="Please look.").status_code == 302
    assert Submission.objects.get().version.number == 2
    assert "Old words." in read(page)

    seen = reviewer.get(address(page, "review")).content.decode()
    assert "Please look." in seen
    decision = filled_in(parse(seen)) | {"decision": "approved"}
    assert decision["next_review_due"] == "2028-07-01"  # the clinic's two years
    assert reviewer.post(address(page, "review"), decision).status_code == 302
    review = Review.objects.latest("pk")
    assert (review.version.number, review.reviewer) == (2, user.practitioner)
    assert "Old words." in read(page)
    page.refresh_from_db()
    assert page.reviewed_on == REVIEWED_ON  # of the text that readers see

    assert take(editor, page, "publish", when="now").status_code == 302
    assert page.summary == "New words."
    assert (page.updated_on, page.reviewed_on) == (TODAY.date(), TODAY.date())
    assert (page.reviewed_by, page.next_review_due) == (user.practitioner, date(2028, 7, 1))
    assert page.published_on == date(2025, 1, 6)
    assert page.change_notes == [{"on": "2026-07-01", "note": "New advice."}]
    shown = read(page)
    assert "New words." in shown
    assert "Old words." not in shown
    assert str(user.practitioner) in shown
    assert "there are no unpublished changes" in status(editor, page)


@KINDS
@pytest.mark.parametrize("updated_on", [None, date(2026, 1, 5)])
def test_mended_spelling_moves_no_date(
    staff: StaffClient, make: Make, updated_on: date | None
) -> None:
    page = make_reviewed(make, updated_on=updated_on, summary="Knees recieve a load.")
    published_at, reviewer = page.published_at, page.reviewed_by
    editor = staff("Editor")
    save(editor, page, summary="Knees receive a load.", is_minor="on")
    assert take(editor, page, "publish", when="now").status_code == 302
    assert page.summary == "Knees receive a load."
    assert (page.updated_on, page.published_at) == (updated_on, published_at)
    assert (page.reviewed_on, page.next_review_due) == (REVIEWED_ON, DUE_ON)
    assert page.reviewed_by == reviewer
    assert page.review_covers_text
    assert not page.changed_since_review
    assert page.change_notes == []


def test_more_than_spelling_is_not_published_as_spelling(staff: StaffClient) -> None:
    page, manager = make_reviewed(make_article, body="Take 1 tablet a day."), staff("Manager")
    version = save(manager, page, body="Take 10 tablets a day.", is_minor="on")
    sent = {"version": version.number, "when": "now", "unreviewed_reason": "Mine"}
    response = manager.post(address(page, "publish"), sent)
    assert response.status_code == 422
    assert "This is more than spelling or layout" in response.content.decode()
    page.refresh_from_db()
    assert page.body == "Take 1 tablet a day."


def test_public_page_is_not_changed_without_a_word_to_readers(staff: StaffClient) -> None:
    page, manager = make_article(body="Old."), staff("Manager")
    version = save(manager, page, body="New.")
    sent = {"version": version.number, "when": "now", "unreviewed_reason": "Mine"}
    response = manager.post(address(page, "publish"), sent)
    assert response.status_code == 422
    assert "Say what changed for readers" in response.content.decode()
    page.refresh_from_db()
    assert page.body == "Old."


def test_author_is_not_offered_to_publish_and_editor_only_what_was_approved(
    staff: StaffClient,
) -> None:
    page = make_article(published_at=None)
    step = f'action="{address(page, "publish")}"'

    def is_offered(role: str) -> bool:
        return step in staff(role).get(address(page, "status")).content.decode()

    assert [is_offered(role) for role in ("Author", "Editor", "Manager")] == [False, False, True]
    make_review(page)
    assert [is_offered(role) for role in ("Author", "Editor", "Manager")] == [False, True, True]


def test_manager_publishes_without_a_review_and_says_why(staff: StaffClient) -> None:
    page, manager = make_article(published_at=None), staff("Manager")
    refused = take(manager, page, "publish", when="now")
    assert refused.status_code == 422
    assert "Say why this is published without a clinical review." in refused.content.decode()
    assert not page.is_published
    taken = take(manager, page, "publish", when="now", unreviewed_reason="A flood.")
    assert taken.status_code == 302
    assert page.is_published
    publication = Publication.objects.get()
    assert (publication.is_unreviewed, publication.reason) == (True, "A flood.")
    assert "“A flood.”" in status(manager, page)


def test_who_wrote_a_change_does_not_review_it(signed_in: Callable[..., Client]) -> None:
    user = make_reviewer("Manager")
    page, client = make_article(), signed_in(user)
    version = save(client, page, body="Mine.", change_note="Mine.")
    shown = client.get(address(page, "review")).content.decode()
    assert "You wrote part of these changes" in shown
    sent = {"version": version.number, "decision": "approved", "next_review_due": "2027-07-01"}
    assert client.post(address(page, "review"), sent).status_code == 422
    assert not Review.objects.exists()


def test_who_may_not_review_is_not_told_why(staff: StaffClient) -> None:
    page = make_article(published_at=None)
    for role, is_shown in (("Author", False), ("Editor", False), ("Clinical reviewer", True)):
        assert ("Review clinically" in status(staff(role), page)) is is_shown, role


def test_history_has_the_day_of_a_review_from_a_file(staff: StaffClient, today: Any) -> None:
    page = make_reviewed(make_article)
    shown = text_of(staff("Editor").get(address(page, "history")).content.decode())
    assert f"Approved: {page.reviewed_by}, {REVIEWED_ON:%-d %b %Y}" in shown


def test_warning_sign_is_written_where_all_of_it_is_seen(staff: StaffClient) -> None:
    page = make_condition()
    make_warning_sign(page, sign="you have numbness around your genitals")
    shown = parse(staff("Editor").get(address(page, "change")).content.decode())
    (field,) = shown.select('textarea[name="warning_signs-0-sign"]')
    assert field.get_text().strip() == "you have numbness around your genitals"


def test_named_author_does_not_review_the_own_page(signed_in: Callable[..., Client]) -> None:
    user = make_reviewer()
    page = make_article(author=user.practitioner)
    number = workflow.latest_version(page).number
    sent = {"version": number, "decision": "approved", "next_review_due": "2027-07-01"}
    response = signed_in(user).post(address(page, "review"), sent)
    assert response.status_code == 422
    assert "You are named as the page’s author" in response.content.decode()
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({}, "Choose a decision."),
        ({"decision": "approved"}, "Say when the next review is due"),
        ({"decision": "approved", "next_review_due": "2026-07-01"}, "a day after today"),
        ({"decision": "approved", "next_review_due": "soon"}, "Enter a valid date"),
        ({"decision": "changes"}, "at least one remark"),
        ({"decision": "declined", "remark_0": "  "}, "at least one remark"),
        ({"decision": "maybe"}, "not one of the available choices"),
    ],
)
def test_half_a_review_is_refused_and_what_was_typed_is_kept(
    signed_in: Callable[..., Client], sent: dict[str, str], why: str
) -> None:
    page = make_condition()
    sent = {"remark_1": "", "version": str(workflow.latest_version(page).number)} | sent
    response = signed_in(make_reviewer()).post(address(page, "review"), sent)
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not Review.objects.exists()


def test_remarks_come_back_to_the_author_at_their_headings(
    staff: StaffClient, signed_in: Callable[..., Client]
) -> None:
    page, author = make_condition(published_at=None), staff("Author")
    reviewer = signed_in(make_reviewer())
    take(author, page, "submit")
    form = filled_in(parse(reviewer.get(address(page, "review")).content.decode()))
    remarks = {name: "Too strong." for name in form if name.startswith("remark_")}
    assert remarks
    last = max(remarks, key=lambda name: int(name.removeprefix("remark_")))
    sent = form | {"decision": "changes", last: "Too strong."}
    assert reviewer.post(address(page, "review"), sent).status_code == 302
    words = status(author, page)
    assert "Changes asked for" in words
    assert "Too strong." in words
    assert column(author, page, "state", work="changes") == ["Draft"]
    assert column(author, page, "state", work="review") == []


def test_saving_again_needs_the_review_again(staff: StaffClient) -> None:
    page, editor = make_article(published_at=None), staff("Editor")
    make_review(page)
    save(editor, page, body="Something else.")
    assert "No clinician has approved this text." in status(editor, page)
    version = workflow.latest_version(page)
    response = editor.post(address(page, "publish"), {"version": version.number, "when": "now"})
    assert response.status_code == 422
    page.refresh_from_db()
    assert not page.is_published


@KINDS
def test_planned_text_appears_at_its_time(staff: StaffClient, make: Make, today: Any) -> None:
    page, editor = make(published_at=None), staff("Editor")
    make_review(page)
    taken = take(editor, page, "publish", when="later", day="2026-07-02", time="09:30")
    assert taken.status_code == 302
    assert page.published_at == datetime(2026, 7, 2, 8, 30, tzinfo=UTC)  # the clinic's own clock
    assert Client().get(page.get_absolute_url()).status_code == 404
    assert "on 2 July 2026 at 09:30" in status(editor, page)
    today.move_to(datetime(2026, 7, 2, 8, 30, tzinfo=UTC))
    assert page.summary in read(page)


def test_every_act_fits_its_place_in_the_audit_log(staff: StaffClient) -> None:
    """A database may refuse words that are too long, and the act with them."""
    page, manager = make_article(published_at=None), staff("Manager")
    take(manager, page, "publish", when="later", day="2026-12-02", time="09:30",
         unreviewed_reason="Mine")  # fmt: skip
    assert page.published_at is not None
    for entry in AuditEntry.objects.all():
        assert len(entry.act) <= 40, entry.act


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"day": "2026-07-02"}, "Give both a day and a time"),
        ({"day": "2026-07-01", "time": "13:00"}, "at least a minute from now"),  # it is 13:00
        ({"day": "2026-10-25", "time": "01:30"}, "The clocks change in that hour"),
        ({"day": "2027-03-28", "time": "01:30"}, "The clocks change in that hour"),
        ({"day": "x", "time": "09:00"}, "Enter a valid date"),
    ],
)
def test_time_that_cannot_be_is_refused(staff: StaffClient, sent: dict[str, str], why: str) -> None:
    page = make_article(published_at=None)
    make_review(page)
    response = take(staff("Editor"), page, "publish", when="later", **sent)
    assert response.status_code == 422
    assert why in response.content.decode()
    assert page.published_at is None


def test_plan_is_called_off(staff: StaffClient) -> None:
    page, editor = make_article(published_at=None), staff("Editor")
    make_review(page)
    publish(page, at=TODAY + timedelta(days=1))
    assert take(editor, page, "cancel").status_code == 302
    assert page.published_at is None


@KINDS
def test_withdrawn_page_says_why_and_can_be_published_anew(staff: StaffClient, make: Make) -> None:
    page, editor = make_reviewed(make), staff("Editor")
    refused = take(editor, page, "withdraw", when="now", reason=" ")
    assert refused.status_code == 422
    assert "Say why the page is withdrawn." in refused.content.decode()
    assert take(editor, page, "withdraw", when="now", reason="It was wrong.").status_code == 302
    gone = Client().get(page.get_absolute_url())
    assert gone.status_code == 410
    assert "It was wrong." in gone.content.decode()
    assert "Withdrawn since" in status(editor, page)
    assert column(editor, page, "state", state="withdrawn") == ["Withdrawn"]
    assert take(editor, page, "publish", when="now").status_code == 302
    assert page.summary in read(page)


def test_merged_page_leads_on(staff: StaffClient) -> None:
    page, other = make_article(), make_article()
    address_of_other = other.get_absolute_url()
    taken = take(staff("Editor"), page, "withdraw", when="now", reason="Twice",
                 merged_into=address_of_other)  # fmt: skip
    assert taken.status_code == 302
    response = Client().get(page.get_absolute_url())
    assert response.status_code in {301, 308}
    assert response.headers["Location"] == address_of_other


def test_changed_address_is_changed_when_it_is_published_and_the_old_one_leads_on(
    staff: StaffClient,
) -> None:
    page, editor = make_reviewed(make_article, slug="old"), staff("Editor")
    save(editor, page, slug="new", change_note="A new address.")
    assert Client().get("/articles/old/").status_code == 200
    assert Client().get("/articles/new/").status_code == 404
    make_review(page)
    assert take(editor, page, "publish", when="now").status_code == 302
    assert Client().get("/articles/new/").status_code == 200
    assert Client().get("/articles/old/").headers["Location"] == "/articles/new/"


# --- two people, and what was typed ---------------------------------------------------------------


def test_two_who_save_at_once_are_shown_both_texts(staff: StaffClient) -> None:
    page, first, second = make_condition(), staff("Author"), staff("Author")
    form = filled_in(parse(second.get(address(page)).content.decode()))
    save(first, page, overview="First.", summary="By the first.")
    mine = form | {"causes": "Second.", "summary": "By the second."}
    shown = second.post(address(page), mine)
    assert shown.status_code == 200
    assert workflow.latest_version(page).number == 2
    merge = parse(shown.content.decode()).select_one(f'form[action="{address(page, "merge")}"]')
    assert merge is not None
    kept = merge.select_one("input[name=kept]")
    assert kept is not None
    sent = {"kept": kept["value"], "pick-fields.summary": "mine"}
    assert second.post(address(page, "merge"), sent).status_code == 302
    fields = workflow.latest_version(page).data["fields"]
    assert (fields["overview"], fields["causes"]) == ("First.", "Second.")
    assert fields["summary"] == "By the second."


def test_undecided_collision_saves_nothing_and_keeps_the_typed_text(staff: StaffClient) -> None:
    page, first, second = make_article(), staff("Author"), staff("Author")
    form = filled_in(parse(second.get(address(page)).content.decode()))
    save(first, page, body="First.")
    shown = parse(second.post(address(page), form | {"body": "Second."}).content.decode())
    kept = shown.select_one("input[name=kept]")
    assert kept is not None
    assert second.post(address(page, "merge"), {"kept": kept["value"]}).status_code == 302
    assert workflow.latest_version(page).data["fields"]["body"] == "First."
    again = filled_in(parse(second.get(address(page)).content.decode()))
    assert again["body"] == "Second."


def test_what_is_typed_is_kept_until_it_is_saved(staff: StaffClient) -> None:
    page, author = make_article(body="Old."), staff("Author")
    form = filled_in(parse(author.get(address(page)).content.decode()))
    assert author.post(address(page, "work"), form | {"body": "Typed."}).status_code == 200
    assert workflow.latest_version(page).data["fields"]["body"] == "Old."
    assert filled_in(parse(author.get(address(page)).content.decode()))["body"] == "Typed."
    other = staff("Author")
    assert filled_in(parse(other.get(address(page)).content.decode()))["body"] == "Old."
    save(author, page)
    assert workflow.latest_version(page).data["fields"]["body"] == "Typed."
    assert not WorkInProgress.objects.exclude(typed=[]).exists()


def test_typed_text_can_be_thrown_away(staff: StaffClient) -> None:
    page, author = make_article(body="Old."), staff("Author")
    author.post(address(page, "work"), {"body": "Typed."})
    author.post(address(page, "work"), {"discard": "1"})
    assert filled_in(parse(author.get(address(page)).content.decode()))["body"] == "Old."


@KINDS
def test_preview_of_unsaved_text_saves_nothing(staff: StaffClient, make: Make) -> None:
    page, author = make(), staff("Author")
    workflow.adopt(page)
    before = type(page).objects.values().get()
    form = filled_in(parse(author.get(address(page)).content.decode()))
    shown = author.post(address(page), form | {"summary": "Only tried.", "_preview": "1"})
    assert shown.status_code == 200
    assert "Only tried." in shown.content.decode()
    assert type(page).objects.values().get() == before
    assert Version.objects.of(page).count() == 1
    assert "Only tried." not in read(page)


@KINDS
def test_check_saves_nothing_and_keeps_what_was_typed(staff: StaffClient, make: Make) -> None:
    page, author = make(), staff("Author")
    form = filled_in(parse(author.get(address(page)).content.decode()))
    shown = author.post(address(page), form | {"summary": "Only tried.", "_check": "1"})
    assert shown.status_code == 200
    assert filled_in(parse(shown.content.decode()))["summary"] == "Only tried."
    assert Version.objects.of(page).count() == 1


def test_unchanged_form_makes_no_version(staff: StaffClient) -> None:
    page, author = make_condition(also_known_as=["lumbago"]), staff("Author")
    assert save(author, page).number == 1


@KINDS
def test_old_version_is_restored_as_a_draft(staff: StaffClient, make: Make) -> None:
    page, author = make(summary="First."), staff("Author")
    make_version(page, summary="Second.")
    url = reverse(
        f"admin:{page._meta.app_label}_{page._meta.model_name}_version_restore", args=[page.pk, 1]
    )
    assert author.post(url).status_code == 302
    newest = workflow.latest_version(page)
    assert (newest.number, newest.data["fields"]["summary"]) == (3, "First.")
    assert newest.restored_from is not None
    assert newest.restored_from.number == 1
    assert "Version 2" in author.get(address(page, "history")).content.decode()


# --- saving ---------------------------------------------------------------------------------------


@KINDS
def test_mistake_in_the_text_is_named_with_its_line_and_nothing_is_lost(
    staff: StaffClient, make: Make
) -> None:
    client, page = staff("Editor"), make()
    first = page.SECTIONS[0].field
    text = "One.\n\n![](image:1) and [@nobody]\n\nÜmläut & <b>"
    soup = parse(client.get(address(page)).content.decode())
    response = client.post(address(page), filled_in(soup) | {first: text})
    assert response.status_code == 200
    answer = parse(response.content.decode())
    errors = " ".join(each.get_text() for each in answer.select(".errorlist"))
    assert "Line 3: there is no picture number 1." in errors
    assert "Line 3: there is no source with the key “nobody”." in errors
    field = answer.select_one(f"textarea[name={first}]")
    assert field is not None
    assert field.get_text().strip() == text
    before = getattr(page, first)
    page.refresh_from_db()
    assert getattr(page, first) == before


def test_pasted_text_is_cleaned_before_it_is_kept(staff: StaffClient) -> None:
    page = make_article()
    pasted = "Two\u00a0words\u200b<o:p></o:p>\r\nand\x00 more"
    version = save(staff("Editor"), page, body=pasted)
    assert version.data["fields"]["body"] == "Two words\nand more"


def test_lists_are_typed_one_a_line(staff: StaffClient) -> None:
    client, page = staff("Editor"), make_condition(also_known_as=["lumbago"])
    soup = parse(client.get(address(page)).content.decode())
    field = soup.select_one("textarea[name=also_known_as]")
    assert field is not None
    assert field.get_text().strip() == "lumbago"
    typed = "lumbago\r\n\r\n  Slipped\u00a0disc \r\nlumbago"
    version = save(client, page, also_known_as=typed)
    assert version.data["fields"]["also_known_as"] == ["lumbago", "Slipped disc"]


@KINDS
@pytest.mark.parametrize(
    "name",
    ["published_at", "withdrawn_at", "updated_on", "reviewed_by", "reviewed_on", "next_review_due",
     "outside_reviewer", "live_version", "change_notes", "deleted_at"],
)  # fmt: skip
def test_what_follows_from_the_history_cannot_be_typed(
    staff: StaffClient, make: Make, name: str
) -> None:
    page, author = make(), staff("Author")
    workflow.adopt(page)
    before = type(page).objects.values().get()
    typed = {name: "2020-01-01", f"{name}_0": "2020-01-01", f"{name}_1": "09:00"}
    assert name not in filled_in(parse(author.get(address(page)).content.decode()))
    version = save(author, page, **typed, summary="Changed.")
    assert name not in version.data["fields"]
    assert type(page).objects.values().get() == before


def test_new_page_is_a_draft_until_it_is_published(staff: StaffClient) -> None:
    client = staff("Author")
    add = reverse("admin:pages_informationpage_add")
    sent = filled_in(parse(client.get(add).content.decode()))
    given = {"title": "Fees", "slug": "fees", "summary": "What it costs.", "body": "£60."}
    assert client.post(add, sent | given).status_code == 302
    assert client.get("/fees/").status_code == 200  # for the author
    assert Client().get("/fees/").status_code == 404
    page = InformationPage.objects.get()
    assert Version.objects.of(page).get().number == 1
    assert page.live_version is None
    make_review(page)
    taken = take(staff("Editor"), page, "publish", when="now")
    assert taken.status_code == 302
    assert Client().get("/fees/").status_code == 200
    assert (page.published_on, page.updated_on) == (TODAY.date(), None)


@KINDS
def test_address_follows_the_title_of_a_new_page_only(staff: StaffClient, make: Make) -> None:
    client, page = staff("Editor"), make()
    new = client.get(address(page, "add")).content.decode()
    old = client.get(address(page)).content.decode()
    assert "#id_slug" in new
    assert "#id_slug" not in old


@KINDS
def test_draft_can_be_seen_from_its_form(staff: StaffClient, make: Make) -> None:
    page, editor = make(published_at=None, summary="Not public."), staff("Editor")
    soup = parse(editor.get(address(page)).content.decode())
    link = soup.select_one(f'#content-main a[href="{address(page, "preview")}"]')
    assert link is not None
    response = editor.get(str(link["href"]))
    assert response.status_code == 200
    assert "Not public." in response.content.decode()


@KINDS
def test_somebody_who_may_only_look_sees_how_the_page_stands(
    signed_in: Callable[..., Client], make: Make
) -> None:
    page = make()
    user = make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename=f"view_{page._meta.model_name}"))
    client = signed_in(user)
    response = client.get(address(page))
    assert response.status_code == 302
    assert response.headers["Location"] == address(page, "status")
    assert "Public since" in status(client, page)
    assert "Edit the text" not in status(client, page)
    assert client.post(address(page), {"summary": "x"}).status_code == 403


# --- deleting -------------------------------------------------------------------------------------


@KINDS
@pytest.mark.parametrize(
    ("role", "answer"),
    [("Author", 403), ("Clinical reviewer", 403), ("Editor", 302), ("Manager", 302)],
)
def test_editors_delete_pages_and_authors_do_not(
    staff: StaffClient, make: Make, role: str, answer: int
) -> None:
    page = make()
    response = staff(role).post(address(page, "delete"), {"post": "yes"})
    assert response.status_code == answer
    page.refresh_from_db()
    assert (page.deleted_at is None) is (answer == 403)
    assert type(page).objects.published().exists() is (answer == 403)
    assert Client().get(page.get_absolute_url()).status_code == (200 if answer == 403 else 404)


@KINDS
def test_deleted_page_is_taken_back_as_it_was(staff: StaffClient, make: Make) -> None:
    page, editor = make_reviewed(make), staff("Editor")
    make_version(page, summary="A draft.", change_note="Something.")
    public, before = read(page), type(page).objects.values().get()
    assert editor.post(address(page, "delete"), {"post": "yes"}).status_code == 302
    assert column(editor, page, "state") == []
    assert editor.get(address(page, "status")).status_code == 404
    assert editor.get(page.get_absolute_url()).status_code == 404
    listed = parse(editor.get(address(page, "deleted")).content.decode())
    form = listed.select_one(f'form[action="{address(page, "undelete")}"]')
    assert form is not None
    assert str(page) in listed.get_text()
    assert editor.post(address(page, "undelete")).status_code == 302
    assert type(page).objects.values().get() == before
    assert read(page) == public
    assert workflow.latest_version(page).data["fields"]["summary"] == "A draft."


def test_what_leads_to_a_page_is_named_before_it_is_deleted(staff: StaffClient) -> None:
    page = make_condition()
    article = make_article(title="Leads there", body=f"[Here]({page.get_absolute_url()}).")
    shown = staff("Editor").get(address(page, "delete")).content.decode()
    assert article.title in shown


def test_pages_are_not_deleted_in_a_heap(staff: StaffClient) -> None:
    page, editor = make_article(), staff("Manager")
    assert "delete_selected" not in editor.get(address(page, "changelist")).content.decode()
    sent = {"action": "delete_selected", "_selected_action": [page.pk], "post": "yes"}
    editor.post(address(page, "changelist"), sent)
    page.refresh_from_db()
    assert page.deleted_at is None


@KINDS
@pytest.mark.parametrize("action", ["changelist", "add", "change", "delete", "history"])
def test_reception_does_not_see_pages(staff: StaffClient, make: Make, action: str) -> None:
    assert staff("Reception").get(address(make(), action)).status_code == 403


# --- lists ----------------------------------------------------------------------------------------


def column(client: Client, page: Any, name: str, **query: str) -> list[str]:
    html = client.get(address(page, "changelist"), query).content.decode()
    return [each.get_text() for each in parse(html).select(f"#result_list td.field-{name}")]


@KINDS
@pytest.mark.parametrize(
    ("published_at", "words"),
    [
        (None, "Draft"),
        (TODAY - timedelta(days=1), "Public"),
        (TODAY + timedelta(days=1), "Appears later"),
    ],
)
def test_list_says_what_the_public_sees(
    staff: StaffClient, make: Make, published_at: datetime | None, words: str
) -> None:
    assert column(staff("Author"), make(published_at=published_at), "state") == [words]


@KINDS
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Not reviewed"),
        ({"next_review_due": date(2026, 6, 30)}, "Overdue since 30 Jun 2026"),
        ({"next_review_due": date(2026, 7, 2)}, "Due 2 Jul 2026"),
        (
            {"next_review_due": date(2027, 1, 1), "updated_on": date(2026, 3, 1)},
            "Changed since review",
        ),
    ],
)
def test_list_says_how_the_review_stands(
    staff: StaffClient, make: Make, fields: dict[str, Any], words: str
) -> None:
    if fields:
        fields = {"reviewed_by": make_practitioner(), "reviewed_on": date(2026, 2, 1)} | fields
    assert column(staff("Author"), make(**fields), "review") == [words]


@KINDS
def test_list_is_searched_and_filtered(staff: StaffClient, make: Make) -> None:
    client, draft, public = staff("Author"), make(published_at=None), make(summary="Zebra.")
    assert column(client, draft, "state", q="zebra") == ["Public"]
    assert column(client, public, "state", state="draft") == ["Draft"]
    assert column(client, public, "state", state="public") == ["Public"]
    make_version(public, summary="Yet another.")
    words = "Public, with unpublished changes"
    assert column(client, public, "state", state="changes") == [words]
    assert column(client, public, "state", q="nothing like it") == []


@KINDS
def test_list_asks_the_same_number_of_questions_for_many_pages(
    staff: StaffClient, make: Make
) -> None:
    client = staff("Author")

    def questions(count: int) -> int:
        for _ in range(count):
            page = make(
                author=make_practitioner(),
                reviewed_by=make_practitioner(),
                reviewed_on=date(2026, 2, 1),
                next_review_due=date(2027, 2, 1),
            )
            make_version(page, summary="A draft.")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(page, "changelist")).status_code == 200
        return len(queries)

    assert questions(1) == questions(7)
