"""The token says that a form came from us, and how old it is."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings

from enquiries import consent, form_token
from enquiries.consent import ConsentWording


def test_a_fresh_token_is_usable_and_each_is_another() -> None:
    first, second = form_token.read(form_token.issue()), form_token.read(form_token.issue())
    assert first is not None
    assert second is not None
    assert first.is_usable
    assert first.nonce != second.nonce
    assert first.consent_version == consent.CURRENT.version


@pytest.mark.parametrize(
    "text",
    ["", "abc", "a:b:c", "é:ü:ß", "\ud800", "\x00", "x" * 5000, "nonce.2026-11:1abcde:forged"],
)
def test_what_we_did_not_sign_is_nothing(text: str) -> None:
    assert form_token.read(text) is None


def test_a_token_that_was_altered_is_nothing() -> None:
    token = form_token.issue()
    other = "B" if token[0] == "A" else "A"
    assert form_token.read(other + token[1:]) is None
    assert form_token.read(token[:-1]) is None


@pytest.mark.parametrize(("hours", "is_usable"), [(23.9, True), (24.1, False), (24 * 400, False)])
def test_a_token_lasts_24_hours_and_is_known_after_that(
    clock: time_machine.Traveller, hours: float, is_usable: bool
) -> None:
    token = form_token.issue()
    clock.shift(timedelta(hours=hours))
    read = form_token.read(token)
    assert read is not None
    assert read.is_usable is is_usable


def test_a_clock_that_was_set_back_does_no_harm(clock: time_machine.Traveller) -> None:
    token = form_token.issue()
    clock.shift(timedelta(hours=-3))
    read = form_token.read(token)
    assert read is not None
    assert read.is_usable


def test_a_token_outlives_a_change_of_the_key(settings: LazySettings) -> None:
    token, old = form_token.issue(), settings.SECRET_KEY
    settings.SECRET_KEY = "another" * 8
    assert form_token.read(token) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert form_token.read(token) is not None


def test_a_token_for_other_consent_words_is_not_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    token = form_token.issue()
    monkeypatch.setattr(consent, "CURRENT", ConsentWording("2027-01", "Other words."))
    read = form_token.read(token)
    assert read is not None
    assert not read.is_usable


def test_every_wording_stays_on_record() -> None:
    assert "health" in consent.wording("2026-11")
    assert "No wording is on record" in consent.wording("1999-01")
