"""A site with enquiries in plain text is brought up to date and loses nothing."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from enquiries import outbox
from enquiries.models import Enquiry, OutgoingMail, RedFlag, RetentionRule, ThreadEntry
from tests.enquiries.test_encryption import raw
from tests.factories import make_clinic

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def before() -> Iterator[Any]:
    """The models as they were when enquiries stood in plain text; the tables are as they were."""
    first = [("enquiries", "0001_initial")]
    executor = MigrationExecutor(connection)
    executor.migrate(first)
    try:
        yield executor.loader.project_state(first).apps
    finally:
        bring_up_to_date()


def bring_up_to_date() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def old_enquiry(apps: Any, number: int, **fields: Any) -> Any:
    moment = timezone.now() - timedelta(days=10)
    values = {
        "reference": f"E-0000-000{number}", "full_name": "Sam O’Neill", "email": "sam@example.com",
        "telephone": "07700 900982", "reply_by_method": "email", "message": "My knee hurts.",
        "consent_given_at": moment, "consent_wording_version": "2026-11", "received_at": moment,
        "form_key": f"form{number}", "submission_key": f"submission{number}",
        "notified_at": moment, "acknowledged_at": moment, "mail_due_at": None,
    }  # fmt: skip
    return apps.get_model("enquiries", "Enquiry").objects.create(**values | fields)


def test_everything_is_encrypted_and_kept(before: Any) -> None:
    today, long_ago = timezone.localdate(), timezone.now() - timedelta(days=900)
    user = User.objects.create(username="ray", first_name="Ray", last_name="Example")
    done = old_enquiry(before, 1, status="closed")
    unsent = old_enquiry(
        before, 2, notified_at=None, acknowledged_at=None, mail_due_at=timezone.now()
    )
    old_enquiry(before, 3, email="", acknowledged_at=None, corrects=unsent)
    old_enquiry(before, 4, received_at=long_ago)
    notes = before.get_model("enquiries", "EnquiryNote").objects
    notes.create(enquiry_id=done.pk, author_id=user.pk, text="Rang her.")
    written = notes.get().created_at
    notes.create(enquiry_id=done.pk, author=None, text="No answer.")

    bring_up_to_date()

    for column in ("full_name", "email", "telephone", "message"):
        for stored in raw(Enquiry, column):
            assert stored == "" or stored.startswith("gAAAA")
    one, two, three, four = Enquiry.objects.order_by("reference")
    assert (one.full_name, one.email, one.telephone, one.message) == (
        "Sam O’Neill", "sam@example.com", "07700 900982", "My knee hurts.",
    )  # fmt: skip
    assert three.email == ""
    assert three.corrects == two
    assert Enquiry.objects.from_person(email="Sam@example.com").count() == 3
    assert Enquiry.objects.from_person(telephone="+44 7700 900982").count() == 4

    note, other = ThreadEntry.objects.order_by("pk")
    assert (note.enquiry, note.kind, note.text) == (one, "note", "Rang her.")
    assert (note.author, note.author_name, note.created_at) == (user, "Ray Example", written)
    assert (other.author, other.author_name, other.text) == (None, "", "No answer.")
    assert all(stored.startswith("gAAAA") for stored in raw(ThreadEntry, "text"))

    came = today - timedelta(days=10)
    assert (one.outcome, one.closed_at) == ("answered", one.received_at)
    assert one.erase_on == came + timedelta(days=180)
    assert (two.outcome, two.closed_at) == ("", None)
    assert two.erase_on == came + timedelta(days=365)
    # What is long over its time stays a month, so that the clinic can look at it first.
    assert four.erase_on == today + timedelta(days=30)
    assert isinstance(four.erase_on, date)
    assert set(RetentionRule.objects.values_list("outcome", flat=True)) == set(
        Enquiry.Outcome.values
    )
    assert RedFlag.objects.exists()

    states = OutgoingMail.objects.values_list("enquiry__reference", "kind", "state")
    assert set(states) == {
        ("E-0000-0001", "notification", "sent"), ("E-0000-0001", "acknowledgement", "sent"),
        ("E-0000-0002", "notification", "waiting"), ("E-0000-0002", "acknowledgement", "waiting"),
        ("E-0000-0003", "notification", "sent"),
        ("E-0000-0004", "notification", "sent"), ("E-0000-0004", "acknowledgement", "sent"),
    }  # fmt: skip
    make_clinic()
    assert outbox.drain(limit=10) == 2
    assert all("E-0000-0002" in each.subject for each in mail.outbox)
