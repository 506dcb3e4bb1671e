"""The confirmation page: safe to bookmark, and silent about the person."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from clinic.models import Clinic
from enquiries.confirmation import address
from enquiries.models import Enquiry
from tests.enquiries.conftest import LONDON, soup_of
from tests.factories import make_condition, make_enquiry

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def enquiry(clock: time_machine.Traveller, clinic: Clinic) -> Enquiry:
    return make_enquiry(
        full_name="Sam O’Neill",
        email="sam@example.com",
        telephone="07700 900 982",
        message="My knee hurts.",
        condition=make_condition(name="Knee trouble"),
        received_at=datetime(2026, 11, 20, 10, tzinfo=LONDON),
        reply_by=datetime(2026, 11, 24, 16, tzinfo=LONDON),
    )


def text_of(content: bytes) -> str:
    main = soup_of(content).main
    assert main is not None
    return main.get_text(" ", strip=True)


def test_it_says_what_happens_next_and_when(enquiry: Enquiry, visitor: Client) -> None:
    text = text_of(visitor.get(address(enquiry)).content)
    for words in (
        "We have your enquiry", enquiry.reference, "We will reply by Tuesday 24 November at 4pm.",
        "01632 960123", "9am to 5pm", "Call 999", "Call 111",
    ):  # fmt: skip
        assert words in text


def test_it_tells_nothing_about_the_person_and_is_never_kept(
    enquiry: Enquiry, visitor: Client
) -> None:
    response = visitor.get(address(enquiry))
    content = response.content.decode()
    for private in ("Sam", "sam@example.com", "900 982", "knee", "Knee"):
        assert private not in content
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_it_may_be_loaded_again_and_bookmarked(
    enquiry: Enquiry, visitor: Client, clock: time_machine.Traveller
) -> None:
    first = visitor.get(address(enquiry)).content
    assert visitor.get(address(enquiry)).content == first
    clock.shift(timedelta(days=60))
    text = text_of(visitor.get(address(enquiry)).content)
    assert enquiry.reference in text
    assert "We said that we would reply by Tuesday 24 November 2026 at 4pm" in text
    assert Enquiry.objects.count() == 1


def test_after_three_months_it_says_nothing_more(
    enquiry: Enquiry, visitor: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=91))
    response = visitor.get(address(enquiry))
    assert response.status_code == 200
    assert enquiry.reference not in text_of(response.content)


@pytest.mark.parametrize(
    "query",
    ["", "?ref=", "?ref=E-7K4M-2P9Q", "?ref=E-7K4M-2P9Q:forged", "?ref=%00", "?ref=%ED%A0%80",
     "?ref=<script>alert(1)</script>", "?ref=" + "9" * 5000, "?ref=a&ref=b", "?other=1"],
)  # fmt: skip
def test_without_a_reference_of_ours_the_page_is_a_plain_one(
    enquiry: Enquiry, visitor: Client, query: str
) -> None:
    response = visitor.get(f"/contact/received/{query}")
    assert response.status_code == 200
    main = soup_of(response.content).main
    assert main is not None
    text = main.get_text(" ", strip=True)
    assert "We have your enquiry" not in [each.get_text() for each in main.select("h1")]
    assert "7K4M" not in text
    assert "script" not in text
    assert main.select_one("a[href='/contact/']") is not None
    assert "01632 960123" in text


def test_a_reference_that_was_altered_shows_no_other_enquiry(
    enquiry: Enquiry, visitor: Client
) -> None:
    other = make_enquiry(received_at=datetime(2026, 11, 20, tzinfo=LONDON))
    altered = address(enquiry).replace(enquiry.reference, other.reference)
    assert other.reference not in text_of(visitor.get(altered).content)


def test_an_enquiry_that_was_erased_has_the_plain_page(enquiry: Enquiry, visitor: Client) -> None:
    link = address(enquiry)
    enquiry.delete()
    assert visitor.get(link).status_code == 200
