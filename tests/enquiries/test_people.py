"""One person's data: found, handed over whole, and erased, with a record that it was done."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client

from enquiries import consent
from enquiries.models import Enquiry, OutgoingMail, ThreadEntry, Tombstone
from tests.enquiries.conftest import FRIDAY_10AM, soup_of
from tests.enquiries.reception import LIST, at, listed, log, step, text_of
from tests.factories import make_clinic, make_condition, make_enquiry, make_practitioner, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PERSON = f"{LIST}person/"


@pytest.fixture
def manager(db: None, signed_in: Callable[[User], Client], clock: time_machine.Traveller) -> Client:
    make_clinic()
    return signed_in(make_user("Manager", username="mia"))


@pytest.fixture
def sam(manager: Client) -> list[Enquiry]:
    """Two enquiries of one person, and one of somebody else."""
    first = make_enquiry(
        full_name="Sam <i>O’Neill</i>", email="sam@example.com", telephone="07700 900 982",
        message="My <script>knee</script>\nhurts", received_at=at(18, 9), reply_by=at(19, 9),
        first_read_at=at(18, 10), condition=make_condition(name="Knee pain"),
        practitioner=make_practitioner(name="Asha Example"), may_leave_message=True,
        health_consent_given_at=at(18, 9), health_consent_version=consent.CURRENT.version,
        spam_reasons="Many links", urgency=2,
        red_flags=json.dumps([{"key": "a", "level": "urgent", "sign": "you are unwell",
                               "spans": [[0, 2]], "is_weakened": False, "why_weakened": ""}]),
    )  # fmt: skip
    second = make_enquiry(
        email="SAM@example.com", status="closed", outcome="booked", received_at=at(19, 9)
    )
    make_enquiry(full_name="Kim Stranger", email="kim@example.com", message="My elbow")
    step(manager, first, "reply", text="Come in & see us.\nMia")
    step(manager, first, "note", text="=Sounds worried.")
    step(manager, first, "hold", reason="Complaint of May")
    return [first, second]


def ask(client: Client, email: str | list[bytes] = "sam@example.com", **answers: str) -> Any:
    return client.post(PERSON, {"email": email} | answers)


@pytest.mark.parametrize(
    "who",
    [
        {"email": "sam@example.com"}, {"email": "SAM@Example.com"},
        {"email": "", "telephone": "+44 7700 900982"},
        {"email": "nobody@example.com", "telephone": "07700900982"},
    ],
)  # fmt: skip
def test_all_of_a_person_is_found_and_nothing_of_others(
    manager: Client, sam: list[Enquiry], who: dict[str, str]
) -> None:
    response = ask(manager, **who)
    found = {link.get_text() for link in soup_of(response.content).select("#content-main li a")}
    expected = sam if "@" in who["email"] and "nobody" not in who["email"] else sam[:1]
    assert found == {each.reference for each in expected}
    assert "kept: Complaint of May" in text_of(response)
    assert log("searched") == [("mia", "searched", "", "enquiries: of one person")]


def test_nothing_found_and_nothing_asked(manager: Client) -> None:
    assert "Nothing under this email address" in text_of(ask(manager, email="no@example.com"))
    empty = ask(manager, email="")
    assert empty.status_code == 422
    assert "Enter an email address, a telephone number or both" in text_of(empty)
    assert "Error: One person’s data" in str(soup_of(empty.content).title)
    assert ask(manager, email="x" * 3000).status_code == 422
    assert ask(manager, email=[b"\x00\xed\xa0\x80"]).status_code == 422
    # A contact in the address of the page, and so in logs, is not looked at.
    assert "What we hold" not in text_of(manager.get(f"{PERSON}?email=sam@example.com"))


def as_json(client: Client) -> Any:
    response = ask(client, json="")
    assert response["Content-Disposition"] == 'attachment; filename="personal-data.json"'
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)


def test_export_for_a_machine_holds_everything(manager: Client, sam: list[Enquiry]) -> None:
    held = as_json(manager)
    first, second = held["enquiries"]
    assert first["what happened"][0] == {
        "when": "2026-11-20T10:00+00:00", "what": "Reply by email", "who": "mia",
        "text": "Come in & see us.\nMia",
    }  # fmt: skip
    assert [each["text"] for each in first.pop("what happened")[1:]] == [
        "=Sounds worried.", "Kept past its date.",
    ]  # fmt: skip
    (mail,) = first.pop("mail")
    assert (mail["what"], mail["written"]) == ("Reply, to the sender", "2026-11-20T10:00+00:00")
    assert "I agree" in first.pop("agreed to")
    assert "health" in first.pop("agreed on details of health")
    assert first == {
        "reference": sam[0].reference, "received": "2026-11-18T09:00+00:00",
        "name": "Sam <i>O’Neill</i>", "email address": "sam@example.com",
        "telephone": "07700 900 982", "reply wanted by": "Email", "a message may be left": True,
        "about": "Knee pain", "for": "Asha Example", "message": "My <script>knee</script>\nhurts",
        "agreed on": "2026-11-18T09:00+00:00", "agreed to that on": "2026-11-18T09:00+00:00",
        "warning signs that were found": ["you are unwell"],
        "thought to be spam because": ["Many links"], "status": "Waiting for the sender",
        "ended as": "", "reply promised by": "2026-11-19T09:00+00:00",
        "first read": "2026-11-18T10:00+00:00", "first answered": "2026-11-20T10:00+00:00",
        "closed": "",
        "erased on": sam[0].erase_on.isoformat(), "kept longer because": "Complaint of May",
    }  # fmt: skip
    assert (second["reference"], second["ended as"]) == (
        sam[1].reference, sam[1].get_outcome_display(),
    )  # fmt: skip
    assert "Kim" not in json.dumps(held)
    assert "elbow" not in json.dumps(held)


def test_export_leaves_out_no_field_that_holds_words(manager: Client, sam: list[Enquiry]) -> None:
    """A field that is added later has to be exported too, or named here with its reason."""
    exported = {
        "reference", "full_name", "email", "telephone", "reply_by_method", "may_leave_message",
        "condition", "practitioner", "message", "consent_given_at", "consent_wording_version",
        "health_consent_given_at", "health_consent_version", "red_flags", "spam_reasons", "status",
        "outcome", "received_at", "reply_by", "first_read_at", "first_replied_at", "closed_at",
        "erase_on", "hold_reason",
    }  # fmt: skip
    # Keys for looking up, what follows from the above, our own people, and other enquiries.
    left_out = {
        "id", "email_key", "telephone_key", "form_key", "submission_key", "answers_key", "urgency",
        "suspected_spam", "is_test", "owner", "held_by_name", "merged_into", "corrects",
    }  # fmt: skip
    assert {field.name for field in Enquiry._meta.concrete_fields} == exported | left_out
    # Both also have the thread and the mail.
    assert len(as_json(manager)["enquiries"][0]) == len(exported) + 2


def test_export_to_read_holds_the_same_and_no_code(manager: Client, sam: list[Enquiry]) -> None:
    response = ask(manager, html="")
    assert response["Content-Disposition"] == 'attachment; filename="personal-data.html"'
    content = response.content.decode()
    assert "<script" not in content
    assert "<i>" not in content
    soup = BeautifulSoup(content, "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == "en-GB"
    text = " ".join(soup.get_text().split())
    for words in (
        "What Fernhill Clinic holds about you", "Sam <i>O’Neill</i>", "My <script>knee</script>",
        "Come in & see us.", "=Sounds worried.", "Complaint of May", "you are unwell",
        "07700 900 982", sam[1].reference, "Enquiries: 2.",
    ):  # fmt: skip
        assert words in text
    assert "Kim" not in text


@pytest.mark.parametrize("kind", ["json", "html"])
def test_handing_over_is_on_record(manager: Client, sam: list[Enquiry], kind: str) -> None:
    ask(manager, **{kind: ""})
    assert log("exported", "searched") == [
        ("mia", "exported", f"enquiry: {each.reference}", kind) for each in sam
    ]
    assert "sam@example.com" not in str(log())


def test_erasing_a_person_leaves_what_is_held_and_says_so(
    manager: Client, sam: list[Enquiry]
) -> None:
    assert "Nothing was erased." in text_of(ask(manager, erase=""))
    assert Enquiry.objects.count() == 3
    response = manager.post(
        PERSON, {"email": "sam@example.com", "erase": "", "sure": "yes"}, follow=True
    )
    text = text_of(response)
    assert "Enquiries erased: 1." in text
    assert f"{sam[0]}: It is kept because: Complaint of May. Release it first." in text
    assert Tombstone.objects.get().reference == sam[1].reference
    step(manager, sam[0], "release")
    assert ask(manager, erase="", sure="yes").status_code == 302
    assert Enquiry.objects.get().full_name == "Kim Stranger"
    assert not ThreadEntry.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert listed(manager, "?q=sam@example.com") == []
    assert {target for _, _, target, _ in log("erased")} == {
        f"enquiry: {each.reference}" for each in sam
    }
    assert "Sam" not in str(log())


def test_reception_finds_and_hands_over_nothing(
    sam: list[Enquiry], staff: Callable[[str], Client]
) -> None:
    desk = staff("Reception")
    text = text_of(ask(desk))
    assert sam[0].reference in text
    assert "A manager can hand it over or erase it." in text
    for wanted in ("json", "html", "erase"):
        assert ask(desk, sure="yes", **{wanted: ""}).status_code == 403
    assert Enquiry.objects.count() == 3
    assert log("exported", "erased") == []


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor", ""])
def test_nobody_else_sees_anything(
    sam: list[Enquiry], staff: Callable[[str], Client], role: str
) -> None:
    client = staff(role) if role else Client()
    for response in (client.get(PERSON), ask(client), ask(client, json="")):
        assert response.status_code == (403 if role else 302)
        assert sam[0].reference not in response.content.decode()


def test_page_of_a_person_is_never_found_under_an_old_date(manager: Client) -> None:
    """What was closed long ago and not erased yet is still held, and so is found."""
    old = make_enquiry(email="sam@example.com", suspected_spam=True, received_at=FRIDAY_10AM)
    assert old.reference in text_of(ask(manager))
