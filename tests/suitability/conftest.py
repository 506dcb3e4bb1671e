"""A clinic with one caution of each kind."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

from suitability.models import Caution
from tests.factories import make_clinic, make_source
from tests.suitability.factories import ADDRESS, answered, make_caution


@pytest.fixture
def cautions(db: None) -> list[Caution]:
    """One caution for each thing that a yes can call for, in an order that is not theirs."""
    make_clinic()
    source = make_source("known")
    return [
        make_caution(
            "pregnancy", order=1, question="Are you pregnant?", advice="Tell us about the baby."
        ),
        make_caution(
            "numb-skin",
            order=2,
            question="Is your skin numb?",
            advice="We do not needle numb skin.",
            if_yes="not-here",
        ),
        make_caution(
            "blood-thinner",
            order=3,
            question="Do you take a blood thinner?",
            hint="Such as warfarin",
            advice="Talk to whoever prescribed it.",
            if_yes="see-gp-first",
            sources=[source],
        ),
    ]


@pytest.fixture
def visitor() -> Client:
    """Somebody without an account, whose posts are checked as in earnest."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture
def answer(visitor: Client, cautions: list[Caution]) -> Callable[..., HttpResponse]:
    """Return a function that answers every question, no unless said otherwise."""

    def post(default: str = "no", **others: str) -> Any:
        return visitor.post(ADDRESS, answered(default, **others))

    return post


def read(response: HttpResponse) -> BeautifulSoup:
    """Return the page of an answer."""
    return BeautifulSoup(response.content, "html.parser")


def words(response: HttpResponse) -> str:
    """Return the words of the main part, with single spaces."""
    main = read(response).main
    assert main is not None
    return " ".join(main.get_text(" ").split())
