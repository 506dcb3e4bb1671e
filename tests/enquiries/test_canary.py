"""The test of the enquiry form goes the whole way, troubles nobody and says what is wrong."""

import imaplib
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from clinic.models import Clinic
from enquiries import canary, canary_run, services
from enquiries.canary_run import Blocked, Page, make_test
from enquiries.models import CanaryRun, Enquiry, OutgoingMail, RecentSubmission, Tombstone
from scripts.address import free_port
from tests.factories import make_clinic, make_enquiry

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


@pytest.fixture
def through_client(committing: Callable[..., Any]) -> canary_run.Fetch:
    """Asks the site for pages without a network; mail goes out when the form was sent."""
    visitor = Client()

    def fetch(url: str, data: dict[str, str] | None) -> Page:
        if data is None:
            response = visitor.get(url)
        else:
            with committing():
                response = visitor.post(url, data)
        if response.status_code >= 400:
            raise Blocked(f"The site answered {response.status_code}.")
        if response.status_code == 303:
            return fetch(SITE + response["Location"], None)
        return Page(url, response.content.decode())

    return fetch


@pytest.fixture
def test_it(clinic: Clinic, through_client: canary_run.Fetch) -> Callable[..., CanaryRun]:
    """Makes a test, without waiting for anything."""

    def make(**changes: Any) -> CanaryRun:
        return make_test(**{"site": SITE, "wait": 0, "fetch": through_client} | changes)

    return make


# --- over HTTP, with a real mail server -----------------------------------------------------------


