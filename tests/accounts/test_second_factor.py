"""Nobody gets in with a password alone, by whatever address, and everybody can get in with both."""

from collections.abc import Callable

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from enquiries.crypto import new_key
from enquiries.key_rotation import rotate
from publishing.models import AuditEntry
from tests.accounts.steps import code_of, enrol, give_code, give_password, sign_in, text_of
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

# Every kind of address for staff: the admin, the editor, the account.
DOORS = [
    "/admin/",
    "/admin/enquiries/enquiry/",
    "/admin/articles/article/add/",
    "/admin/password_change/",
    "/admin/jsi18n/",
    "/staff/completions/?prefix=@",
    "/staff/account/",
]


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))


@pytest.mark.parametrize("role", ["Reception", "Manager", "superuser"])
def test_password_alone_opens_nothing(role: str, signed_in: Callable[[User], Client]) -> None:
    is_superuser = role == "superuser"
    user = make_user("" if is_superuser else role, is_staff=True, is_superuser=is_superuser)
    client = signed_in(user)
    for address in DOORS:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/admin/login/?next="), address
    for address in ("/staff/markdown/preview/", "/staff/markdown/upload/"):
        answer = client.post(address, {"content": "# Words"})
        assert answer.headers["Location"].startswith("/admin/login/?next="), address
    draft = make_article(published_at=None)
    assert client.get(draft.get_absolute_url()).status_code == 404
    enrol(user)
    assert client.get("/admin/").status_code == 302


def test_first_sign_in_leads_through_setting_up_to_where_one_wanted_to_go(
    person: User, path_of: Callable[[object], str]
) -> None:
    client = Client()
    answer = give_password(client, path="/admin/enquiries/enquiry/")
    assert path_of(answer) == "/staff/account/set-up/"
    choice = client.get(answer.headers["Location"])
    assert "Skip for now" not in text_of(choice)
    page = client.get("/staff/account/set-up/app/?next=/admin/enquiries/enquiry/")
    soup = BeautifulSoup(page.content, "html.parser")
    assert str(soup.img["src"]).startswith("data:image/svg+xml;base64,")
    key = soup.select_one(".sign-in__key").get_text().replace(" ", "")
    where = {"next": "/admin/enquiries/enquiry/"}
    wrong = client.post("/staff/account/set-up/app/", where | {"code": "abc"})
    assert wrong.status_code == 422
    assert key in wrong.content.decode().replace(" ", "")  # the same one, which the app has by now
    assert client.get("/admin/").status_code == 302
    answer = client.post("/staff/account/set-up/app/", where | {"code": code_of(key)})
    assert path_of(answer) == "/staff/account/recovery-codes/"

    shown = client.get(answer.headers["Location"])
    codes = [each.get_text() for each in BeautifulSoup(shown.content, "html.parser").select("li")]
    file = client.get("/staff/account/recovery-codes.txt")
    assert "attachment" in file.headers["Content-Disposition"]
    assert len(codes) == 10
    assert all(code in file.content.decode() for code in codes)
    assert "no-store" in file.headers["Cache-Control"]
    done = client.post("/staff/account/recovery-codes/", where)
    assert done.headers["Location"] == "/admin/enquiries/enquiry/"
    assert client.get("/admin/enquiries/enquiry/").status_code == 200

    again = client.get("/staff/account/recovery-codes/")
    assert not any(code in again.content.decode() for code in codes)
    assert client.get("/staff/account/recovery-codes.txt").status_code == 404
    assert acts()[:2] == ["set up a second factor", "signed in on a new device"]


