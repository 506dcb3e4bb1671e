"""What tests of notes share: a clinic, a visitor, and how a note is sent."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.test import Client

from clinic.models import Clinic
from tests.enquiries.conftest import (  # noqa: F401  (fixtures)
    clinic,
    clock,
    nothing_remembered,
    soup_of,
    token_in,
    visitor,
)

FORM = "/feedback/"
LIST = "/admin/feedback/note/"
Send = Callable[..., Any]


def told(**changes: str) -> dict[str, str]:
    """Return good answers to the form, with changes; an empty text leaves one out."""
    given = {
        "page": "/conditions/",
        "kind": "mistake",
        "message": "The opening hours on the page are last year’s.",
        "email": "sam@example.com",
    } | changes
    return {name: value for name, value in given.items() if value != ""}


@pytest.fixture
def token(clock: time_machine.Traveller, clinic: Clinic, visitor: Client) -> str:  # noqa: F811
    """The token of a form that was opened on Friday at 10am, two minutes ago."""
    opened = token_in(visitor.get(FORM).content)
    clock.shift(120)
    return opened


@pytest.fixture
def send(clock: time_machine.Traveller, clinic: Clinic, visitor: Client) -> Send:  # noqa: F811
    """Return a function that opens the form, and sends it a minute later."""

    def open_and_send(address: str = "192.0.2.7", **changes: str) -> Any:
        opened = token_in(visitor.get(FORM).content)
        clock.shift(60)
        return visitor.post(FORM, told(form_token=opened, **changes), REMOTE_ADDR=address)

    return open_and_send


def main_of(response: Any) -> Tag:
    main = soup_of(response.content).main
    assert main is not None
    return main


def fields_of(page: BeautifulSoup) -> dict[str, str]:
    """Return what the form of a page would send again, without the radio buttons not chosen."""
    form = page.select_one("main form")
    assert form is not None
    return {
        str(each["name"]): each.get_text().strip("\n")
        if each.name == "textarea"
        else str(each.get("value", ""))
        for each in form.select("input, textarea")
        if each.get("type") != "radio" or each.has_attr("checked")
    }
