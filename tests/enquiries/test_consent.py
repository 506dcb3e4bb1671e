"""What a sender agrees to: two statements, each ticked by hand, kept with their words and time."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import Tag
from django.test import Client
from django.utils import timezone

from clinic.models import Clinic
from enquiries import consent
from enquiries.consent import ConsentWording
from enquiries.models import Enquiry
from tests.enquiries.conftest import answers, soup_of, token_in
from tests.factories import make_enquiry

pytestmark = pytest.mark.django_db


def tick(response: Any, name: str) -> Tag:
    box = soup_of(response.content).select_one(f"input[type=checkbox][name={name}]")
    assert box is not None
    return box


def test_the_statement_about_health_stands_alone_unticked_and_optional(
    clinic: Clinic, visitor: Client
) -> None:
    response = visitor.get("/contact/")
    for name in ("consent", "health_consent"):
        assert not tick(response, name).has_attr("checked")
    labels = {
        str(label["for"]): label.get_text(strip=True)
        for label in soup_of(response.content).select("label[for$=consent]")
    }
    assert labels["id_health_consent"] == f"{consent.CURRENT.health_text} (optional)"
    assert "health" not in labels["id_consent"]


def test_an_enquiry_is_sent_without_it(visitor: Client, token: str) -> None:
    assert visitor.post("/contact/", answers(form_token=token)).status_code == 303
    enquiry = Enquiry.objects.get()
    assert enquiry.health_consent_given_at is None
    assert enquiry.health_consent_version == ""
    assert enquiry.health_consent_wording == ""
    assert enquiry.consent_wording == consent.CURRENT.text


def test_it_is_kept_with_its_words_and_time(
    clock: time_machine.Traveller, visitor: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed_at, words = timezone.now(), consent.CURRENT.health_text
    visitor.post("/contact/", answers(form_token=token, health_consent="on"))
    clock.shift(timedelta(days=1))
    # Other words later on change nothing about it.
    monkeypatch.setattr(consent, "CURRENT", ConsentWording("2027-01", "Other.", "Others."))
    enquiry = Enquiry.objects.get()
    assert enquiry.health_consent_given_at == enquiry.consent_given_at == agreed_at
    assert enquiry.health_consent_version == "2026-11-21"
    assert enquiry.health_consent_wording == words


def test_it_does_not_stand_in_for_the_other_one(visitor: Client, token: str) -> None:
    sent = answers(form_token=token, consent="", health_consent="on")
    response = visitor.post("/contact/", sent)
    assert response.status_code == 422
    assert not Enquiry.objects.exists()
    assert tick(response, "health_consent").has_attr("checked")
    assert not tick(response, "consent").has_attr("checked")


def test_agreement_to_other_words_is_asked_for_anew(
    visitor: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent, "CURRENT", ConsentWording("2027-01", "Other.", "Others."))
    response = visitor.post("/contact/", answers(form_token=token, health_consent="on"))
    assert response.status_code == 422
    for name in ("consent", "health_consent"):
        assert not tick(response, name).has_attr("checked")
    visitor.post("/contact/", answers(form_token=token_in(response.content)))
    assert Enquiry.objects.get().health_consent_version == ""


def test_the_first_wording_is_kept_word_for_word() -> None:
    enquiry = make_enquiry(consent_wording_version="2026-11")
    assert enquiry.consent_wording == (
        "I agree that reception staff may read and use what I write here, including anything I say"
        " about my health, to answer my enquiry. They may show it to a practitioner here if that is"
        " needed to answer me. The privacy notice says how long it is kept."
    )


def test_a_version_that_nobody_knows_is_said_to_be_missing() -> None:
    enquiry = make_enquiry(consent_wording_version="1999", health_consent_version="1999")
    assert "No wording is on record for version 1999" in enquiry.consent_wording
    assert "1999" in enquiry.health_consent_wording
