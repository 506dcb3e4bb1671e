"""Reminders of reviews: in time, once, and to whoever can see to it."""

import smtplib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from pages import reminders
from pages.reminders import send_reminders
from publishing import work
from publishing.models import ReviewReminder, WorkInProgress
from tests.factories import (
    make_article,
    make_clinic,
    make_condition,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

TODAY = date(2026, 11, 10)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[Any]:
    make_clinic()
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def person(role: str = "Author", **fields: Any) -> Any:
    """Make somebody with an account and an address."""
    user = make_user(role, **fields)
    user.email = f"{user.username}@clinic.example"
    user.save()
    return make_practitioner(user=user)


def due_in(days: int, make: Any = make_article, **fields: Any) -> Any:
    fields = {
        "author": person(),
        "reviewed_by": person("Clinical reviewer"),
        "reviewed_on": date(2025, 1, 1),
        "next_review_due": TODAY + timedelta(days=days),
    } | fields
    return make(**fields)


def told() -> list[str]:
    """Return who got mail, in order, and empty the box."""
    found = sorted(address for each in mail.outbox for address in each.to)
    mail.outbox.clear()
    return found


@pytest.mark.parametrize(
    "make", [make_article, make_condition, make_treatment, make_information_page]
)
def test_reminders_go_out_thirty_and_seven_days_ahead_once_each(make: Any, clock: Any) -> None:
    page = due_in(40, make)
    both = sorted(each.user.email for each in (page.author, page.reviewed_by))
    sent = {}
    for day in range(45):
        clock.move_to(NOON + timedelta(days=day))
        for _ in range(2):
            send_reminders()
            if found := told():
                sent[40 - day] = found
    assert sent == {30: both, 7: both}


def test_mail_says_what_is_due_and_where(clock: Any) -> None:
    page = due_in(7, title="Knees & hips")
    send_reminders()
    message = mail.outbox[0]
    assert message.subject == "One page due for clinical review"
    assert "Knees & hips: by 17 November 2026" in message.body
    assert f"http://localhost{page.get_absolute_url()}" in message.body
    assert str(page.reviewed_by) in message.body
    assert message.alternatives == []


def test_one_mail_tells_of_all_pages(clock: Any) -> None:
    author = person()
    pages = [due_in(30, author=author), due_in(7, make_condition, author=author)]
    assert send_reminders() == 2
    own = [each for each in mail.outbox if author.user.email in each.to]
    assert len(own) == 1
    assert own[0].subject == "2 pages due for clinical review"
    assert all(str(page) in own[0].body for page in pages)
    assert all(len(each.to) == 1 and not each.cc and not each.bcc for each in mail.outbox)


def test_author_reviewer_editors_and_managers_are_told_and_nobody_else() -> None:
    others = [person(role) for role in ("Author", "Clinical reviewer", "Reception")]
    editor, manager = person("Editor"), person("Manager")
    owner = person("", is_superuser=True)
    person("Editor", is_active=False)
    page = due_in(7)
    send_reminders()
    expected = {each.user.email for each in (editor, manager, owner, page.author, page.reviewed_by)}
    found = told()
    assert found == sorted(expected)
    assert not {each.user.email for each in others} & set(found)


def test_people_who_left_or_have_no_address_are_no_obstacle() -> None:
    gone = person(is_active=False)
    without = make_practitioner(user=make_user("Author"))
    due_in(7, author=gone, reviewed_by=without)
    due_in(7, make_condition, author=make_practitioner(), reviewed_by=make_practitioner())
    editor = person("Editor")
    assert send_reminders() == 2
    assert told() == [editor.user.email]


def test_somebody_who_is_author_and_editor_is_told_once() -> None:
    editor = person("Editor")
    due_in(7, author=editor)
    send_reminders()
    assert told().count(editor.user.email) == 1


def test_missed_days_are_caught_up(clock: Any) -> None:
    page = due_in(20)
    assert send_reminders() == 1
    assert {each.days_ahead for each in ReviewReminder.objects.all()} == {30}
    clock.shift(timedelta(days=15))
    assert send_reminders() == 1
    assert {each.days_ahead for each in ReviewReminder.objects.all()} == {30, 7}
    # Both missed: the nearer one says it all.
    other = due_in(5 + 15)
    clock.move_to(NOON + timedelta(days=15))
    assert send_reminders() == 1
    of_other = ReviewReminder.objects.filter(object_id=other.pk)
    assert {each.days_ahead for each in of_other} == {7}
    assert page.pk != other.pk


@pytest.mark.parametrize(("days", "count"), [(31, 0), (30, 1), (8, 1), (7, 1), (0, 1), (-1, 0)])
def test_only_what_is_due_soon_is_told(days: int, count: int) -> None:
    due_in(days)
    assert send_reminders() == count


def test_drafts_and_withdrawn_and_deleted_pages_are_left_in_peace() -> None:
    due_in(7, published_at=None)
    due_in(7, withdrawn_at=NOON)
    due_in(7, deleted_at=NOON)
    due_in(7, reviewed_by=None, reviewed_on=None, next_review_due=None)
    assert send_reminders() == 0
    assert told() == []


def test_new_review_is_reminded_of_anew(clock: Any) -> None:
    page = due_in(7)
    assert send_reminders() == 1
    page.reviewed_on, page.next_review_due = TODAY, TODAY + timedelta(days=365)
    page.save()
    clock.shift(timedelta(days=358))
    assert send_reminders() == 1


def test_failing_mail_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    page = due_in(7)
    really = reminders.send_mail

    def fail(*args: Any, **kwargs: Any) -> None:
        raise smtplib.SMTPServerDisconnected("away")

    monkeypatch.setattr(reminders, "send_mail", fail)
    assert send_reminders() == 0
    assert not ReviewReminder.objects.exists()
    monkeypatch.setattr(reminders, "send_mail", really)
    assert send_reminders() == 1
    assert told() == sorted(each.user.email for each in (page.author, page.reviewed_by))
    assert send_reminders() == 0


# --- once a day -----------------------------------------------------------------------------------


def test_housekeeping_reminds_and_says_so() -> None:
    due_in(7)
    out = StringIO()
    call_command("housekeeping", stdout=out)
    assert "Review reminders sent about 1 page(s)." in out.getvalue()
    assert len(told()) == 2


def test_one_failing_address_keeps_no_other_from_being_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = due_in(7)
    refused, served = page.author.user.email, page.reviewed_by.user.email
    really = reminders.send_mail

    def fail_for_one(*args: Any, **kwargs: Any) -> None:
        if refused in args[3]:
            raise smtplib.SMTPRecipientsRefused({})
        really(*args, **kwargs)

    monkeypatch.setattr(reminders, "send_mail", fail_for_one)
    assert send_reminders() == 1
    assert told() == [served]
    monkeypatch.setattr(reminders, "send_mail", really)
    assert send_reminders() == 1
    assert told() == [refused]


def test_failing_mail_does_not_keep_the_rest_from_being_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    due_in(7)
    gone = make_article(deleted_at=NOON - timedelta(days=31))

    def fail(*args: Any, **kwargs: Any) -> None:
        raise smtplib.SMTPServerDisconnected("away")

    monkeypatch.setattr(reminders, "send_mail", fail)
    call_command("housekeeping", stdout=StringIO())
    assert not type(gone)._base_manager.filter(pk=gone.pk).exists()


def test_text_nobody_came_back_for_is_forgotten_after_ninety_days(clock: Any) -> None:
    user, page = make_user("Author"), make_article()
    work.keep(user, type(page), page.pk, [("body", "Half")])
    for days, is_there in ((90, True), (91, False)):
        clock.move_to(NOON + timedelta(days=days))
        call_command("housekeeping", stdout=StringIO())
        assert WorkInProgress.objects.exists() is is_there
