"""Whatever is posted, the answer is a page in plain words, and no silence counts as no."""

from typing import Any
from urllib.parse import quote

import hypothesis
import pytest
from django.test import Client
from hypothesis import strategies as st

from suitability.models import Caution
from tests.suitability.conftest import read
from tests.suitability.factories import ADDRESS, answered

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
FORM = "application/x-www-form-urlencoded"


def mistakes(response: Any) -> list[str]:
    """Return the fields that the error summary leads to."""
    assert response.status_code == 422
    return [str(each["href"]) for each in read(response).select(".error-summary a")]


@pytest.mark.parametrize(
    "value",
    ["", " ", "YES", "maybe", "yes\x00", "\x00", "no ", "0", "{{ 7|add:7 }}", "<b>", "x" * 100_000],
)
def test_unknown_answer_is_no_answer(visitor: Client, cautions: list[Caution], value: str) -> None:
    response = visitor.post(ADDRESS, answered(pregnancy=value))
    assert mistakes(response) == ["#id_caution-pregnancy_0"]
    assert b"<b>" not in response.content


def test_two_different_answers_to_one_question_are_none(
    visitor: Client, cautions: list[Caution]
) -> None:
    response = visitor.post(ADDRESS, answered() | {"caution-pregnancy": ["yes", "no"]})
    assert mistakes(response) == ["#id_caution-pregnancy_0"]
    same = visitor.post(ADDRESS, answered() | {"caution-pregnancy": ["no"] * 3})
    assert same.status_code == 200


def test_fields_that_nobody_asked_for_change_nothing(
    visitor: Client, cautions: list[Caution]
) -> None:
    junk = {f"junk{number}": "x" * 1000 for number in range(900)} | {"caution-\x00": "yes"}
    response = visitor.post(ADDRESS, answered() | junk)
    assert response.status_code == 200
    assert b"junk" not in response.content


@pytest.mark.parametrize(
    "body",
    [
        "&".join(f"x{number}=y" for number in range(200_000)),
        "x=" + "y" * (4 * 1024 * 1024),
        "&" * 1_000_000 + "a=b",
        "x" * 1_000_000,
    ],
    ids=["many fields", "4 MB", "1 MB of nothing", "1 MB of a name"],
)
def test_a_great_deal_of_junk_gets_a_clear_page(
    visitor: Client, cautions: list[Caution], body: str
) -> None:
    response = visitor.post(ADDRESS, body, content_type=FORM)
    assert response.status_code in {400, 422}
    page = read(response)
    assert page.select('a[href="tel:01632960123"]')
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("content_type", ["multipart/form-data", "application/json", "text/plain"])
def test_other_kinds_of_content_get_a_clear_page(
    visitor: Client, cautions: list[Caution], content_type: str
) -> None:
    response = visitor.post(ADDRESS, b"nonsense", content_type=content_type)
    assert response.status_code in {400, 422}
    assert read(response).select('a[href="tel:01632960123"]')


@pytest.mark.parametrize("sent", ["%ED%A0%80", "%FF%FE", "%00", "%", "%u0000"])
def test_broken_encodings(visitor: Client, cautions: list[Caution], sent: str) -> None:
    body = f"caution-pregnancy={sent}&{sent}=yes"
    assert len(mistakes(visitor.post(ADDRESS, body, content_type=FORM))) == 3


def test_another_character_set(visitor: Client, cautions: list[Caution]) -> None:
    response = visitor.post(ADDRESS, b"a=b", content_type=f"{FORM}; charset=latin-1")
    assert response.status_code in {400, 422}
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_wrong_method_gets_a_clear_page(
    visitor: Client, cautions: list[Caution], method: str
) -> None:
    response = getattr(visitor, method)(ADDRESS)
    assert response.status_code == 405
    assert "This page does not work that way" in response.content.decode()


@hypothesis.settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
@hypothesis.given(
    value=st.text(st.characters(exclude_categories=[]), max_size=30),
    name=st.sampled_from(["caution-pregnancy", "change", "x"]),
)
def test_any_text_gets_a_page(
    visitor: Client, cautions: list[Caution], value: str, name: str
) -> None:
    sent = quote(value.encode("utf-8", "surrogatepass"))
    response = visitor.post(ADDRESS, f"{name}={sent}", content_type=FORM)
    assert response.status_code in {200, 422}
    assert (response.status_code == 200) == (name == "change")
