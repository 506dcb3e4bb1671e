"""Two clicks at the same moment are one enquiry, on either database."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, connections
from django.test import Client

from enquiries import services
from enquiries.models import Enquiry
from enquiries.submission import Submission
from tests.enquiries.conftest import answers, token_in
from tests.factories import make_clinic

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def real_database(tmp_path: Path) -> Iterator[None]:
    """On SQLite, put a file in the place of the database in memory, which threads cannot share."""
    if connection.vendor != "sqlite":
        yield
        return
    name = connection.settings_dict["NAME"]
    copy = tmp_path / "copy.sqlite3"
    connection.ensure_connection()
    connection.cursor().execute("VACUUM INTO %s", [str(copy)])
    held, connection.connection = connection.connection, None
    connection.settings_dict["NAME"] = str(copy)
    try:
        yield
    finally:
        connection.connection.close()
        connection.connection = held
        connection.settings_dict["NAME"] = name


def in_threads(number: int, work: Any) -> list[Any]:
    """Do the work in so many threads that start together; return what each returned."""
    results: list[Any] = []
    gate = threading.Barrier(number)

    def run() -> None:
        try:
            gate.wait()
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_double_click_is_one_enquiry_and_one_confirmation(real_database: None) -> None:
    make_clinic()
    sent = answers(form_token=token_in(Client().get("/contact/").content))
    responses = in_threads(6, lambda: Client().post("/contact/", sent))
    assert [response.status_code for response in responses] == [303] * 6
    assert len({response["Location"] for response in responses}) == 1
    assert Enquiry.objects.count() == 1
    assert len(mail.outbox) == 2


def test_many_people_at_once_are_many_enquiries(real_database: None) -> None:
    make_clinic()

    def visit() -> int:
        visitor = Client()
        token = token_in(visitor.get("/contact/").content)
        return visitor.post("/contact/", answers(form_token=token)).status_code

    assert in_threads(8, visit) == [303] * 8
    assert Enquiry.objects.count() == 8


def test_a_row_that_appears_between_looking_and_storing_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_clinic()
    submission = Submission(
        full_name="Sam", email="sam@example.com", telephone="", reply_by_method="email",
        may_leave_message=False, condition=None, practitioner=None, message="Hello",
    )  # fmt: skip
    details: dict[str, Any] = {
        "submission": submission, "nonce": "n", "consent_version": "2026-11",
    }  # fmt: skip
    first = services.receive_enquiry(**details)
    find, blind = services.find_enquiry, iter([True])
    monkeypatch.setattr(
        services,
        "find_enquiry",
        lambda **given: None if next(blind, False) else find(**given),
    )
    assert services.receive_enquiry(**details) == first


def test_a_row_the_database_never_takes_is_an_error_for_the_view(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise IntegrityError("no")

    make_clinic()
    monkeypatch.setattr(Enquiry, "save", refuse)
    token = token_in(Client().get("/contact/").content)
    assert Client().post("/contact/", answers(form_token=token)).status_code == 503
