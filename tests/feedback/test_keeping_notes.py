"""How long notes are kept, who finds them, and that a change of keys loses none."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from enquiries import retention as enquiry_retention
from enquiries.crypto import UNREADABLE, new_key
from enquiries.key_rotation import rotate
from enquiries.models import JobRun
from feedback import retention, workflow
from feedback.models import Note
from tests.enquiries.reception import log, text_of
from tests.enquiries.test_encryption import raw
from tests.enquiries.test_nothing_left import bytes_in, left_of
from tests.enquiries.threads import shared_database
from tests.factories import make_clinic, make_enquiry, make_user
from tests.feedback.conftest import Send
from tests.feedback.factories import make_note

PERSON = "/admin/enquiries/enquiry/person/"


def days_left(note: Note) -> int:
    return (note.erase_on - timezone.localdate(note.received_at)).days


@pytest.mark.django_db
def test_each_note_has_its_day(send: Send) -> None:
    send()
    note = Note.objects.get()
    assert days_left(note) == retention.DAYS_KEPT == 180
    user = make_user("Editor")
    workflow.finish(user, note, "")
    note.refresh_from_db()
    assert days_left(note) == retention.DAYS_AFTER_DONE == 90
    workflow.reopen(user, note)
    note.refresh_from_db()
    assert days_left(note) == 180
    workflow.mark_as_spam(user, note)
    note.refresh_from_db()
    assert days_left(note) == 30


@pytest.mark.django_db
def test_what_is_done_late_is_not_kept_longer_for_it(
    send: Send, clock: time_machine.Traveller
) -> None:
    send()
    note = Note.objects.get()
    clock.shift(timedelta(days=170))
    workflow.finish(make_user("Editor"), note, "")
    note.refresh_from_db()
    assert days_left(note) == 180


@pytest.mark.django_db
def test_the_jobs_erase_notes_on_their_day(send: Send, clock: time_machine.Traveller) -> None:
    send()
    note = Note.objects.get()
    clock.shift(timedelta(days=179))
    call_command("run_jobs", "--once", stdout=StringIO())
    assert Note.objects.exists()
    clock.shift(timedelta(days=1))
    call_command("run_jobs", "--once", stdout=StringIO())
    assert not Note.objects.exists()
    assert log("erased") == [
        ("its time was over", "erased", f"note on a page: {note.reference}", "")
    ]
    assert not JobRun.objects.exclude(last_error="").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.any_database
@pytest.mark.parametrize("by", ["the clock", "staff"])
def test_not_a_byte_of_an_erased_note_is_left(
    tmp_path: Path, clock: time_machine.Traveller, by: str
) -> None:
    with shared_database(tmp_path):
        make_clinic()
        user = make_user("", username="ray")
        note = make_note(message="A zygapophysial joint. " * 40, email="x@quarrel.example",
                         erase_on=timezone.localdate() + timedelta(days=2))  # fmt: skip
        stored = {raw(Note, "message")[0], raw(Note, "email")[0], note.email_key}
        workflow.finish(user, note, "Told them. " * 30)
        stored |= {raw(Note, "done_note")[0], raw(Note, "message")[0]}
        assert left_of(stored, bytes_in(tmp_path))
        if by == "staff":
            retention.erase_now(user, note)
        clock.shift(timedelta(days=200))
        call_command("run_jobs", "--once", stdout=StringIO())
        assert not Note.objects.exists()
        assert left_of(stored, bytes_in(tmp_path)) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.any_database
def test_the_database_is_written_anew_after_a_note_was_erased_and_not_again(
    tmp_path: Path, clock: time_machine.Traveller
) -> None:
    with shared_database(tmp_path):
        assert not enquiry_retention.wipe(timezone.now())
        retention.erase(make_note())
        assert enquiry_retention.wipe(timezone.now())
        clock.shift(timedelta(hours=2))
        JobRun.note(enquiry_retention.WIPE)
        assert not enquiry_retention.wipe(timezone.now())


@pytest.mark.django_db
def test_a_key_is_changed_and_nothing_is_lost(settings: LazySettings) -> None:
    note = make_note(message="A date is wrong", email="sam@example.com", red_flags="[]")
    workflow.finish(make_user("Editor"), note, "Put right")
    old, new = settings.ENQUIRY_KEYS[0], new_key()
    settings.ENQUIRY_KEYS = [new, old]
    assert Note.objects.from_email("Sam@Example.com").count() == 1
    report = rotate()
    assert (report.changed, report.unreadable) == (1, 0)
    settings.ENQUIRY_KEYS = [new]
    again = Note.objects.get()
    assert (again.message, again.email, again.done_note, again.red_flags) == (
        "A date is wrong", "sam@example.com", "Put right", "[]",
    )  # fmt: skip
    assert Note.objects.from_email("Sam@Example.com").count() == 1
    settings.ENQUIRY_KEYS = [old]
    assert Note.objects.get().message == UNREADABLE


# --- one person's data ----------------------------------------------------------------------------


@pytest.fixture
def manager(db: None, signed_in: Callable[[User], Client]) -> Client:
    make_clinic()
    return signed_in(make_user("Manager", username="mia"))


def ask(client: Client, **answers: str) -> Any:
    return client.post(PERSON, {"email": "SAM@example.com"} | answers)


def test_a_persons_notes_are_found_and_handed_over(manager: Client) -> None:
    note = make_note(message="A <b>date</b> is wrong", email="sam@example.com")
    make_note(message="The photo is missing", email="kim@example.com")
    make_note(message="No sender")
    assert f"Note on a page {note.reference}" in text_of(ask(manager))
    (held,) = json.loads(ask(manager, json="").content)["others"]
    assert held["message"] == "A <b>date</b> is wrong"
    assert held["reference"] == note.reference
    page = ask(manager, html="").content.decode()
    assert "A &lt;b&gt;date" in page
    assert "photo" not in page
    assert log("exported") == [
        ("mia", "exported", f"note on a page: {note.reference}", kind) for kind in ("json", "html")
    ]


def test_the_export_leaves_out_no_field_that_holds_words(manager: Client) -> None:
    """A field that is added later has to be exported too, or named here with its reason."""
    exported = {
        "reference", "received_at", "page", "kind", "message", "email", "red_flags",
        "spam_reasons", "state", "done_at", "done_note", "erase_on",
    }  # fmt: skip
    # Keys for looking up, what follows from the above, and our own people.
    left_out = {"id", "email_key", "submission_key", "urgency", "suspected_spam", "done_by_name"}
    assert {field.name for field in Note._meta.concrete_fields} == exported | left_out
    make_note(email="sam@example.com")
    (held,) = json.loads(ask(manager, json="").content)["others"]
    assert len(held) == len(exported)


def test_a_persons_notes_are_erased_with_their_enquiries(manager: Client) -> None:
    make_enquiry(email="sam@example.com")
    note = make_note(email="sam@example.com")
    other = make_note(email="kim@example.com")
    assert "Erase all 2 of these for good" in text_of(ask(manager))
    ask(manager, erase="")
    assert Note.objects.count() == 2  # nobody said that they are sure
    ask(manager, erase="", sure="yes")
    assert list(Note.objects.all()) == [other]
    assert ("mia", "erased", f"note on a page: {note.reference}", "") in log("erased")


def test_a_search_by_telephone_alone_finds_no_notes(manager: Client) -> None:
    make_note(email="")
    response = manager.post(PERSON, {"telephone": "07700 900982"})
    assert "Nothing under this email address" in text_of(response)
