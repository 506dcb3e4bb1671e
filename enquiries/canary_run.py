"""Tests the whole way of an enquiry: through the real form to the mail server and the mailbox.

The test is marked, so that it troubles nobody, and is erased in any case.
"""

import http.client
import secrets
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin, urlsplit

from django.urls import reverse
from django.utils import timezone

from clinic.models import Clinic
from enquiries import canary, form_token, mailbox, retention
from enquiries.models import CanaryRun, Enquiry, OutgoingMail, Tombstone
from enquiries.outbox import describe
from enquiries.submission import form_key

_TIMEOUT = 30  # seconds for one page
_LARGEST_PAGE = 5_000_000
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_BETWEEN_LOOKS_INTO_MAILBOX = 2.0
# What a test that was broken off left behind, and the results of so long ago.
_LEFTOVERS_AFTER = timedelta(hours=1)
_RESULTS_KEPT = timedelta(days=366)


class Blocked(Exception):
    """The test did not go on from here; the text says why, in plain words."""


@dataclass(frozen=True)
class Page:
    """A page that the site answered with, and the address it came from."""

    url: str
    text: str


Fetch = Callable[[str, dict[str, str] | None], Page]


@dataclass
class _Try:
    """One test under way."""

    site: str
    wait: float
    fetch: Fetch
    run: CanaryRun = field(default_factory=lambda: CanaryRun(at=timezone.now()))
    key: str = ""


def make_test(*, site: str, wait: float, fetch: Fetch | None = None) -> CanaryRun:
    """Send a test enquiry, follow it, erase it, and return what was found, which is stored.

    Waits for the mail server, and for the mailbox, at most so many seconds each.
    """
    _clear_up()
    attempt = _Try(site=site.rstrip("/"), wait=wait, fetch=fetch or over_http(site))
    run = attempt.run
    try:
        _go(attempt)
    except Blocked as blocked:
        run.problem = str(blocked)
    except mailbox.MailboxProblem as problem:
        run.problem = f"The mailbox could not be looked into. {problem}"
    except Exception as error:  # whatever it is, it is a finding
        run.problem = f"The test itself failed: {describe(error)}."
    finally:
        _erase(attempt)
        run.problem = run.problem[:200]
        run.save()
    return run


def _go(attempt: _Try) -> None:
    """Go the whole way, step by step, noting each."""
    clinic = Clinic.current()
    if not clinic.email:
        raise Blocked(
            "The clinic has no email address, so that news of an enquiry reaches nobody. Enter it"
            " in Clinic details."
        )
    page = _send(attempt, clinic.email)
    enquiry = _stored(attempt)
    _check_confirmation(page, enquiry)
    mail = _queued(attempt, enquiry)
    _await_mail_server(attempt, mail)
    if mailbox.is_set_up():
        _await_arrival(attempt, mail)


# --- the form -------------------------------------------------------------------------------------


