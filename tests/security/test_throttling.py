"""Who tries too often is slowed down, whatever address they claim to come from."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.hashers import make_password
from django.test import Client

from enquiries.models import Enquiry, SpamPolicy
from tests.enquiries.conftest import FRIDAY_10AM, answers, token_in
from tests.factories import make_clinic, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PASSWORD = "a good long password"


def sign_in(forwarded: str, password: str = "wrong") -> int:  # noqa: S107
    response: Any = Client().post(
        "/admin/login/",
        {"username": "ed", "password": password},
        headers={"x-forwarded-for": forwarded},
        REMOTE_ADDR="192.0.2.1",
    )
    return int(response.status_code)


@pytest.mark.parametrize(
    ("proxies", "forwarded"),
    [(0, "203.0.113.{}"), (1, "203.0.113.{}, 198.51.100.7"), (1, "{}"), (2, "203.0.113.{}")],
)
def test_a_guesser_cannot_claim_another_address_for_each_try(
    settings: LazySettings, proxies: int, forwarded: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    make_user("Editor", username="ed", password=make_password(PASSWORD))
    tried = [sign_in(forwarded.format(number)) for number in range(10)]
    assert tried[:5] == [200] * 5
    assert tried[-3:] == [429] * 3
    # The right word does not help either, now.
    assert sign_in(forwarded.format(99), PASSWORD) == 429


def test_a_flood_of_enquiries_is_set_aside_whatever_address_each_claims() -> None:
    make_clinic()
    SpamPolicy.objects.update_or_create(
        pk=SpamPolicy.SINGLE_KEY,
        defaults={"threshold": 3, "per_network_per_hour": 1, "repeats_per_day": 100},
    )
    visitor = Client()
    with time_machine.travel(FRIDAY_10AM, tick=False) as clock:
        for number in range(8):
            token = token_in(visitor.get("/contact/").content)
            clock.shift(timedelta(seconds=60))
            visitor.post(
                "/contact/",
                answers(form_token=token, message=f"My knee hurts on stair number {number}."),
                headers={"x-forwarded-for": f"203.0.{number}.9"},
                REMOTE_ADDR="192.0.2.7",
            )
    assert Enquiry.objects.count() == 8
    assert Enquiry.objects.filter(suspected_spam=True).count() == 2
