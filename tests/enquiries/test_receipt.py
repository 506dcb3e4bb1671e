"""The private page of an enquiry: how far we are, and a button to erase it. Nothing of what was
written, and nothing for whoever has no link."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import Tag
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from clinic.models import Clinic
from enquiries import confirmation, receipt, workflow
from enquiries.models import Enquiry, Tombstone
from tests.enquiries.conftest import LONDON, answers, soup_of
from tests.factories import make_enquiry, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PRIVATE = ("Sam", "sam@example.com", "900 982", "knee", "Rang her")


@pytest.fixture
def enquiry(clock: time_machine.Traveller, clinic: Clinic) -> Enquiry:
    return make_enquiry(
        full_name="Sam O’Neill", email="sam@example.com", telephone="07700 900 982",
        message="My knee hurts.", received_at=timezone.now(),
        reply_by=datetime(2026, 11, 23, 10, tzinfo=LONDON),
        erase_on=datetime(2027, 5, 19, tzinfo=LONDON).date(),
    )  # fmt: skip


def main_of(response: Any) -> Tag:
    main = soup_of(response.content).main
    assert main is not None
    return main


def text_of(response: Any) -> str:
    return main_of(response).get_text(" ", strip=True)


def is_private(response: Any) -> bool:
    return (
        "no-store" in response["Cache-Control"]
        and "private" in response["Cache-Control"]
        and response["X-Robots-Tag"] == "noindex"
        and response["Referrer-Policy"] == "no-referrer"
        and not response.cookies
    )


def test_it_shows_how_far_we_are(
    enquiry: Enquiry, visitor: Client, clock: time_machine.Traveller
) -> None:
    link = receipt.address(enquiry)
    text = text_of(visitor.get(link))
    for words in (
        f"Your enquiry {enquiry.reference}", "Received 20 November 2026 at 10am", "Read Not yet",
        "Answered Not yet. We said that we would reply by Monday 23 November at 10am",
        "To be erased 19 May 2027", "01632 960123", "Call 999",
    ):  # fmt: skip
        assert words in text
    user = make_user("Reception")
    clock.shift(timedelta(hours=1))
    workflow.note_reading(user, enquiry)
    workflow.record_call(user, enquiry, "Rang her.", reached=True, seen=0)
    workflow.close(user, enquiry, Enquiry.Outcome.ANSWERED)
    response = visitor.get(link)
    text = text_of(response)
    assert "Read 20 November 2026 at 11am" in text
    assert "Answered 20 November 2026 at 11am" in text
    for private in PRIVATE:
        assert private not in response.content.decode()


def test_nobody_keeps_it_and_nobody_is_told_of_it(enquiry: Enquiry, visitor: Client) -> None:
    response = visitor.get(receipt.address(enquiry))
    assert response.status_code == 200
    assert is_private(response)
    assert not main_of(response).select("a[href^='http']")


def test_confirmation_and_private_page_lead_to_each_enquirys_own(
    visitor: Client, token: str
) -> None:
    response = visitor.post("/contact/", answers(form_token=token), follow=True)
    enquiry = Enquiry.objects.get()
    link = main_of(response).select_one("a[href*=your-enquiry]")
    assert link is not None
    assert link["href"] == receipt.address(enquiry)
    assert enquiry.reference in text_of(visitor.get(str(link["href"])))


@pytest.mark.parametrize("change", ["altered", "cut", "long", "other", "confirmation", "odd"])
def test_a_link_that_is_not_ours_says_so_kindly(
    enquiry: Enquiry, visitor: Client, change: str
) -> None:
    link, other = receipt.address(enquiry), make_enquiry()
    signed_elsewhere = confirmation.address(enquiry).partition("ref=")[2].replace("%3A", ":")
    wrong = {
        "altered": f"{link[:-2]}x/",
        "cut": f"{link[:-9]}/",
        "long": f"/contact/your-enquiry/{'9' * 3000}/",
        "other": link.replace(enquiry.reference, other.reference),
        "confirmation": f"/contact/your-enquiry/{signed_elsewhere}/",
        "odd": "/contact/your-enquiry/%00%3Cscript%3E%ED%A0%80/",
    }[change]
    for response in (visitor.get(wrong), visitor.post(wrong, {"erase": "yes"})):
        assert response.status_code == 404
        assert is_private(response)
        text = text_of(response)
        assert "does not lead to an enquiry" in text
        assert "use the whole link" in text
        assert enquiry.reference not in text
        assert other.reference not in text
    assert Enquiry.objects.count() == 2


def test_erasing_needs_the_tick(enquiry: Enquiry, visitor: Client) -> None:
    response = visitor.post(receipt.address(enquiry))
    assert response.status_code == 422
    assert is_private(response)
    page = soup_of(response.content)
    assert page.title is not None
    assert page.title.get_text().startswith("Error: ")
    link = page.select_one(".error-summary a")
    assert link is not None
    assert link.get_text() == "Tick the box if you want to erase your enquiry"
    tick = page.select_one(str(link["href"]))
    assert tick is not None
    assert not tick.has_attr("checked")
    assert page.select_one(f"#{tick['aria-describedby']}") is not None
    assert Enquiry.objects.exists()


def test_the_sender_erases_it_for_good(
    enquiry: Enquiry, visitor: Client, clock: time_machine.Traveller
) -> None:
    link = receipt.address(enquiry)
    response = visitor.post(link, {"erase": "yes"})
    assert response.status_code == 303
    assert response["Location"] == link
    assert is_private(response)
    assert not Enquiry.objects.exists()
    assert Tombstone.objects.get().why == Tombstone.Why.SENDER
    clock.shift(timedelta(days=400))
    gone = visitor.get(link)
    assert gone.status_code == 200
    assert is_private(gone)
    text = text_of(gone)
    assert f"Your enquiry {enquiry.reference} is erased" in text
    assert "On 20 November 2026 we erased your message" in text
    assert main_of(gone).select_one("form") is None
    # Pressed twice, or come back to with the Back button: the same page.
    assert "is erased" in text_of(visitor.post(link, {"erase": "yes"}))
    assert Tombstone.objects.count() == 1


def test_what_has_to_be_kept_is_refused_kindly(enquiry: Enquiry, visitor: Client) -> None:
    workflow.hold(make_user("Manager"), enquiry, "Solicitor’s letter")
    link = receipt.address(enquiry)
    assert "We have to keep it for now. Call us to hear why" in text_of(visitor.get(link))
    response = visitor.post(link, {"erase": "yes"})
    assert response.status_code == 422
    assert "Call us to hear why, or to object" in text_of(response)
    assert "Solicitor" not in response.content.decode()
    assert Enquiry.objects.exists()


def test_links_go_on_working_when_the_secret_key_is_changed(
    enquiry: Enquiry, visitor: Client, settings: LazySettings
) -> None:
    link = receipt.address(enquiry)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "y" * 40
    assert enquiry.reference in text_of(visitor.get(link))
    assert receipt.address(enquiry) != link
    settings.SECRET_KEY_FALLBACKS = []
    assert visitor.get(link).status_code == 404


def test_suspected_spams_sender_sees_the_same_page(enquiry: Enquiry, visitor: Client) -> None:
    before = visitor.get(receipt.address(enquiry)).content
    Enquiry.objects.update(suspected_spam=True, spam_reasons="The hidden field was filled in")
    assert visitor.get(receipt.address(enquiry)).content == before


def test_a_wrong_method_gets_a_clear_page(enquiry: Enquiry, visitor: Client) -> None:
    response = visitor.put(receipt.address(enquiry))
    assert response.status_code == 405
    assert b"01632 960123" in response.content


def logged_lines(records: list[logging.LogRecord]) -> list[str]:
    """Return what the site's own handler writes of the records."""
    handler = next(each for each in logging.getLogger().handlers if each.filters)
    return [handler.format(each) for each in records if handler.filter(each)]


@pytest.mark.parametrize("data", [{}, {"erase": "yes"}])
def test_a_private_link_never_stands_in_the_logs(
    enquiry: Enquiry, visitor: Client, caplog: pytest.LogCaptureFixture, data: dict[str, str]
) -> None:
    link = receipt.address(enquiry)
    secret = link.rstrip("/").rpartition(":")[2]
    with caplog.at_level(logging.DEBUG):
        visitor.put(link)
        visitor.post(link, data)
        visitor.get(link[:-2] + "/")  # found by nobody, and nearly all of the secret
        visitor.get(confirmation.address(enquiry))
    lines = logged_lines(caplog.records)
    assert any("/contact/your-enquiry/[removed]" in line for line in lines)
    for line in lines:
        assert secret[:20] not in line
        assert enquiry.reference not in line