def test_sign_in_with_both(enrolled: tuple[User, str], path_of: Callable[[object], str]) -> None:
    _, secret = enrolled
    client = Client()
    assert path_of(give_password(client)) == "/staff/account/second-step/"
    assert path_of(client.get("/admin/login/?next=/admin/")) == "/staff/account/second-step/"
    assert path_of(client.get("/staff/account/set-up/app/")) == "/staff/account/second-step/"
    wrong = give_code(client, "000000" if code_of(secret) != "000000" else "000001")
    assert wrong.status_code == 422
    assert "This code is wrong" in text_of(wrong)
    before = client.session.session_key
    spaced = f"{code_of(secret)[:3]} {code_of(secret)[3:]}"
    assert give_code(client, spaced).headers["Location"] == "/admin/"
    assert client.session.session_key != before
    assert client.get("/admin/").status_code == 200
    assert client.get("/staff/account/second-step/").status_code == 302


def test_code_is_taken_once_and_no_older_one_after_it(enrolled: tuple[User, str]) -> None:
    user, secret = enrolled
    with time_machine.travel(timezone.now(), tick=False):
        sign_in(user, secret)
        for later in (0, -1):
            client = Client()
            give_password(client)
            assert give_code(client, code_of(secret, later=later)).status_code == 422
        assert give_code(client, code_of(secret, later=1)).status_code == 302


def test_recovery_code_lets_in_once(enrolled: tuple[User, str]) -> None:
    user, secret = enrolled
    client = sign_in(user, secret)
    RecoveryCodes.activate(user)
    old = RecoveryCodes.activate(user).get_unused_codes()[0]
    client.post("/staff/account/recovery-codes/", {"renew": "1"})
    page = BeautifulSoup(client.get("/staff/account/recovery-codes/").content, "html.parser")
    code = page.select_one(".sign-in__codes li").get_text()
    for typed, expected in ((old, 422), (code, 302), (code, 422)):
        client = Client()
        give_password(client)
        assert give_code(client, typed).status_code == expected, typed
    assert "made new recovery codes" in acts()


@pytest.mark.parametrize("to", ["//evil.example/", "https://evil.example/", "javascript:x"])
def test_nobody_is_led_to_another_site(enrolled: tuple[User, str], to: str) -> None:
    _, secret = enrolled
    client = Client()
    give_password(client, path=to)
    assert give_code(client, code_of(secret), next=to).headers["Location"] == "/admin/"


def test_wrong_codes_are_limited_for_a_while(enrolled: tuple[User, str]) -> None:
    user, secret = enrolled
    wrong = "000000"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        known = sign_in(user, secret)
        known.post("/admin/logout/")
        clock.shift(60)
        while wrong in {code_of(secret, later=each) for each in (-1, 0, 1)}:
            wrong = str(int(wrong) + 1).zfill(6)
        for _ in range(8):  # each in a session, and perhaps a process, of its own
            client = Client()
            give_password(client)
            assert give_code(client, wrong).status_code == 422
        refused = give_code(client, code_of(secret))
        assert refused.status_code == 422
        assert "too many wrong codes" in text_of(refused)
        # Whoever has stolen the password does not keep its owner out of a browser they have used.
        give_password(known)
        assert give_code(known, code_of(secret)).status_code == 302
        clock.shift(15 * 60)
        assert give_code(client, code_of(secret)).status_code == 302


def test_somebody_else_can_sign_in_instead(enrolled: tuple[User, str]) -> None:
    client = Client()
    give_password(client)
    assert client.post("/staff/account/leave/").headers["Location"] == "/admin/login/"
    assert client.get("/staff/account/second-step/").headers["Location"].startswith("/admin/login/")


