"""Guessing passwords is slow, locks nobody out for good, and forgetting one gives nothing away."""

import re
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from publishing.models import AuditEntry
from tests.accounts.steps import code_of, give_code, give_password, sign_in, text_of
from tests.factories import make_clinic

pytestmark = pytest.mark.django_db

FORGOTTEN = "/staff/password/forgotten/"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are reached sooner, above that of axes."""
    monkeypatch.setattr("accounts.backends.FOR_A_NAME", 7)
    monkeypatch.setattr("accounts.backends.FOR_AN_ADDRESS", 8)


def guess(name: str = "rosa", **options: Any) -> int:
    sent = {"username": name, "password": "wrong"}
    status: int = Client(**options).post("/admin/login/", sent).status_code
    return status


def test_many_addresses_together_are_slowed_down(person: User, few: None) -> None:
    tried = [guess(REMOTE_ADDR=f"198.51.100.{number}") for number in range(8)]
    assert tried == [200] * 7 + [429]


def test_one_address_that_tries_many_names_is_slowed_down(person: User, few: None) -> None:
    tried = [guess(f"name{number}") for number in range(9)]
    assert tried == [200] * 8 + [429]


def test_stranger_locks_nobody_out_of_a_browser_they_have_used(
    enrolled: tuple[User, str], few: None
) -> None:
    user, secret = enrolled
    with time_machine.travel(timezone.now(), tick=False) as clock:
        known = sign_in(user, secret)
        known.post("/admin/logout/")
        clock.shift(60)
        # From the very address of the clinic, and from everywhere.
        for number in range(14):
            guess(REMOTE_ADDR="127.0.0.1" if number < 7 else f"198.51.100.{number}")
        assert give_password(Client()).status_code == 429
        assert give_password(known).status_code == 302
        assert give_code(known, code_of(secret)).headers["Location"] == "/admin/"


def test_known_browser_has_a_limit_too(enrolled: tuple[User, str]) -> None:
    client = sign_in(*enrolled)
    client.post("/admin/logout/")
    sent = {"username": "rosa", "password": "wrong"}
    tried = [client.post("/admin/login/", sent).status_code for _ in range(11)]
    assert tried == [200] * 10 + [429]


def test_lock_ends_when_it_said_whatever_is_tried_meanwhile(person: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [guess() for _ in range(6)][-1] == 429
        for _ in range(2):
            clock.shift(7 * 60)
            assert guess() == 429
        clock.shift(2 * 60)
        assert give_password(Client()).status_code == 302
    assert not AccessAttempt.objects.filter(failures_since_start__gt=6).exists()


# --- a forgotten password -------------------------------------------------------------------------


def ask(email: str, client: Client | None = None) -> Any:
    return (client or Client()).post(FORGOTTEN, {"email": email}, follow=True)


def test_answer_is_the_same_whether_or_not_there_is_an_account(
    person: User, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[Any] = []
    monkeypatch.setattr("enquiries.outbox.run_in_background", waiting.append)
    answers = [ask(email) for email in (person.email, "nobody@example.org")]
    assert text_of(answers[0]) == text_of(answers[1])
    # Nothing that depends on the account has been done by the time of the answer.
    assert len(waiting) == 2
    assert mailoutbox == []
    for work in waiting:
        work()
    assert [mail.to for mail in mailoutbox] == [[person.email]]


def test_new_password_by_mail_does_not_replace_the_second_step(
    enrolled: tuple[User, str], mailoutbox: list[Any]
) -> None:
    user, secret = enrolled
    client = sign_in(user, secret)
    mailoutbox.clear()
    ask(user.email)
    link = re.search(r"http://localhost(/staff/password/new/\S+)", mailoutbox[0].body)
    assert link is not None
    other = Client()
    form = other.get(link[1], follow=True)
    address = form.redirect_chain[-1][0]
    short = other.post(address, {"new_password1": "short", "new_password2": "short"})
    assert "at least 12 characters" in text_of(short)
    new = "quite other words here"
    other.post(address, {"new_password1": new, "new_password2": new})
    assert client.get("/admin/").status_code == 302
    assert "used already" in text_of(Client().get(link[1], follow=True))
    step = give_password(other, password=new).headers["Location"]
    assert step.startswith("/staff/account/second-step/")
    assert AuditEntry.objects.filter(act="set a new password by mail", by=user).exists()


def test_nobodys_mailbox_is_filled(person: User, mailoutbox: list[Any]) -> None:
    texts = {text_of(ask(person.email)) for _ in range(6)}
    assert len(texts) == 1
    assert len(mailoutbox) == 3


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("eleven-char", "at least 12"),
        ("minecraft123", "too common"),
        ("rosa.example.rosa", "too similar"),
    ],
)
def test_rules_of_passwords(password: str, reason: str) -> None:
    user = User(username="rosa.example", email="rosa@demolane.example")
    with pytest.raises(ValidationError, match=reason):
        validate_password(password, user)


# --- what the library would open ------------------------------------------------------------------


@pytest.mark.any_database
@pytest.mark.parametrize(
    "path", ["signup/", "login/", "password/reset/", "2fa/", "email/", "social/login/cancelled/"]
)
def test_no_door_of_the_library_is_open(path: str) -> None:
    make_clinic()
    for folder in ("", "accounts/", "staff/account/"):
        assert Client().get(f"/{folder}{path}").status_code == 404


@pytest.mark.any_database
def test_no_view_of_the_library_has_an_address() -> None:
    def views(resolver: Any) -> Any:
        for each in resolver.url_patterns:
            if hasattr(each, "url_patterns"):
                yield from views(each)
            else:
                yield getattr(each.callback, "__module__", "")

    assert not [each for each in views(get_resolver()) if each.startswith("allauth")]