class _FormReader(HTMLParser):
    """Finds the enquiry form on a page: where it is sent, and what it asks."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.names: set[str] = set()
        self.values: dict[str, str] = {}  # of what is sent without being chosen
        self._action_here = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self._action_here = given.get("action") or ""
        elif tag in {"input", "textarea", "select"} and name:
            if name == "form_token":
                self.action = self._action_here
            self.names.add(name)
            if given.get("type") not in {"radio", "checkbox"}:
                self.values.setdefault(name, given.get("value") or "")


def _send(attempt: _Try, address: str) -> Page:
    """Fill in the form and send it; return the page that it led to."""
    page = attempt.fetch(attempt.site + reverse("enquiries:contact"), None)
    form = _FormReader()
    form.feed(page.text)
    if "form_token" not in form.values:
        raise Blocked("There is no enquiry form on the contact page.")
    token = form_token.read(form.values["form_token"])
    if token is None:
        raise Blocked(
            "The form is signed with another key. Run this command with the settings of the site:"
            " the same SECRET_KEY."
        )
    answers = {
        "full_name": "Test of the enquiry form",
        "email": address,
        "reply_by_method": Enquiry.ReplyMethod.EMAIL.value,
        "message": (
            "The website sends this to itself, to see that an enquiry arrives. There is nothing"
            f" to do. {secrets.token_hex(8)}"
        ),
        "consent": "on",
    }
    if missing := answers.keys() - form.names:
        raise Blocked(f"The form does not ask for: {', '.join(sorted(missing))}.")
    attempt.key = form_key(token.nonce)
    sent = form.values | answers | {canary.FIELD: canary.mark()}
    return attempt.fetch(urljoin(page.url, form.action), sent)


def over_http(site: str) -> Fetch:
    """Return a function that asks the site for a page, following where it leads."""
    # A proxy of the network's does not lead to this machine.
    near = urlsplit(site).hostname in {"localhost", "127.0.0.1", "::1"}
    handlers = [urllib.request.ProxyHandler({})] if near else []
    opener = urllib.request.build_opener(*handlers)

    def fetch(url: str, data: dict[str, str] | None) -> Page:
        body = None if data is None else urlencode(data).encode()
        request = urllib.request.Request(url, body, {"User-Agent": "try_enquiry_form"})  # noqa: S310
        doing = "opened" if data is None else "sent"
        try:
            with opener.open(request, timeout=_TIMEOUT) as response:
                return Page(
                    response.geturl(), response.read(_LARGEST_PAGE).decode("utf-8", "replace")
                )
        except HTTPError as error:
            error.close()
            raise Blocked(f"The site answered {error.code} when its form was {doing}.") from None
        except (OSError, http.client.HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else error
            raise Blocked(
                f"The site did not answer at {url} when its form was {doing}:"
                f" {type(reason).__name__}."
            ) from None

    return fetch


# --- what became of it ----------------------------------------------------------------------------


def _stored(attempt: _Try) -> Enquiry:
    enquiry: Enquiry | None = Enquiry.objects.filter(form_key=attempt.key).first()
    if enquiry is None:
        raise Blocked(
            "The form was sent, but nothing was stored in the database that this command reads."
        )
    attempt.run.stored = True
    if not enquiry.is_test:
        raise Blocked("The test was stored as if a person had sent it.")
    return enquiry


def _check_confirmation(page: Page, enquiry: Enquiry) -> None:
    at_confirmation = urlsplit(page.url).path == reverse("enquiries:received")
    if not at_confirmation or enquiry.reference not in page.text:
        raise Blocked("The enquiry was stored, but its sender was not shown the confirmation.")


def _queued(attempt: _Try, enquiry: Enquiry) -> OutgoingMail:
    notices = enquiry.mail.filter(kind=OutgoingMail.Kind.NOTIFICATION)
    mail: OutgoingMail | None = notices.first()
    if mail is None:
        raise Blocked("The enquiry was stored, but no mail about it was written.")
    attempt.run.queued = True
    return mail


def _await_mail_server(attempt: _Try, mail: OutgoingMail) -> None:
    State = OutgoingMail.State  # noqa: N806  (a class, shorter to read)

    def is_settled() -> bool:
        mail.refresh_from_db(fields=["state", "attempts", "last_error"])
        return mail.state != State.WAITING

    if not _until(is_settled, attempt.wait, SECONDS_BETWEEN_LOOKS):
        why = "The mail server has not answered yet."
        if mail.last_error:
            why = f"The last try met: {mail.last_error}."
        elif not mail.attempts:
            why = "Nobody tried to send it: see that `manage.py run_jobs` runs."
        raise Blocked(f"The mail waited: it was not sent within {attempt.wait:g} seconds. {why}")
    if mail.state != State.SENT:
        raise Blocked(f"The mail was not delivered: {mail.last_error}.")
    attempt.run.accepted = True


def _await_arrival(attempt: _Try, mail: OutgoingMail) -> None:
    attempt.run.arrived = False
    with mailbox.opened() as inbox:
        between = SECONDS_BETWEEN_LOOKS_INTO_MAILBOX
        if not _until(lambda: inbox.holds(mail.message_id), attempt.wait, between):
            raise Blocked(
                "The mail server took the mail, but it did not arrive in the inbox within"
                f" {attempt.wait:g} seconds. Look into the spam folder."
            )
    attempt.run.arrived = True


def _until(check: Callable[[], bool], seconds: float, between: float) -> bool:
    """Look until it is so or the time is over; say whether it is so."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() >= deadline:
            return False
        time.sleep(min(between, max(0.0, deadline - time.monotonic())))
    return True


# --- leaving nothing behind -----------------------------------------------------------------------


def _erase(attempt: _Try) -> None:
    """Erase the test; that it cannot be erased is a finding too."""
    if not attempt.key:
        return
    try:
        ours = Enquiry.objects.filter(form_key=attempt.key)
        ours.update(is_test=True)  # in case it was not known as one: it is ours by its key
        for enquiry in ours:
            retention.erase(enquiry, Tombstone.Why.SCHEDULE)
        retention.leave_no_trace()
    except Exception as error:  # the result is to be stored all the same
        attempt.run.problem = attempt.run.problem or (
            f"The test enquiry could not be erased: {describe(error)}."
        )


def _clear_up() -> None:
    """Erase what tests that were broken off left, and results of long ago."""
    now = timezone.now()
    for enquiry in Enquiry.objects.filter(
        is_test=True, hold_reason="", received_at__lt=now - _LEFTOVERS_AFTER
    ):
        retention.erase(enquiry, Tombstone.Why.SCHEDULE)
    CanaryRun.objects.filter(at__lt=now - _RESULTS_KEPT).delete()
