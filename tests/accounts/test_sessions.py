"""Where people are signed in: listed, ended, and over after a while without anything done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from accounts.models import KnownDevice, SignIn, Tries
from enquiries.models import ThreadEntry
from pages.management.commands.housekeeping import Command
from publishing.models import AuditEntry
from tests.accounts.steps import PASSWORD, code_of, give_code, give_password, sign_in, text_of
from tests.factories import make_enquiry, make_user

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


@pytest.fixture
def offered(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "offered"


def enter(user: User, **headers: Any) -> Client:
    """Return a client in which somebody without a second factor is signed in by password."""
    client = Client(headers=headers)
    assert give_password(client, user.username).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/staff/account/").status_code == 200


@pytest.mark.usefixtures("offered")
def test_sessions_are_listed_coarsely_and_ended_one_by_one(person: User) -> None:
    here = enter(person, user_agent=FIREFOX)
    there = Client(headers={"user-agent": PHONE}, REMOTE_ADDR="203.0.113.77")
    give_password(there)
    page = text_of(here.get("/staff/account/"))
    assert "Firefox on Windows (here)" in page
    assert "Safari on iPhone" in page
    assert "203.0.113.…" in page
    assert "203.0.113.77" not in page
    theirs = SignIn.objects.get(browser="Safari on iPhone")
    stranger = enter(make_stranger(), user_agent=PHONE)
    stranger.post(f"/staff/account/sign-out/{theirs.pk}/")
    assert is_in(there)
    here.post(f"/staff/account/sign-out/{theirs.pk}/")
    assert not is_in(there)
    assert is_in(here)
    assert is_in(stranger)
    assert AuditEntry.objects.filter(act="signed out elsewhere").count() == 1


def make_stranger() -> User:
    user = make_user("Editor", username="stranger")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.usefixtures("offered")
def test_everywhere_else_is_ended_at_once(person: User) -> None:
    first, second, third = enter(person), enter(person), enter(person)
    third.post("/staff/account/sign-out/others/")
    assert [is_in(each) for each in (first, second, third)] == [False, False, True]
    # The password opens a session again, in the same browser.
    give_password(first)
    assert is_in(first)


@pytest.mark.usefixtures("offered")
def test_new_password_takes_the_others_off_the_list(person: User) -> None:
    here, there = enter(person), enter(person)
    new = "other words that differ"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/admin/password_change/", sent).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    page = BeautifulSoup(here.get("/staff/account/").content, "html.parser")
    assert len(page.select("section[aria-labelledby=where] .sign-in__list li")) == 1


@pytest.mark.usefixtures("offered")
def test_signing_out_ends_the_session(person: User) -> None:
    client = enter(person)
    client.post("/admin/logout/")
    assert not SignIn.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize(("role", "stays"), [("Reception", False), ("Manager", False),
                                             ("Author", True)])  # fmt: skip
@pytest.mark.usefixtures("offered")
def test_who_reads_enquiries_is_signed_out_after_half_an_hour_of_nothing(
    signed_in: Callable[[User], Client], role: str, stays: bool
) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        client = signed_in(make_user(role))
        for _ in range(3):
            clock.shift(29 * 60)
            assert is_in(client)
        clock.shift(31 * 60)
        assert is_in(client) is stays


@pytest.mark.usefixtures("offered")
def test_page_that_is_merely_open_does_not_keep_somebody_signed_in(
    signed_in: Callable[[User], Client],
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(make_user("Manager"))
        for minutes in (10, 20, 30, 40):
            clock.shift(10 * 60)
            # As static/js/autosave.js asks while nothing is typed.
            asked = client.post(
                "/admin/articles/article/typed/",
                "",
                content_type="application/x-www-form-urlencoded",
            )
            assert asked.status_code == (200 if minutes <= 30 else 302)
        assert not is_in(client)


def test_reply_that_took_too_long_to_write_is_not_lost(enrolled: tuple[User, str]) -> None:
    user, secret = enrolled
    enquiry = make_enquiry(email="pat@example.org")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in(user, secret)
        step = f"/admin/enquiries/enquiry/{enquiry.pk}/step/reply/"
        clock.shift(timedelta(minutes=40))
        lost = client.post(step, {"reply-text": "Dear Pat, “&”"})
        assert lost.status_code == 403
        sent = fields_of(lost) | {"username": "rosa", "password": PASSWORD}
        asked = client.post("/staff/continue/", sent)
        assert "Dear Pat" in asked.content.decode()
        assert "You are signed in" not in text_of(asked)
        assert client.get("/admin/").status_code == 302  # the password alone is too little
        wrong = client.post("/staff/account/second-step/", fields_of(asked) | {"code": "x"})
        back = client.post(
            "/staff/account/second-step/", fields_of(wrong) | {"code": code_of(secret)}
        )
    form = BeautifulSoup(back.content, "html.parser").find("form", action=step)
    assert form is not None
    assert {each["value"] for each in form.select("input[name=reply-text]")} == {"Dear Pat, “&”"}
    assert not ThreadEntry.objects.filter(enquiry=enquiry, kind="reply").exists()


def test_text_waits_until_a_second_factor_is_set_up(person: User) -> None:
    client = Client()
    address = "/admin/articles/article/add/"
    lost = client.post(address, {"summary": "Typed before."})
    asked = client.post(
        "/staff/continue/", fields_of(lost) | {"username": "rosa", "password": PASSWORD}
    )
    assert "Typed before." in asked.content.decode()
    assert "set up your second step" in text_of(asked)


def fields_of(response: Any) -> dict[str, str]:
    soup = BeautifulSoup(response.content, "html.parser")
    form = next(form for form in soup.select("form") if form.select("input[name=kept]"))
    return {str(each["name"]): str(each.get("value", "")) for each in form.select("input[name]")}


# --- devices --------------------------------------------------------------------------------------


def test_new_device_is_told_by_mail_once(enrolled: tuple[User, str], mailoutbox: list[Any]) -> None:
    user, secret = enrolled
    client = Client(headers={"user-agent": FIREFOX})
    with time_machine.travel(timezone.now(), tick=False) as clock:
        give_password(client)
        assert mailoutbox == []
        answer = give_code(client, code_of(secret))
        cookie = answer.cookies["staff_device"]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        (mail,) = mailoutbox
        assert mail.to == [user.email]
        assert "Firefox on Windows" in mail.body
        assert "http://localhost/staff/account/" in mail.body
        client.post("/admin/logout/")
        clock.shift(60)
        give_password(client)
        assert give_code(client, code_of(secret)).status_code == 302
        assert len(mailoutbox) == 1
        clock.shift(60)
        sign_in(user, secret)
    assert len(mailoutbox) == 2
    entries = AuditEntry.objects.filter(act="signed in on a new device")
    assert [each.by for each in entries] == [user, user]
    assert KnownDevice.objects.filter(user=user).count() == 2


def test_mail_that_fails_keeps_nobody_out(
    enrolled: tuple[User, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **options: object) -> None:
        raise OSError("no mail server")

    monkeypatch.setattr("accounts.mail.send_mail", broken)
    user, secret = enrolled
    assert is_in(sign_in(user, secret))


def test_readers_get_no_cookie(enrolled: tuple[User, str]) -> None:
    client = Client()
    client.get("/contact/")
    client.get("/")
    assert not client.cookies


def test_what_is_old_is_forgotten(enrolled: tuple[User, str]) -> None:
    user, secret = enrolled
    sign_in(user, secret)
    Command().handle()
    assert SignIn.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=401)):
        Command().handle()
    assert not SignIn.objects.exists()
    assert not KnownDevice.objects.exists()
    assert not Tries.objects.exists()
