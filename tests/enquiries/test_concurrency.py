"""Two clicks at the same moment are one enquiry, on either database."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client

from enquiries import outbox, services
from enquiries.models import Enquiry, OutgoingMail
from enquiries.submission import Sending, Submission
from tests.enquiries.conftest import answers, token_in
from tests.enquiries.threads import in_threads, shared_database
from tests.factories import make_clinic, make_enquiry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def real_database(tmp_path: Path) -> Iterator[None]:
    with shared_database(tmp_path):
        yield


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
    numbers = count()

    def visit() -> int:
        visitor = Client()
        token = token_in(visitor.get("/contact/").content)
        sent = answers(form_token=token, email=f"sam{next(numbers)}@example.com")
        return visitor.post("/contact/", sent).status_code

    assert in_threads(8, visit) == [303] * 8
    assert Enquiry.objects.count() == 8
    outbox.drain(limit=100)  # what found no place among the senders
    assert len(mail.outbox) == 16


def test_the_same_answers_from_several_tabs_at_once_are_one_enquiry(real_database: None) -> None:
    make_clinic()

    def visit() -> str:
        visitor = Client()
        token = token_in(visitor.get("/contact/").content)
        return visitor.post("/contact/", answers(form_token=token))["Location"]

    assert len(set(in_threads(6, visit))) == 1
    assert Enquiry.objects.count() == 1


def test_senders_at_the_same_moment_send_each_mail_once(real_database: None) -> None:
    make_clinic()
    for _ in range(5):
        enquiry = make_enquiry()
        outbox.add(enquiry, OutgoingMail.Kind.NOTIFICATION)
        outbox.add(enquiry, OutgoingMail.Kind.ACKNOWLEDGEMENT)
    assert sum(in_threads(4, lambda: outbox.drain(limit=100))) == 10
    ids = [each.extra_headers["Message-ID"] for each in mail.outbox]
    assert len(ids) == 10
    assert len(set(ids)) == 10
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {("sent", 1)}


def submission() -> Submission:
    return Submission(
        full_name="Sam", email="sam@example.com", telephone="", reply_by_method="email",
        may_leave_message=False, condition=None, practitioner=None, message="Hello",
        agrees_on_health=False,
    )  # fmt: skip


def test_a_row_that_appears_between_looking_and_storing_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_clinic()
    details: dict[str, Any] = {
        "submission": submission(), "sending": Sending(nonce="n", consent_version="2026-11"),
    }  # fmt: skip
    first = services.receive_enquiry(**details)
    # Blind before the transaction and in it, as if the other one's row came after both.
    find, blind = services.find_enquiry, iter([True, True])
    monkeypatch.setattr(
        services,
        "find_enquiry",
        lambda **given: None if next(blind, False) else find(**given),
    )
    assert services.receive_enquiry(**details) == first
    assert OutgoingMail.objects.count() == 2


def test_a_row_the_database_never_takes_is_an_error_for_the_view(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise IntegrityError("no")

    make_clinic()
    monkeypatch.setattr(Enquiry, "save", refuse)
    token = token_in(Client().get("/contact/").content)
    assert Client().post("/contact/", answers(form_token=token)).status_code == 503


@pytest.mark.parametrize("fault", ["row", "mail"])
def test_row_and_mail_are_there_together_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise IntegrityError("no")

    make_clinic()
    model = Enquiry if fault == "row" else OutgoingMail
    with monkeypatch.context() as patch:
        patch.setattr(model, "save", refuse)
        token = token_in(Client().get("/contact/").content)
        assert Client().post("/contact/", answers(form_token=token)).status_code == 503
    assert not Enquiry.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert not mail.outbox
    assert Client().post("/contact/", answers(form_token=token)).status_code == 303
    assert Enquiry.objects.get().mail.count() == 2


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_a_process_that_dies_leaves_all_or_nothing(
    monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """What a kill leaves: a transaction that never ended, or rows whose mail nobody has tried."""

    class Killed(BaseException):
        pass

    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    make_clinic()
    token = token_in(Client().get("/contact/").content)
    with monkeypatch.context() as patch:
        if moment == "before the commit":
            patch.setattr(services.screening, "remember", die)
        else:
            patch.setattr(outbox, "run_in_background", die)
        with pytest.raises(Killed):
            Client().post("/contact/", answers(form_token=token))
    survived = 0 if moment == "before the commit" else 1
    assert Enquiry.objects.count() == survived
    assert OutgoingMail.objects.count() == 2 * survived
    # The visitor saw no confirmation and tries again; the jobs send what waits.
    assert Client().post("/contact/", answers(form_token=token)).status_code == 303
    outbox.drain(limit=10)
    assert Enquiry.objects.count() == 1
    assert len(mail.outbox) == 2