class Inbox(Message):
    """Keeps what the mail server is given."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


@pytest.fixture
def mail_server(settings: Any) -> Iterator[Inbox]:
    """A mail server on loopback, which the site sends to."""
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = False
    yield inbox
    controller.stop()


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_the_whole_way_over_http_to_a_mail_server(
    live_server: Any, mail_server: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    make_clinic()
    call_command("try_enquiry_form", site=live_server.url, wait=5)
    assert "All well: stored, mail written, taken by the mail server." in capsys.readouterr().out
    (sent,) = mail_server.mails
    assert re.fullmatch(
        r"Test of the enquiry form E-\w{4}-\w{4}, nothing to do", str(sent["Subject"])
    )
    assert sent["To"] == "desk@fernhill.example"
    run = CanaryRun.objects.get()
    assert (run.stored, run.queued, run.accepted, run.arrived) == (True, True, True, None)
    assert run.succeeded
    for model in (Enquiry, OutgoingMail, Tombstone, RecentSubmission):
        assert not model.objects.exists(), model


def test_a_site_that_does_not_answer_is_the_finding(clinic: Clinic) -> None:
    site = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(CommandError, match=r"did not answer at .*/contact/.*ConnectionRefused"):
        call_command("try_enquiry_form", site=site, wait=0)
    assert "ConnectionRefused" in CanaryRun.objects.get().problem


def test_the_address_has_to_be_one_of_the_web(clinic: Clinic) -> None:
    with pytest.raises(CommandError, match="--site must begin with"):
        call_command("try_enquiry_form", site="file:///etc/passwd")


# --- what it finds --------------------------------------------------------------------------------


def test_a_test_troubles_nobody(
    test_it: Callable[..., CanaryRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Enquiry] = []

    def look(enquiry: Enquiry, *args: Any) -> None:
        kept.append(enquiry)
        assert enquiry.is_test
        assert not Enquiry.objects.real().exists()
        assert not Enquiry.objects.spam().exists()
        assert [each.kind for each in enquiry.mail.all()] == ["notification"]
        assert not RecentSubmission.objects.exists()

    erase = canary_run.retention.erase
    monkeypatch.setattr(canary_run.retention, "erase", lambda *args: (look(*args), erase(*args))[1])
    assert test_it().problem == ""
    assert len(kept) == 1
    assert not Enquiry.objects.exists()
    assert not Tombstone.objects.exists()
    assert [each.subject for each in mail.outbox] == [
        f"Test of the enquiry form {kept[0].reference}, nothing to do"
    ]


def test_tests_follow_each_other(test_it: Callable[..., CanaryRun]) -> None:
    """The same answers within a day would be one enquiry."""
    assert [test_it().problem, test_it().problem] == ["", ""]


def test_mail_that_nobody_sends_is_the_finding(
    test_it: Callable[..., CanaryRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("enquiries.outbox.drain_soon", lambda: None)
    run = test_it()
    assert "The mail waited" in run.problem
    assert "run_jobs" in run.problem
    assert (run.stored, run.queued, run.accepted) == (True, True, False)
    assert not Enquiry.objects.exists()


def test_a_mail_server_that_refuses_is_the_finding(
    test_it: Callable[..., CanaryRun], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert "The last try met: ConnectionRefusedError" in test_it().problem


def test_a_mail_that_came_back_is_the_finding(
    test_it: Callable[..., CanaryRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    def bounce() -> None:
        OutgoingMail.objects.update(state="bounced", last_error="5.1.1 mailbox does not exist")

    monkeypatch.setattr("enquiries.outbox.drain_soon", bounce)
    assert test_it().problem == "The mail was not delivered: 5.1.1 mailbox does not exist."


def test_a_clinic_without_an_address_is_the_finding(test_it: Callable[..., CanaryRun]) -> None:
    Clinic.objects.update(email="")
    assert "no email address" in test_it().problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<h1>We are moving</h1>", "There is no enquiry form on the contact page"),
        ("<form><input name=form_token value=x:y:z></form>", "signed with another key"),
    ],
)
def test_another_page_is_the_finding(
    test_it: Callable[..., CanaryRun], text: str, problem: str
) -> None:
    assert problem in test_it(fetch=lambda url, data: Page(url, text)).problem


def test_a_form_that_asks_something_else_is_the_finding(
    test_it: Callable[..., CanaryRun], through_client: canary_run.Fetch
) -> None:
    def fetch(url: str, data: dict[str, str] | None) -> Page:
        page = through_client(url, data)
        return Page(page.url, page.text.replace('name="message"', 'name="words"'))

    assert test_it(fetch=fetch).problem == "The form does not ask for: message."


def test_a_sender_who_is_told_nothing_is_the_finding(
    test_it: Callable[..., CanaryRun], through_client: canary_run.Fetch
) -> None:
    def fetch(url: str, data: dict[str, str] | None) -> Page:
        page = through_client(url, data)
        return page if data is None else Page(page.url, "Thank you")

    assert "not shown the confirmation" in test_it(fetch=fetch).problem
    assert not Enquiry.objects.exists()


def test_another_database_is_the_finding(
    test_it: Callable[..., CanaryRun], through_client: canary_run.Fetch
) -> None:
    def fetch(url: str, data: dict[str, str] | None) -> Page:
        return Page(url, "") if data else through_client(url, data)

    assert "nothing was stored in the database" in test_it(fetch=fetch).problem


def test_a_test_that_is_taken_for_a_person_is_erased_without_a_trace(
    test_it: Callable[..., CanaryRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("enquiries.canary.is_marked", lambda text: False)
    assert "as if a person had sent it" in test_it().problem
    assert not Enquiry.objects.exists()
    assert not Tombstone.objects.exists()


def test_an_answer_that_is_lost_leaves_no_enquiry_behind(
    test_it: Callable[..., CanaryRun], through_client: canary_run.Fetch
) -> None:
    def fetch(url: str, data: dict[str, str] | None) -> Page:
        page = through_client(url, data)
        if data:
            raise Blocked("The site did not answer.")
        return page

    assert test_it(fetch=fetch).problem == "The site did not answer."
    assert not Enquiry.objects.exists()


def test_a_fault_of_the_test_is_kept_without_its_words(
    test_it: Callable[..., CanaryRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise ValueError("desk@fernhill.example")

    monkeypatch.setattr(canary_run, "_stored", fail)
    assert test_it().problem == "The test itself failed: ValueError."


def test_what_a_broken_off_test_left_is_erased_by_the_next(
    test_it: Callable[..., CanaryRun],
) -> None:
    now = timezone.now()
    make_enquiry(is_test=True, received_at=now - timedelta(hours=2))
    person = make_enquiry(received_at=now - timedelta(hours=2))
    CanaryRun.objects.create(at=now - timedelta(days=400))
    test_it()
    assert list(Enquiry.objects.all()) == [person]
    assert CanaryRun.objects.count() == 1


def test_nobody_else_can_mark_a_form(clock: Any) -> None:
    marked = canary.mark()
    assert canary.is_marked(marked)
    assert not canary.is_marked(f"{marked}x")
    clock.shift(timedelta(minutes=11))
    assert not canary.is_marked(marked)


def test_spam_checks_do_not_hold_a_test_back(
    test_it: Callable[..., CanaryRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Suspicious:
        is_suspected = True
        words = "It looks odd"

    monkeypatch.setattr(services.screening, "judge_submission", lambda *args: Suspicious())
    assert test_it().problem == ""


# --- arrival in the mailbox -----------------------------------------------------------------------


class FakeImap:
    """A mail server's mailbox: one that holds the mails that have been sent, or none."""

    error, abort = imaplib.IMAP4.error, imaplib.IMAP4.abort
    holds_mail = True
    refuses = False

    def __init__(self, host: str, port: int, *, ssl_context: Any, timeout: float) -> None:
        assert (host, port, bool(timeout)) == ("imap.fernhill.example", 993, True)
        assert ssl_context.check_hostname

    def login(self, user: str, password: str) -> None:
        if self.refuses:
            raise imaplib.IMAP4.error(f"no such user {user}")

    def select(self, name: str, readonly: bool) -> tuple[str, list[bytes]]:
        assert (name, readonly) == ("INBOX", True)
        return "OK", [b"1"]

    def noop(self) -> None:
        pass

    def uid(self, command: str, *criteria: str) -> tuple[str, list[bytes]]:
        assert (command, criteria[:2]) == ("SEARCH", ("HEADER", "Message-ID"))
        sent = [f'"{each.extra_headers["Message-ID"]}"' for each in mail.outbox]
        return "OK", [b"7" if self.holds_mail and criteria[2] in sent else b""]

    def logout(self) -> None:
        pass


