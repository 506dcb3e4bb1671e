"""How long an enquiry is kept, and that nothing of its sender is left when its time is over."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from enquiries import outbox, retention, workflow
from enquiries.models import (
    Enquiry,
    OutgoingMail,
    RetentionRule,
    SpamPolicy,
    ThreadEntry,
    Tombstone,
    Viewing,
)
from tests.enquiries.conftest import answers
from tests.factories import make_clinic, make_condition, make_enquiry, make_practitioner, make_user

pytestmark = pytest.mark.django_db

CAME = datetime(2026, 11, 20, 10, tzinfo=UTC)
Outcome = Enquiry.Outcome


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    """Days that differ for every outcome."""
    RetentionRule.objects.all().delete()
    days = {Outcome.OPEN: 300, Outcome.BOOKED: 90, Outcome.ANSWERED: 180, Outcome.SPAM: 14}
    for outcome, number in days.items():
        RetentionRule.objects.create(outcome=outcome, days=number)


@pytest.mark.parametrize(
    ("outcome", "days"),
    [
        (Outcome.BOOKED, 90),
        (Outcome.ANSWERED, 180),
        (Outcome.REFERRED, retention.DAYS_WITHOUT_RULE),
    ],
)
def test_each_outcome_has_its_own_time_from_closing(outcome: str, days: int) -> None:
    enquiry = make_enquiry(received_at=CAME, outcome=outcome, closed_at=CAME + timedelta(days=10))
    assert retention.erase_on(enquiry) == date(2026, 11, 30) + timedelta(days=days)


def test_what_is_open_counts_from_the_day_it_came(
    clock: time_machine.Traveller, visitor: Client, token: str
) -> None:
    visitor.post("/contact/", answers(form_token=token))
    assert Enquiry.objects.get().erase_on == CAME.date() + timedelta(days=300)


def test_suspected_spam_has_a_time_of_its_own(
    clock: time_machine.Traveller, visitor: Client, token: str
) -> None:
    SpamPolicy.objects.create(pk=1, days_kept=20)
    visitor.post(
        "/contact/",
        answers(
            form_token=token,
            company_url="http://x.example",
            message="Cheap clicks for your website.",
        ),
    )
    enquiry = Enquiry.objects.get()
    assert enquiry.suspected_spam
    assert enquiry.erase_on == CAME.date() + timedelta(days=20)
    workflow.rescue(make_user("Reception"), enquiry)
    assert enquiry.erase_on == CAME.date() + timedelta(days=300)


def test_the_date_moves_on_closing_and_back_on_opening_again(
    clock: time_machine.Traveller,
) -> None:
    user, enquiry = make_user("Reception"), make_enquiry(received_at=CAME)
    clock.shift(timedelta(days=5))
    workflow.close(user, enquiry, Outcome.BOOKED)
    assert enquiry.erase_on == date(2026, 11, 25) + timedelta(days=90)
    workflow.back_to_work(user, enquiry)
    assert enquiry.erase_on == CAME.date() + timedelta(days=300)


def test_a_changed_rule_moves_every_enquiry_it_is_about() -> None:
    opened = make_enquiry(received_at=CAME)
    closed = make_enquiry(received_at=CAME, outcome=Outcome.BOOKED, closed_at=CAME)
    retention.reschedule()
    RetentionRule.objects.filter(outcome=Outcome.BOOKED).update(days=30)
    assert retention.reschedule() == 1
    opened.refresh_from_db()
    closed.refresh_from_db()
    assert opened.erase_on == CAME.date() + timedelta(days=300)
    assert closed.erase_on == CAME.date() + timedelta(days=30)


def whole_enquiry(**fields: Any) -> Enquiry:
    """An enquiry with everything that hangs on one."""
    user = make_user("Reception", username="ray")
    enquiry = make_enquiry(
        full_name="Sam O’Neill", email="sam@example.com", telephone="07700 900982",
        message="My knee hurts.", condition=make_condition(name="Knee trouble"),
        practitioner=make_practitioner(name="Asha Example"), received_at=CAME,
        reply_by=CAME + timedelta(days=3), **fields,
    )  # fmt: skip
    workflow.note_reading(user, enquiry)
    workflow.add_note(user, enquiry, "Sounds worried.")
    workflow.reply(user, enquiry, "Come on Monday.", seen=9**9)
    outbox.add(enquiry, OutgoingMail.Kind.NOTIFICATION)
    enquiry.refresh_from_db()
    return enquiry


def test_an_erased_enquiry_leaves_a_tombstone_that_names_nobody(
    clock: time_machine.Traveller,
) -> None:
    clock.move_to(CAME + timedelta(hours=2))
    enquiry = whole_enquiry()
    retention.erase(enquiry, Tombstone.Why.SCHEDULE)
    for model in (Enquiry, ThreadEntry, OutgoingMail, Viewing):
        assert not model.objects.exists()
    stone = Tombstone.objects.values().get()
    assert stone.pop("id")
    assert stone == {
        "reference": enquiry.reference, "why": "schedule", "erased_at": timezone.now(),
        "erased_by_name": "", "received_week": date(2026, 11, 16),
        "condition_name": "Knee trouble", "practitioner_name": "Asha Example", "outcome": "",
        "minutes_to_reply": 120, "was_in_time": True,
    }  # fmt: skip


def test_no_table_holds_anything_of_it_any_more() -> None:
    enquiry = whole_enquiry()
    with connection.cursor() as cursor:
        cursor.execute("SELECT message, email_key, form_key FROM enquiries_enquiry")
        stored = [*cursor.fetchone(), enquiry.message, enquiry.email, "worried", "on Monday"]
        retention.erase(enquiry, Tombstone.Why.STAFF, "ray")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            text = repr(cursor.fetchall())
            for each in stored:
                assert each not in text, table


def test_the_purge_erases_what_is_due_and_nothing_else(clock: time_machine.Traveller) -> None:
    today = timezone.localdate()
    due, held = make_enquiry(erase_on=today), make_enquiry(erase_on=today, hold_reason="complaint")
    later = make_enquiry(erase_on=today + timedelta(days=1))
    test = make_enquiry(erase_on=today, is_test=True)
    assert retention.purge(timezone.now()) == 2
    assert set(Enquiry.objects.all()) == {held, later}
    # A test of our own leaves nothing, not even a tombstone.
    assert Tombstone.objects.get().reference == due.reference != test.reference
    assert retention.purge(timezone.now()) == 0
    workflow.release(make_user("Manager"), held)
    Enquiry.objects.filter(pk=held.pk).update(erase_on=today)
    assert retention.purge(timezone.now()) == 1


def test_one_that_is_held_at_the_last_moment_stops_no_other(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    today, erase = timezone.localdate(), retention.erase
    held, other = make_enquiry(erase_on=today), make_enquiry(erase_on=today)

    def hold_first(enquiry: Enquiry, why: str) -> object:
        Enquiry.objects.filter(pk=held.pk).update(hold_reason="complaint")
        return erase(enquiry, why)

    monkeypatch.setattr(retention, "erase", hold_first)
    assert retention.purge(timezone.now()) == 1
    assert list(Enquiry.objects.all()) == [held]
    assert Tombstone.objects.get().reference == other.reference


def test_what_is_held_is_not_erased_by_anybody() -> None:
    user, enquiry = make_user("Manager"), make_enquiry()
    workflow.hold(user, enquiry, "Complaint of 3 May")
    with pytest.raises(workflow.Refused, match="Complaint of 3 May"):
        workflow.erase_now(user, enquiry)
    with pytest.raises(retention.Held):
        retention.erase(enquiry, Tombstone.Why.SENDER)
    assert Enquiry.objects.exists()


def test_erasing_twice_is_erasing_once() -> None:
    enquiry = make_enquiry()
    first = retention.erase(enquiry, Tombstone.Why.SENDER)
    again = retention.erase(Enquiry(reference=enquiry.reference, pk=9**9), Tombstone.Why.SCHEDULE)
    assert again == first
    assert Tombstone.objects.count() == 1


def test_mail_that_waited_is_not_sent_after_the_enquiry_is_erased(
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    make_clinic()
    whole_enquiry()
    retention.erase(Enquiry.objects.get(), Tombstone.Why.SENDER)
    assert outbox.drain(limit=10) == 0
    assert not mail.outbox
