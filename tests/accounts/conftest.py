"""Signing in as on a public site, with the second factor required."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from tests.accounts.steps import PASSWORD, enrol
from tests.factories import make_clinic, make_user


@pytest.fixture(autouse=True)
def second_factor_required(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"


@pytest.fixture
def person(db: None) -> User:
    """Somebody of reception with a password and no second factor."""
    make_clinic()
    user = make_user("Reception", username="rosa", email="rosa@demolane.example")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def enrolled(person: User) -> tuple[User, str]:
    """The same person with an authenticator app, and the app's key."""
    return person, enrol(person)


@pytest.fixture
def path_of() -> Callable[[object], str]:
    """Return a function that tells where an answer leads, without what stands after the “?”."""
    return lambda response: urlsplit(response.headers.get("Location", "")).path  # type: ignore[attr-defined]