@pytest.fixture
def imap(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[FakeImap]:
    class Imap(FakeImap):
        pass

    settings.IMAP_HOST, settings.IMAP_USER = "imap.fernhill.example", "desk@fernhill.example"
    monkeypatch.setattr(imaplib, "IMAP4_SSL", Imap)
    return Imap


def test_arrival_is_looked_for(imap: type[FakeImap], test_it: Callable[..., CanaryRun]) -> None:
    run = test_it()
    assert (run.problem, run.arrived) == ("", True)


def test_mail_that_does_not_arrive_is_the_finding(
    imap: type[FakeImap], test_it: Callable[..., CanaryRun]
) -> None:
    imap.holds_mail = False
    run = test_it()
    assert "did not arrive in the inbox" in run.problem
    assert (run.accepted, run.arrived) == (True, False)


def test_a_mailbox_that_stays_shut_is_the_finding(
    imap: type[FakeImap], test_it: Callable[..., CanaryRun]
) -> None:
    imap.refuses = True
    problem = test_it().problem
    assert "refused IMAP_USER with IMAP_PASSWORD" in problem
    assert "fernhill" not in problem


def test_a_mailbox_out_of_reach_is_the_finding(
    settings: Any, test_it: Callable[..., CanaryRun]
) -> None:
    settings.IMAP_HOST, settings.IMAP_PORT = "127.0.0.1", free_port()
    assert "could not be reached" in test_it().problem