def test_where_it_is_only_offered_it_can_be_skipped(
    person: User, settings: LazySettings, path_of: Callable[[object], str]
) -> None:
    settings.SECOND_FACTOR = "offered"
    client = Client()
    answer = give_password(client)
    assert path_of(answer) == "/staff/account/set-up/"
    skip = BeautifulSoup(client.get(answer.headers["Location"]).content, "html.parser").find(
        "a", string="Skip for now"
    )
    assert skip["href"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    enrol(person)
    assert path_of(give_password(Client())) == "/staff/account/second-step/"
    settings.SECOND_FACTOR = "required"
    assert client.get("/admin/").status_code == 302


def test_secrets_are_encrypted_and_survive_a_change_of_keys(
    enrolled: tuple[User, str], settings: LazySettings
) -> None:
    user, secret = enrolled
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        assert secret not in str(cursor.fetchall())
    new, old = new_key(), settings.ENQUIRY_KEYS[0]
    settings.ENQUIRY_KEYS = [new, old]
    assert rotate().changed == 1
    assert rotate().current == 1
    settings.ENQUIRY_KEYS = [new]
    sign_in(user, secret)
    settings.ENQUIRY_KEYS = [new_key()]
    assert rotate().unreadable == 1
    client = Client()
    give_password(client)
    assert give_code(client, code_of(secret, later=1)).status_code == 422


# --- losing and removing it -----------------------------------------------------------------------


def test_the_last_one_cannot_be_removed_where_it_is_required(enrolled: tuple[User, str]) -> None:
    user, secret = enrolled
    client = sign_in(user, secret)
    app = Authenticator.objects.get(user=user)
    address = f"/staff/account/remove/{app.pk}/"
    assert f'action="{address}"' not in client.get("/staff/account/").content.decode()
    client.post(address)
    assert Authenticator.objects.filter(pk=app.pk).exists()
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Key", "credential": {}})
    client.post(address)
    assert not Authenticator.objects.filter(pk=app.pk).exists()
    assert "removed a second factor" in acts()


def test_changes_ask_for_the_password_again_after_a_while(
    enrolled: tuple[User, str], path_of: Callable[[object], str]
) -> None:
    user, secret = enrolled
    client = sign_in(user, secret)
    app = Authenticator.objects.get(user=user)
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=16)):
        answer = client.post(f"/staff/account/remove/{app.pk}/")
        assert path_of(answer) == "/staff/account/confirm/"
        asked = "/staff/account/confirm/?next=/staff/account/"
        assert client.post(asked, {"password": "wrong"}).status_code == 422
        answer = client.post(asked, {"password": "four words that differ"})
        assert answer.headers["Location"] == "/staff/account/"
        assert client.get("/staff/account/set-up/").status_code == 200


def test_manager_resets_the_second_factor_of_a_colleague_and_it_is_told(
    enrolled: tuple[User, str],
    signed_in: Callable[[User], Client],
    mailoutbox: list,
    settings: LazySettings,
) -> None:
    user, secret = enrolled
    theirs = sign_in(user, secret)
    mailoutbox.clear()
    settings.SECOND_FACTOR = "offered"  # for the fixture's colleagues, who have none
    address = f"/admin/auth/user/{user.pk}/sign-in/"
    for role in ("Editor", "Reception"):
        assert signed_in(make_user(role)).post(address, {"act": "reset"}).status_code == 403
    manager = make_user("Manager")
    client = signed_in(manager)
    assert "Authenticator app" in text_of(client.get(address))
    client.post(address, {"act": "reset"})
    settings.SECOND_FACTOR = "required"
    assert not Authenticator.objects.filter(user=user).exists()
    assert theirs.get("/admin/").status_code == 302
    assert acts()[-1] == "reset the second factor"
    assert [mail.to for mail in mailoutbox] == [[user.email]]


def test_manager_cannot_touch_a_superuser_nor_reset_their_own(
    signed_in: Callable[[User], Client], settings: LazySettings
) -> None:
    settings.SECOND_FACTOR = "offered"
    manager = make_user("Manager")
    client = signed_in(manager)
    boss = make_user("", is_staff=True, is_superuser=True)
    assert client.post(f"/admin/auth/user/{boss.pk}/sign-in/", {"act": "end"}).status_code == 403
    own = client.post(f"/admin/auth/user/{manager.pk}/sign-in/", {"act": "reset"})
    assert own.headers["Location"] == "/staff/account/"


def test_last_manager_is_helped_by_a_command(enrolled: tuple[User, str]) -> None:
    user, secret = enrolled
    client = sign_in(user, secret)
    call_command("reset_second_factor", "rosa")
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get("/admin/").status_code == 302
    with pytest.raises(CommandError, match="no account"):
        call_command("reset_second_factor", "nobody")
