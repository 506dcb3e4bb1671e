"""What people write is in no column of the database as they wrote it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.conf import LazySettings
from django.core.exceptions import FieldError
from django.db import connection, transaction
from django.test import Client

from clinic.models import Clinic
from enquiries import crypto, workflow
from enquiries.crypto import UNREADABLE, KeyProblem, check_keys, new_key
from enquiries.crypto import normal_email as email_of
from enquiries.crypto import normal_telephone as number_of
from enquiries.encrypted_fields import EncryptedTextField
from enquiries.models import Enquiry, ThreadEntry
from tests.enquiries.conftest import answers
from tests.factories import make_enquiry, make_user

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = "Zebra crossing 123"


def raw(model: type, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM {model._meta.db_table}')  # type: ignore[attr-defined]  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def encrypted_columns() -> list[tuple[str, str]]:
    return [
        (model.__name__, field.column)
        for model in apps.get_app_config("enquiries").get_models()
        for field in model._meta.fields
        if isinstance(field, EncryptedTextField)
    ]


def test_all_that_a_person_wrote_or_was_written_to_is_encrypted() -> None:
    assert set(encrypted_columns()) >= {
        ("Enquiry", "full_name"), ("Enquiry", "email"), ("Enquiry", "telephone"),
        ("Enquiry", "message"), ("Enquiry", "red_flags"), ("ThreadEntry", "text"),
        ("OutgoingMail", "to"),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "column"), encrypted_columns())
def test_no_column_holds_the_plain_text(clinic: Clinic, name: str, column: str) -> None:
    model = apps.get_model("enquiries", name)
    enquiry = make_enquiry(full_name=WRITTEN, email="a@b.example", telephone="07700 900982")
    workflow.reply(make_user("Reception"), enquiry, "Come on Monday.", seen=0)
    row = model.objects.filter(to="").first() if name == "OutgoingMail" else model.objects.first()
    row = row or model.objects.first()
    setattr(row, column, WRITTEN)
    row.save()
    assert getattr(model.objects.get(pk=row.pk), column) == WRITTEN
    for stored in raw(model, column):
        assert WRITTEN not in stored
        assert "Zebra" not in stored
        assert stored == "" or stored.startswith("gAAAA")


@pytest.mark.django_db
def test_no_table_holds_anything_of_an_enquiry_in_plain_text(
    visitor: Client, token: str, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    visitor.post("/contact/", answers(form_token=token))
    enquiry = Enquiry.objects.get()
    workflow.add_note(make_user("Reception"), enquiry, "Rang her husband Kim.")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            text = repr(cursor.fetchall())
            for written in ("O’Neill", "sam@example.com", "900 982", "on stairs", "Rang her"):
                assert written not in text, table


@pytest.mark.django_db
def test_what_is_empty_stays_empty_and_can_be_asked_for(clinic: Clinic) -> None:
    make_enquiry(email="", telephone="07700 900982")
    assert raw(Enquiry, "email") == [""]
    assert raw(Enquiry, "email_key") == [""]
    assert Enquiry.objects.filter(email="").count() == 1
    assert Enquiry.objects.exclude(email="").count() == 0


@pytest.mark.django_db
def test_it_cannot_be_searched_by_mistake() -> None:
    with pytest.raises(FieldError):
        Enquiry.objects.filter(message__icontains="knee").count()


@pytest.mark.django_db
def test_the_same_text_is_encrypted_differently_each_time(clinic: Clinic) -> None:
    make_enquiry(message=WRITTEN)
    make_enquiry(message=WRITTEN)
    assert len(set(raw(Enquiry, "message"))) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Ünïcode 🤕 ألم", " \n spaces \n", "x" * 16000, "'; DROP"])
def test_any_text_comes_back_as_it_was(clinic: Clinic, text: str) -> None:
    pk = make_enquiry(message=text).pk
    assert Enquiry.objects.get(pk=pk).message == text


# --- without the key ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_its_key_a_text_says_so_and_the_pages_work(
    clinic: Clinic, settings: LazySettings, staff: Callable[[str], Client]
) -> None:
    enquiry = make_enquiry(full_name="Sam O’Neill", message="My knee hurts.", red_flags="[]")
    ThreadEntry.objects.create(enquiry=enquiry, text="Rang her.")
    settings.ENQUIRY_KEYS = [new_key()]
    assert Enquiry.objects.get().message == UNREADABLE
    client = staff("Manager")
    for address in (
        "/admin/", "/admin/enquiries/enquiry/", f"/admin/enquiries/enquiry/{enquiry.pk}/change/",
    ):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200
        assert "knee" not in response.content.decode()
    assert UNREADABLE in response.content.decode()


@pytest.mark.django_db
def test_what_cannot_be_read_is_never_written_over(clinic: Clinic, settings: LazySettings) -> None:
    make_enquiry(message="My knee hurts.")
    before, good = raw(Enquiry, "message"), settings.ENQUIRY_KEYS
    settings.ENQUIRY_KEYS = [new_key()]
    enquiry = Enquiry.objects.get()
    with pytest.raises(KeyProblem, match="cannot be saved"), transaction.atomic():
        enquiry.save()
    # What has nothing to do with it can be.
    enquiry.status = Enquiry.Status.IN_PROGRESS
    enquiry.save(update_fields=["status"])
    settings.ENQUIRY_KEYS = good
    assert raw(Enquiry, "message") == before
    assert Enquiry.objects.get().message == "My knee hurts."


@pytest.mark.django_db
def test_a_new_enquiry_is_taken_while_old_ones_cannot_be_read(
    settings: LazySettings, visitor: Client, token: str
) -> None:
    old = make_enquiry(message="Old")
    settings.ENQUIRY_KEYS = [new_key()]
    assert visitor.post("/contact/", answers(form_token=token)).status_code == 303
    assert Enquiry.objects.exclude(pk=old.pk).get().full_name == "Sam O’Neill-Ås"


# --- keys and hashes ------------------------------------------------------------------------------


def test_a_key_is_good_or_the_reason_says_what_to_do() -> None:
    good = new_key()
    assert check_keys([good]) == ""
    assert check_keys([good, new_key()]) == ""
    assert "python -m enquiries.crypto" in check_keys([])
    for bad in ("", "short", "x" * 44, f"{good}x", f" {good}", good[:-1]):
        assert check_keys([good, bad]).startswith("key 2 of 2 is not one that")
        assert bad == "" or bad not in check_keys([bad])


def test_the_command_prints_a_key_that_works() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "enquiries.crypto"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert check_keys([done.stdout.strip()]) == ""
    Fernet(done.stdout.strip())


@pytest.mark.parametrize(
    "written",
    ["+44 (0)7700 900 982", "07700 900982", "07700900982 after 5pm", "07700-900-982",
     "0044 7700 900982", "mobile: 07700.900982", "+447700900982", "07700 900982 - 5pm or later",
     "07700 900982 / 01632 960123", "after 5 07700900982", "٠٧٧٠٠ ٩٠٠٩٨٢", "447700900982"],
)  # fmt: skip
def test_a_telephone_number_is_the_same_however_it_is_written(written: str) -> None:
    assert number_of(written) == "7700900982"


@pytest.mark.parametrize(
    ("one", "other"), [("+353 1 234 5678", "00353 12345678"), ("0800 1111", "+44 800 1111")]
)
def test_shorter_and_foreign_numbers_are_compared_too(one: str, other: str) -> None:
    assert number_of(one) == number_of(other) != ""


def test_other_telephone_numbers_are_others() -> None:
    assert number_of("07700 900983") != number_of("07700 900982")
    assert number_of("") == ""
    assert number_of("none") == ""


def test_an_email_address_is_the_same_in_capitals() -> None:
    assert email_of(" Sam@Example.COM ") == email_of("sam@example.com")
    assert email_of("sam@example.com") != email_of("sam@example.org")


def test_a_hash_differs_by_kind_and_key_and_says_nothing(settings: LazySettings) -> None:
    hashes = {crypto.lookup_key("email", "x"), crypto.lookup_key("telephone", "x")}
    settings.ENQUIRY_KEYS = [new_key()]
    hashes.add(crypto.lookup_key("email", "x"))
    assert len(hashes) == 3
    assert crypto.lookup_key("email", "") == ""
    assert crypto.lookup_keys("email", "") == []
