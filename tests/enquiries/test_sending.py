"""From the form to the row: stored once, whatever people and browsers do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client

from clinic.models import Clinic
from enquiries import consent
from enquiries.consent import ConsentWording
from enquiries.crypto import new_key
from enquiries.models import Enquiry
from enquiries.promise import promised_reply
from tests.enquiries.conftest import answers, soup_of, token_in
from tests.factories import make_closure, make_condition, make_practitioner

pytestmark = pytest.mark.django_db


def send(visitor: Client, token: str, **changes: str) -> Any:
    return visitor.post("/contact/", answers(form_token=token, **changes))


def summary(response: Any) -> list[str]:
    return [link.get_text() for link in soup_of(response.content).select(".error-summary a")]


def test_an_enquiry_is_stored_as_it_was_sent(visitor: Client, token: str) -> None:
    condition, person = make_condition(slug="back-pain"), make_practitioner(slug="asha-example")
    response = send(
        visitor, token, condition="back-pain", practitioner="asha-example",
        may_leave_message="on", message="First line.\r\n\r\nSecond “line” 🤕",
    )  # fmt: skip
    assert response.status_code == 303
    assert not response.cookies
    enquiry = Enquiry.objects.get()
    assert enquiry.full_name == "Sam O’Neill-Ås"
    assert enquiry.email == "sam@example.com"
    assert enquiry.telephone == "+44 (0)7700 900 982"
    assert enquiry.reply_by_method == Enquiry.ReplyMethod.EMAIL
    assert enquiry.may_leave_message
    assert enquiry.condition == condition
    assert enquiry.practitioner == person
    assert enquiry.message == "First line.\n\nSecond “line” 🤕"
    assert enquiry.status == Enquiry.Status.NEW
    assert enquiry.owner is None
    assert enquiry.corrects is None
    now = datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert enquiry.received_at == now
    assert enquiry.consent_given_at == now
    assert enquiry.consent_wording_version == consent.CURRENT.version
    # Eight open hours later: seven on Friday, one on Monday.
    assert enquiry.reply_by == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_a_closure_moves_the_promised_time(clinic: Clinic, visitor: Client, token: str) -> None:
    make_closure(clinic, datetime(2026, 11, 23, tzinfo=UTC).date())
    send(visitor, token)
    assert Enquiry.objects.get().reply_by == datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minute", "second", "promised"),
    [(0, 0, (10, 0)), (0, 1, (10, 15)), (15, 0, (10, 15)), (16, 30, (10, 30)), (59, 0, (11, 0))],
)
def test_the_promised_time_is_a_plain_one(
    clock: time_machine.Traveller, clinic: Clinic, minute: int, second: int, promised: Any
) -> None:
    now = datetime(2026, 11, 20, 10, minute, second, 5 if second else 0, tzinfo=UTC)
    reply_by = promised_reply(clinic, now)
    assert reply_by is not None
    assert reply_by == datetime(2026, 11, 23, *promised, tzinfo=UTC)


def test_without_opening_hours_no_time_is_promised(
    clinic: Clinic, visitor: Client, token: str
) -> None:
    clinic.opening_hours.all().delete()
    response = send(visitor, token)
    assert Enquiry.objects.get().reply_by is None
    assert b"as soon as we can" in visitor.get(response["Location"]).content


def test_the_confirmation_is_reached_and_names_the_reference(visitor: Client, token: str) -> None:
    response = visitor.post("/contact/", answers(form_token=token), follow=True)
    assert response.redirect_chain[0][1] == 303
    assert Enquiry.objects.get().reference in response.content.decode()


def test_a_form_that_is_sent_twice_is_one_enquiry(visitor: Client, token: str) -> None:
    first, second = send(visitor, token), send(visitor, token)
    assert Enquiry.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_spaces_and_line_ends_do_not_make_another_enquiry(visitor: Client, token: str) -> None:
    send(visitor, token, message="One.\r\nTwo.")
    send(visitor, token, message="One.\nTwo.  ", full_name="  Sam   O’Neill-Ås")
    assert Enquiry.objects.count() == 1


def test_the_same_answers_from_another_tab_are_the_same_enquiry_for_a_day(
    clock: time_machine.Traveller, visitor: Client, token: str
) -> None:
    first = send(visitor, token)
    for hours in (0, 23):
        clock.shift(timedelta(hours=hours))
        again = send(visitor, token_in(visitor.get("/contact/").content))
        assert again["Location"] == first["Location"]
    assert Enquiry.objects.count() == 1
    clock.shift(timedelta(hours=2))
    later = send(visitor, token_in(visitor.get("/contact/").content))
    assert later["Location"] != first["Location"]
    assert Enquiry.objects.filter(corrects=None).count() == 2


def test_other_answers_from_another_tab_are_another_enquiry(visitor: Client, token: str) -> None:
    send(visitor, token)
    send(visitor, token_in(visitor.get("/contact/").content), message="And my hip.")
    assert Enquiry.objects.filter(corrects=None).count() == 2


def test_a_new_key_in_between_does_not_make_two_of_one(
    visitor: Client, token: str, settings: LazySettings
) -> None:
    first = send(visitor, token)
    settings.ENQUIRY_KEYS = [new_key(), *settings.ENQUIRY_KEYS]
    again = send(visitor, token_in(visitor.get("/contact/").content))
    assert again["Location"] == first["Location"]


def test_going_back_to_correct_something_keeps_both_versions(visitor: Client, token: str) -> None:
    send(visitor, token, email="sma@example.com")
    send(visitor, token, email="sam@example.com")
    send(visitor, token, message="And my hip.")
    first, second, third = Enquiry.objects.order_by("pk")
    assert first.corrects is None
    assert second.corrects == first
    assert third.corrects == second
    # Sent once more, the middle one is still the middle one.
    send(visitor, token, email="sam@example.com")
    assert Enquiry.objects.count() == 3


def test_a_mistake_keeps_the_form_the_same_one(visitor: Client, token: str) -> None:
    response = send(visitor, token, full_name="")
    assert token_in(response.content) == token
    send(visitor, token)
    send(visitor, token)
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize("token_sent", ["", "forged", "a.2026-11:1abc:x", "\x00", "é" * 300])
def test_without_a_token_of_ours_nothing_is_stored_and_nothing_lost(
    clinic: Clinic, visitor: Client, token_sent: str
) -> None:
    response = visitor.post("/contact/", answers(form_token=token_sent))
    assert response.status_code == 422
    assert not Enquiry.objects.exists()
    assert len(summary(response)) == 1
    assert "open too long" in summary(response)[0]
    page = soup_of(response.content)
    message = page.select_one("textarea")
    assert message is not None
    assert "My knee hurts on stairs." in message.get_text()
    assert page.select_one("#send") is not None
    assert page.select_one(".error-summary a[href='#send']") is not None
    # The fresh token works.
    assert send(visitor, token_in(response.content)).status_code == 303


def test_an_old_form_lists_its_other_mistakes_too(
    clock: time_machine.Traveller, visitor: Client, token: str
) -> None:
    clock.shift(timedelta(hours=25))
    response = send(visitor, token, full_name="")
    assert [text[:24] for text in summary(response)] == [
        "This form had been open ", "Enter your full name"
    ]  # fmt: skip


def test_a_form_that_was_open_too_long_is_shown_again_with_its_answers(
    clock: time_machine.Traveller, visitor: Client, token: str
) -> None:
    clock.shift(timedelta(hours=25))
    response = send(visitor, token)
    assert response.status_code == 422
    assert not Enquiry.objects.exists()
    fresh = token_in(response.content)
    assert fresh != token
    assert send(visitor, fresh).status_code == 303
    assert Enquiry.objects.count() == 1


def test_an_old_form_that_was_sent_in_time_leads_to_its_confirmation(
    clock: time_machine.Traveller, visitor: Client, token: str
) -> None:
    first = send(visitor, token)
    clock.shift(timedelta(days=3))
    again = send(visitor, token)
    assert again.status_code == 303
    assert again["Location"] == first["Location"]
    changed = send(visitor, token, message="Something else.")
    assert changed.status_code == 422
    assert Enquiry.objects.count() == 1


def test_new_consent_words_are_shown_unticked_before_anything_is_stored(
    visitor: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent, "CURRENT", ConsentWording("2027-01", "Other words."))
    response = send(visitor, token)
    assert response.status_code == 422
    assert not Enquiry.objects.exists()
    tick = soup_of(response.content).select_one("#id_consent")
    assert tick is not None
    assert not tick.has_attr("checked")
    send(visitor, token_in(response.content))
    assert Enquiry.objects.get().consent_wording_version == "2027-01"


def test_a_reference_that_is_taken_is_drawn_again(
    visitor: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["E-0000-0000", "E-0000-0000", "E-1111-1111"])
    field = Enquiry._meta.get_field("reference")
    monkeypatch.setattr(field, "_get_default", lambda: next(drawn))
    send(visitor, token)
    send(visitor, token_in(visitor.get("/contact/").content), message="And my hip.")
    assert set(Enquiry.objects.values_list("reference", flat=True)) == {
        "E-0000-0000", "E-1111-1111",
    }  # fmt: skip


def test_the_database_refuses_an_enquiry_that_cannot_be_answered(
    visitor: Client, token: str
) -> None:
    send(visitor, token)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.update(email="", telephone="")


def test_what_a_person_chose_may_be_deleted_later(visitor: Client, token: str) -> None:
    condition = make_condition(slug="back-pain")
    send(visitor, token, condition="back-pain")
    condition.delete()
    assert Enquiry.objects.get().condition is None


def test_a_form_posted_from_another_site_needs_no_cookie_and_gains_nothing(
    clinic: Clinic, committing: Callable[..., Any]
) -> None:
    other = Client(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})
    response = other.post("/contact/", answers())
    assert response.status_code == 422
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("broken", ["enquiries.flagging.match", "enquiries.screening.judge"])
def test_a_fault_in_what_looks_at_the_message_does_not_lose_it(
    visitor: Client,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broken: str,
) -> None:
    def fail(*args: object) -> None:
        raise RecursionError("My knee hurts on stairs.")

    monkeypatch.setattr(broken, fail)
    assert visitor.post("/contact/", answers(form_token=token)).status_code == 303
    assert Enquiry.objects.get().message == "My knee hurts on stairs."
    assert "RecursionError" in caplog.text
    assert "knee" not in caplog.text
