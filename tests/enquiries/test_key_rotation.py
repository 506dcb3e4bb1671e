"""A key is changed while the site goes on: nothing is lost, and everybody is found throughout."""

from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from enquiries import crypto, key_rotation, workflow
from enquiries.crypto import new_key
from enquiries.key_rotation import rotate
from enquiries.models import Enquiry, OutgoingMail, ThreadEntry
from tests.enquiries.test_encryption import raw
from tests.factories import make_enquiry, make_user

pytestmark = pytest.mark.django_db


def found() -> int:
    by_email = Enquiry.objects.from_person(email="SAM@example.com").count()
    by_number = Enquiry.objects.from_person(telephone="+44 7700 900982").count()
    assert by_email == by_number
    return by_email


@pytest.fixture
def enquiry() -> Enquiry:
    """An enquiry with a note and a reply."""
    enquiry = make_enquiry(
        full_name="Sam", email="sam@example.com", telephone="07700 900982", message="My knee",
        red_flags="[]",
    )  # fmt: skip
    workflow.add_note(make_user("Reception"), enquiry, "A note")
    workflow.reply(make_user("Reception"), enquiry, "A reply", seen=9**9)
    return enquiry


def test_everything_can_be_read_and_found_before_during_and_after(
    enquiry: Enquiry, settings: LazySettings
) -> None:
    old, new = settings.ENQUIRY_KEYS[0], new_key()
    assert found() == 1
    settings.ENQUIRY_KEYS = [new, old]
    assert found() == 1
    make_enquiry(email="sam@example.com", telephone="07700 900982")
    assert found() == 2  # one row under either key
    report = rotate()
    assert (report.changed, report.unreadable) == (4, 0)
    assert found() == 2
    settings.ENQUIRY_KEYS = [new]
    assert found() == 2
    again = Enquiry.objects.get(pk=enquiry.pk)
    assert (again.full_name, again.email, again.message) == ("Sam", "sam@example.com", "My knee")
    assert sorted(each.text for each in ThreadEntry.objects.all()) == ["A note", "A reply"]
    assert OutgoingMail.objects.get().to == "sam@example.com"
    settings.ENQUIRY_KEYS = [old]
    assert Enquiry.objects.get(pk=enquiry.pk).message == crypto.UNREADABLE
    assert found() == 0


def test_a_second_time_there_is_nothing_to_do(enquiry: Enquiry, settings: LazySettings) -> None:
    settings.ENQUIRY_KEYS = [new_key(), *settings.ENQUIRY_KEYS]
    rotate()
    before = raw(Enquiry, "message")
    report = rotate()
    assert (report.changed, report.current, report.unreadable) == (0, 4, 0)
    assert raw(Enquiry, "message") == before


def test_the_command_says_when_the_old_key_can_go(enquiry: Enquiry, settings: LazySettings) -> None:
    settings.ENQUIRY_KEYS = [new_key(), *settings.ENQUIRY_KEYS]
    output = StringIO()
    call_command("rotate_enquiry_keys", stdout=output)
    assert "Encrypted anew: 4." in output.getvalue()
    assert "no longer needed" in output.getvalue()


def test_the_command_fails_over_what_no_key_opens_and_leaves_it_as_it_is(
    enquiry: Enquiry, settings: LazySettings
) -> None:
    lost = settings.ENQUIRY_KEYS
    settings.ENQUIRY_KEYS = [new_key()]
    other = make_enquiry(message="Readable")
    middle = settings.ENQUIRY_KEYS
    settings.ENQUIRY_KEYS = [new_key(), *middle]
    output = StringIO()
    with pytest.raises(CommandError, match="4 row"):
        call_command("rotate_enquiry_keys", stdout=output)
    assert "Encrypted anew: 1." in output.getvalue()
    assert "no longer needed" not in output.getvalue()
    settings.ENQUIRY_KEYS = [settings.ENQUIRY_KEYS[0]]
    assert Enquiry.objects.get(pk=other.pk).message == "Readable"
    settings.ENQUIRY_KEYS = lost
    assert Enquiry.objects.get(pk=enquiry.pk).message == "My knee"
    assert found() == 1


def test_a_row_that_is_erased_meanwhile_is_passed_over(
    enquiry: Enquiry, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ENQUIRY_KEYS = [new_key(), *settings.ENQUIRY_KEYS]
    one_row = key_rotation._rotate_row

    def erase_and_rotate(*details: Any) -> None:
        Enquiry.objects.all().delete()
        one_row(*details)

    monkeypatch.setattr(key_rotation, "_rotate_row", erase_and_rotate)
    report = rotate()
    assert (report.changed, report.current, report.unreadable) == (0, 0, 0)
