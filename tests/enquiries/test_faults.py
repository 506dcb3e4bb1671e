"""When the database fails, the visitor is told so plainly and keeps every word."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.test import Client

from clinic.models import Clinic
from enquiries.models import Enquiry
from tests.enquiries.conftest import answers, soup_of

pytestmark = pytest.mark.django_db

FULL = OperationalError("database or disk is full: sam@example.com")
LOCKED = OperationalError("database is locked")


@contextmanager
def every_query_fails(error: Exception) -> Iterator[None]:
    def fail(*args: Any) -> None:
        raise error

    with connection.execute_wrapper(fail):
        yield


def typed_in(page: BeautifulSoup) -> dict[str, str]:
    """Return what the form on the page would send again."""
    form = page.select_one("main form")
    assert form is not None
    fields = {str(each["name"]): str(each.get("value", "")) for each in form.select("input")}
    message = form.select_one("textarea")
    assert message is not None
    return fields | {"message": message.get_text().strip("\n")}


@pytest.mark.parametrize("error", [FULL, LOCKED, DatabaseError("x"), InterfaceError("closed")])
def test_an_enquiry_that_cannot_be_stored_is_not_lost(
    visitor: Client,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    sent = answers(form_token=token, message="<b>My</b> knee & hip", may_leave_message="on")
    with monkeypatch.context() as patch, caplog.at_level(logging.DEBUG):
        patch.setattr(Enquiry, "save", fail)
        response = visitor.post("/contact/", sent)
    assert response.status_code == 503
    assert "no-store" in response["Cache-Control"]
    page = soup_of(response.content)
    assert page.main is not None
    text = page.main.get_text(" ", strip=True)
    words = ("Sorry, there is a problem with the service", "01632 960123",
             "Your enquiry has not been sent", "Call 999")  # fmt: skip
    places = [text.index(each) for each in words]
    assert places == sorted(places)
    assert typed_in(page) == sent
    assert "OperationalError" in caplog.text or type(error).__name__ in caplog.text
    for private in ("sam@example.com", "knee", "Sam"):
        assert private not in caplog.text
    # What stands on that page can be sent as it is.
    assert visitor.post("/contact/", typed_in(page)).status_code == 303
    assert Enquiry.objects.count() == 1


def test_with_no_database_at_all_the_words_and_the_number_are_still_there(
    visitor: Client, token: str
) -> None:
    sent = answers(form_token=token)
    with every_query_fails(OperationalError("no connection")):
        response = visitor.post("/contact/", sent)
    assert response.status_code == 503
    page = soup_of(response.content)
    assert typed_in(page) == sent
    link = page.select_one("a[href='tel:01632960123']")
    assert link is not None
    assert link.get_text() == "01632 960123"
    # The style is the site's, and the policy admits it.
    assert page.select_one("style") is not None
    assert "sha256-" in response["Content-Security-Policy"]
    assert visitor.post("/contact/", typed_in(page)).status_code == 303


def test_a_process_that_knows_no_number_does_without(clinic: Clinic, visitor: Client) -> None:
    with every_query_fails(OperationalError("no connection")):
        response = visitor.post("/contact/", answers(form_token="<&"))
    assert response.status_code == 503
    assert b"tel:" not in response.content
    assert b"Call 999" in response.content
