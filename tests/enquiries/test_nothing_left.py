"""Not a byte of an erased enquiry is left: in the database's files, or in the logs.

The database is a file with the site's own settings, so that its write-ahead log is looked at too.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from enquiries import receipt, retention, workflow
from enquiries.models import Enquiry, JobRun, OutgoingMail, ThreadEntry, Tombstone
from tests.enquiries.conftest import answers
from tests.enquiries.threads import shared_database
from tests.factories import make_clinic, make_enquiry, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]

WRITTEN = {
    "full_name": "Xanthippe Quarrelsome",
    "email": "xanthippe@quarrel.example",
    "telephone": "07700 900111",
    "message": "My zygapophysial joint grumbles on Thursdays. " * 20,
}


@pytest.fixture
def folder(tmp_path: Path, clock: time_machine.Traveller) -> Iterator[Path]:
    """The folder with the database's files."""
    with shared_database(tmp_path):
        yield tmp_path


def bytes_in(folder: Path) -> bytes:
    files = sorted(folder.glob("copy.sqlite3*"))
    return b"\n".join(each.read_bytes() for each in files)


def stored_text(enquiry: Enquiry) -> set[str]:
    """Return all that stands in the enquiry's rows and is its own: tokens and keys."""
    found = set()
    with connection.cursor() as cursor:
        for model, column in ((Enquiry, "id"), (ThreadEntry, "enquiry_id"),
                              (OutgoingMail, "enquiry_id")):  # fmt: skip
            cursor.execute(
                f"SELECT * FROM {model._meta.db_table} WHERE {column} = %s",  # noqa: S608
                [enquiry.pk],
            )
            found |= {cell for row in cursor.fetchall() for cell in row if isinstance(cell, str)}
    return {cell for cell in found if len(cell) > 30}


def left_of(texts: set[str], data: bytes, pieces: int = 1000) -> list[str]:
    """Return the texts that have a piece of two dozen letters in the data.

    At most so many pieces of a text are looked for, spread over its length.
    """
    return [
        text
        for text in texts
        if any(
            text[start : start + 24].encode() in data
            for start in range(0, max(1, len(text) - 23), max(24, len(text) // pieces))
        )
    ]


def plain_left_in(text: str) -> list[str]:
    words = ("Xanthippe", "Quarrelsome", "xanthippe@", "900111", "900222", "zygapophysial",
             "Thursdays", "Sounds cross", "Come on Friday")  # fmt: skip
    return [word for word in words if word.casefold() in text.casefold()]


def whole_life(visitor: Client) -> tuple[Enquiry, set[str]]:
    """Take an enquiry through all that can happen to it; return it and all that was ever stored."""
    user = make_user("", username="ray")
    token = visitor.get("/contact/").context["form_token"]
    assert visitor.post("/contact/", answers(form_token=token, **WRITTEN)).status_code == 303
    enquiry = Enquiry.objects.get(reply_by__isnull=False)
    stored = stored_text(enquiry)
    for act in (
        lambda: workflow.note_reading(user, enquiry),
        lambda: workflow.add_note(user, enquiry, "Sounds cross. " * 30),
        lambda: workflow.reply(user, enquiry, "Come on Friday. " * 30, seen=9**9),
        lambda: workflow.correct(
            user, enquiry, full_name="X. Quarrelsome", email=enquiry.email, telephone="07700 900222"
        ),
        lambda: workflow.close(user, enquiry, Enquiry.Outcome.ANSWERED),
    ):
        act()
        stored |= stored_text(enquiry)
    assert len(stored) >= 15
    return enquiry, stored


def log_text(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("by", ["the clock", "the sender", "staff"])
def test_nothing_of_an_erased_enquiry_is_left(
    folder: Path, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture, by: str
) -> None:
    make_clinic()
    visitor = Client()
    with caplog.at_level(logging.DEBUG):
        enquiry, stored = whole_life(visitor)
        assert len(left_of(stored, bytes_in(folder))) > 10  # the search finds what is there
        if by == "the clock":
            clock.shift(timedelta(days=400))
        elif by == "the sender":
            visitor.post(receipt.address(enquiry), {"erase": "yes"})
        else:
            workflow.erase_now(make_user("", username="mia"), enquiry)
        call_command("run_jobs", "--once", stdout=StringIO())
    assert not Enquiry.objects.exists()
    assert Tombstone.objects.get().reference == enquiry.reference
    assert not JobRun.objects.exclude(last_error="").exists()
    assert (folder / "copy.sqlite3-wal").exists()
    data = bytes_in(folder)
    assert enquiry.reference.encode() in data
    assert left_of(stored, data) == []
    assert plain_left_in(data.decode("latin-1")) == []
    assert plain_left_in(log_text(caplog)) == []


def test_nothing_is_left_in_the_gaps_of_pages_that_others_share(
    folder: Path, clock: time_machine.Traveller
) -> None:
    """SQLite moves rows between pages as they come, grow and go; traces of that go too."""
    Enquiry.objects.bulk_create(
        Enquiry(
            full_name="Sam", email=f"s{number}@example.com", reply_by_method="email",
            message="x" * (number % 9) * 150, consent_given_at=timezone.now(),
            erase_on=timezone.localdate(), form_key=token_hex(32), submission_key=token_hex(32),
        )
        for number in range(300)
    )  # fmt: skip
    gone: set[str] = set()
    with transaction.atomic():
        for number, enquiry in enumerate(Enquiry.objects.order_by("form_key")[:200]):
            gone |= stored_text(enquiry)
            Enquiry.objects.filter(pk=enquiry.pk).update(message="y" * (number % 11) * 200)
            gone |= stored_text(enquiry)
    erased = list(Enquiry.objects.order_by("form_key")[:200])
    retention.erase(erased.pop(), Tombstone.Why.SCHEDULE)
    Enquiry.objects.filter(pk__in=[each.pk for each in erased]).delete()
    assert retention.wipe(timezone.now())
    assert left_of(gone, bytes_in(folder), pieces=4) == []
    assert Enquiry.objects.count() == 100


def test_the_database_is_written_anew_only_after_something_was_erased(
    folder: Path, clock: time_machine.Traveller
) -> None:
    make_clinic()
    assert not retention.wipe(timezone.now())
    retention.erase(make_enquiry(), Tombstone.Why.SENDER)
    assert retention.wipe(timezone.now())
    clock.shift(timedelta(hours=2))
    JobRun.note(retention.WIPE)
    assert not retention.wipe(timezone.now())
    clock.shift(timedelta(hours=2))
    retention.erase(make_enquiry(), Tombstone.Why.SENDER)
    assert retention.wipe(timezone.now())


def test_a_reader_in_the_way_is_no_success(
    folder: Path, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    retention.erase(make_enquiry(), Tombstone.Why.SENDER)
    busy: Any = lambda: False  # noqa: E731
    monkeypatch.setattr(retention, "leave_no_trace", busy)
    with pytest.raises(retention.OperationalError):
        retention.wipe(timezone.now())
