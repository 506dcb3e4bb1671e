"""Somebody who has just installed the site is led from step to step, by what is really there."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from clinic.models import Clinic, OpeningHours
from enquiries.models import CanaryRun
from operations.models import BackupRun
from pages.first_steps import first_steps
from publishing import workflow
from tests.factories import (
    make_article,
    make_clinic,
    make_practitioner,
    make_user,
    make_version,
    publish,
)

pytestmark = pytest.mark.django_db


def states(user: User) -> dict[str, bool]:
    return {step.title: step.is_done for step in first_steps(user)}


def test_on_an_empty_site_everything_is_to_be_done() -> None:
    found = states(make_user("Manager"))
    assert len(found) == 8
    assert not any(found.values())


def set_up_second_step(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})


def publish_a_page(user: User) -> None:
    article = make_article(author=make_practitioner(), published_at=None)
    make_version(article, user)
    publish(article)


def test_a_demonstration_is_not_a_clinic_of_ones_own() -> None:
    make_clinic(is_demonstration=True)
    found = states(make_user("Manager"))
    assert not found["Clinic details"]
    assert found["Opening hours"]
    Clinic.objects.update(is_demonstration=False)
    assert states(make_user("Manager"))["Clinic details"]


def test_a_page_that_was_loaded_from_files_is_nobodys_first_page() -> None:
    workflow.adopt(make_article())
    assert not states(make_user("Manager"))["A first page"]


def test_each_step_is_done_when_it_is_and_the_list_goes_with_the_last(
    settings: LazySettings,
) -> None:
    manager = make_user("Manager")
    clinic = make_clinic(hours=[])
    done: list[tuple[str, Callable[[], Any]]] = [
        ("Opening hours", lambda: _open(clinic)),
        ("People", make_practitioner),
        ("A first page", lambda: publish_a_page(manager)),
        ("Mail", lambda: setattr(settings, "EMAIL_HOST", "mail.example.org")),
        ("A test enquiry", _try_form),
        ("Your second step", lambda: set_up_second_step(manager)),
    ]
    for title, do in done:
        assert not states(manager)[title], title
        do()
        assert states(manager)[title], title
    BackupRun.objects.create(at=timezone.now(), succeeded=True)
    assert first_steps(manager) == []


def _open(clinic: Clinic) -> None:
    OpeningHours.objects.create(clinic=clinic, weekday=0, opens="09:00", closes="17:00")


def _try_form() -> None:
    CanaryRun.objects.create(at=timezone.now(), stored=True, queued=True, accepted=True)


def test_only_who_may_change_the_clinic_is_led(staff: Callable[[str], Client]) -> None:
    for role, is_led in (("Manager", True), ("Editor", False), ("Reception", False)):
        soup = BeautifulSoup(staff(role).get("/admin/").content, "html.parser")
        assert bool(soup.select(".desk__steps li")) is is_led, role
