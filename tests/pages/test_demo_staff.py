"""`create_demo_staff`: an account for each role, whose password is printed once and works."""

import re
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command
from django.test import Client

from pages.roles import ROLES
from tests.factories import make_practitioner

pytestmark = pytest.mark.django_db


def create() -> str:
    printed = StringIO()
    call_command("create_demo_staff", stdout=printed)
    return printed.getvalue()


def passwords(printed: str) -> dict[str, str]:
    return dict(re.findall(r"user name (\S+) +password (\S+)", printed))


def test_every_role_gets_an_account_that_works() -> None:
    created = passwords(create())
    assert len(created) == len(ROLES)
    for name, password in created.items():
        client = Client()
        entered = client.post(
            "/admin/login/?next=/admin/", {"username": name, "password": password}
        )
        assert entered.status_code == 302, name
        assert client.get("/admin/").status_code == 200, name


def test_accounts_have_one_role_and_no_more() -> None:
    create()
    roles = [user.groups.get().name for user in User.objects.order_by("pk")]
    assert roles == list(ROLES)
    for user in User.objects.all():
        assert user.is_staff
        assert not user.is_superuser
        assert user.get_all_permissions() == ROLES[user.groups.get().name]


def test_passwords_are_long_random_and_pass_the_rules() -> None:
    created = passwords(create())
    assert len(set(created.values())) == len(created)
    for name, password in created.items():
        assert len(password) >= 16
        validate_password(password, User.objects.get(username=name))


def test_second_run_prints_no_password_and_changes_none() -> None:
    first = passwords(create())
    hashes = dict(User.objects.values_list("username", "password"))
    printed = create()
    assert passwords(printed) == {}
    assert not any(password in printed for password in first.values())
    assert dict(User.objects.values_list("username", "password")) == hashes


def test_account_that_is_missing_is_made_again_and_only_that() -> None:
    create()
    User.objects.get(username="editor").delete()
    assert list(passwords(create())) == ["editor"]


def test_clinicians_sign_in_as_themselves() -> None:
    author = make_practitioner(slug="asha-example")
    reviewer = make_practitioner(slug="ben-sample")
    create()
    for person, name in ((author, "author"), (reviewer, "clinical-reviewer")):
        person.refresh_from_db()
        assert person.user is not None
        assert person.user.username == name


def test_person_with_an_account_keeps_it() -> None:
    own = User.objects.create(username="asha")
    person = make_practitioner(slug="asha-example", user=own)
    create()
    person.refresh_from_db()
    assert person.user == own
