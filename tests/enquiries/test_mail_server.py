"""A real mail server on loopback: it takes, refuses, puts off, hangs up, and is not there."""

import email
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from email import policy
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import LazySettings
from django.test import Client

from clinic.models import Clinic
from enquiries import outbox
from enquiries.models import OutgoingMail
from tests.enquiries.conftest import answers

pytestmark = pytest.mark.django_db

Committing = Callable[..., AbstractContextManager[Any]]


class Mailbox:
    """What the server does with a mail, and what it has taken."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answer_to_recipient = "250 OK"
        self.answer_to_mail = "250 OK"
        self.hangs_up: str = ""

    async def handle_RCPT(  # noqa: N802  (the names are aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.hangs_up:
            if self.hangs_up == "after taking":
                self.taken.append(envelope)
            assert server.transport is not None
            server.transport.close()
            return "421 gone"
        if self.answer_to_mail.startswith("250"):
            self.taken.append(envelope)
        return self.answer_to_mail


@pytest.fixture
def mailbox(settings: LazySettings) -> Iterator[Mailbox]:
    """A mail server that the site sends to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 2
    handler = Mailbox()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


@pytest.fixture
def send(visitor: Client, clinic: Clinic, committing: Committing) -> Callable[[], int]:
    """Send the form as a visitor does; the mail is tried at the end."""

    def send_form() -> int:
        token = visitor.get("/contact/").context["form_token"]
        with committing():
            return visitor.post("/contact/", answers(form_token=token)).status_code

    return send_form


def a_round_for_each() -> None:
    """Drain as often as there are mails: a server that does not answer ends a round."""
    for _ in OutgoingMail.objects.all():
        outbox.drain(limit=100)


def states() -> set[tuple[str, int, str]]:
    return set(OutgoingMail.objects.values_list("state", "attempts", "last_error"))


def test_it_takes_the_mail_with_its_message_id(
    clock: time_machine.Traveller, mailbox: Mailbox, send: Callable[[], int]
) -> None:
    assert send() == 303
    assert states() == {("sent", 1, "")}
    got = [email.message_from_bytes(each.content, policy=policy.default) for each in mailbox.taken]
    ids = dict(OutgoingMail.objects.values_list("kind", "message_id"))
    assert [each["Message-ID"] for each in got] == [ids["notification"], ids["acknowledgement"]]
    assert [each.rcpt_tos for each in mailbox.taken] == [
        ["desk@fernhill.example"], ["sam@example.com"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ({"answer_to_recipient": "451 try later"}, "SMTPRecipientsRefused 451"),
        ({"answer_to_mail": "452 no room for sam@example.com"}, "SMTPDataError 452"),
        ({"answer_to_mail": "554 not today"}, "SMTPDataError 554"),
        ({"hangs_up": "before taking"}, "SMTPServerDisconnected"),
    ],
)
def test_what_it_does_not_take_is_sent_when_it_does(
    clock: time_machine.Traveller,
    mailbox: Mailbox,
    send: Callable[[], int],
    trouble: dict[str, str],
    error: str,
) -> None:
    vars(mailbox).update(trouble)
    assert send() == 303
    a_round_for_each()
    assert states() == {("waiting", 1, error)}
    # An hour of it, as the jobs would go through it.
    for _ in range(12):
        clock.shift(timedelta(minutes=5))
        a_round_for_each()
    assert not mailbox.taken
    assert {attempts for _, attempts, _ in states()} == {4}
    vars(mailbox).update(vars(Mailbox()) | {"taken": []})
    clock.shift(timedelta(hours=4))
    assert outbox.drain(limit=100) == 2
    assert {state for state, _, _ in states()} == {"sent"}
    assert len(mailbox.taken) == 2


def test_an_address_that_it_refuses_for_good_is_given_up(
    clock: time_machine.Traveller, mailbox: Mailbox, send: Callable[[], int]
) -> None:
    mailbox.answer_to_recipient = "550 nobody here"
    assert send() == 303
    assert states() == {("failed", 1, "SMTPRecipientsRefused 550")}


def test_taken_and_then_dropped_is_sent_again_under_the_same_message_id(
    clock: time_machine.Traveller, mailbox: Mailbox, send: Callable[[], int]
) -> None:
    """The one case of twice: the server never said that it had it. Mailboxes know the repeat."""
    mailbox.hangs_up = "after taking"
    send()
    a_round_for_each()
    mailbox.hangs_up = ""
    clock.shift(timedelta(minutes=5))
    assert outbox.drain(limit=100) == 2
    got = [email.message_from_bytes(each.content)["Message-ID"] for each in mailbox.taken]
    assert len(got) == 4
    assert len(set(got)) == 2


def test_a_server_that_hangs_costs_seconds_and_no_mail(
    clock: time_machine.Traveller, settings: LazySettings, send: Callable[[], int]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = "127.0.0.1", False, 0.2
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # takes a connection and says nothing
        settings.EMAIL_PORT = deaf.getsockname()[1]
        assert send() == 303
        # Nobody waits for a second mail to find out what the first has found.
        assert states() == {("waiting", 1, "SMTPServerDisconnected"), ("waiting", 0, "")}
        a_round_for_each()
    clock.shift(timedelta(minutes=5))
    a_round_for_each()  # nobody listens there any more
    assert states() == {("waiting", 2, "ConnectionRefusedError")}
