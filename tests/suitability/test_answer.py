"""What the answers come to: the strongest leads, nothing is promised, and there is a way on."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from suitability.models import Caution
from tests.suitability.conftest import read, words
from tests.suitability.factories import ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Answer = Callable[..., HttpResponse]
GP, US, ASK = "See your GP first", "Tell us first", "You can ask us about it"


def lead(response: HttpResponse) -> str:
    assert response.status_code == 200
    headings = read(response).select("h1")
    assert len(headings) == 1
    return headings[0].get_text(strip=True)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, ASK),
        ({"pregnancy": "yes"}, US),
        ({"numb_skin": "yes"}, US),
        ({"blood_thinner": "yes"}, GP),
        ({"pregnancy": "not-sure"}, US),
        ({"blood_thinner": "not-sure"}, US),
        ({"pregnancy": "yes", "numb_skin": "yes"}, US),
        ({"pregnancy": "yes", "blood_thinner": "yes"}, GP),
        ({"numb_skin": "yes", "blood_thinner": "not-sure"}, US),
        ({"pregnancy": "yes", "numb_skin": "yes", "blood_thinner": "yes"}, GP),
    ],
)
def test_the_strongest_answer_leads(answer: Answer, said: dict[str, str], expected: str) -> None:
    assert lead(answer(**said)) == expected


def test_every_yes_is_listed_with_its_advice_strongest_first(answer: Answer) -> None:
    response = answer("yes")
    rows = [" ".join(each.get_text(" ").split()) for each in read(response).select(".rows li")]
    assert rows == [
        "Do you take a blood thinner? See your GP first. Talk to whoever prescribed it.",
        "Is your skin numb? We do not needle that part of the body. We do not needle numb skin.",
        "Are you pregnant? Tell us first. Tell us about the baby.",
    ]


def test_what_somebody_is_not_sure_about_is_listed_apart(answer: Answer) -> None:
    response = answer(blood_thinner="not-sure", pregnancy="yes")
    headings = [each.get_text(strip=True) for each in read(response).select("main h2")]
    assert headings[:2] == ["What you said yes to", "What you were not sure about"]
    text = words(response)
    assert (
        "Do you take a blood thinner? Tell us first. If it turns out to be yes: Talk to whoever"
        " prescribed it." in text
    )


def test_what_was_answered_with_no_is_not_listed(answer: Answer) -> None:
    text = words(answer(pregnancy="yes"))
    assert "blood thinner" not in text
    assert "numb?" not in text


@pytest.mark.parametrize("said", [{}, {"pregnancy": "yes"}, {"blood_thinner": "yes"}])
def test_every_answer_is_modest_and_leads_on(answer: Answer, said: dict[str, str]) -> None:
    response = answer(**said)
    text, page = words(response), read(response)
    assert "This page does not replace an assessment." in text
    assert "does not mean that there is no risk" in text
    assert "What happens next" in text
    for promise in ("is suitable for you", "are suitable", "is safe", "is right for you"):
        assert promise not in text
    assert page.select('main a[href="/contact/"]')
    assert page.select('main a[href="tel:01632960123"]')
    assert [each["class"][1] for each in page.select(".care-card")] == [
        "care-card--emergency", "care-card--urgent",
    ]  # fmt: skip
    assert page.title is not None
    assert page.title.get_text().startswith(lead(response))
    assert page.select('meta[name="robots"][content="noindex"]')
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_paper_has_the_clinics_name_and_the_day(answer: Answer) -> None:
    line = read(answer("yes")).select_one(".page-head .print-only")
    assert line is not None
    assert line.get_text(strip=True).startswith("Fernhill Clinic: answers to")


def test_answers_can_be_changed_without_giving_them_all_again(
    answer: Answer, visitor: Client
) -> None:
    page = read(answer(pregnancy="yes", numb_skin="not-sure"))
    form = page.select_one("main form")
    assert form is not None
    post = {str(each["name"]): str(each["value"]) for each in form.select("input, button")}
    response = visitor.post(str(form["action"]), post)
    again = read(response)
    assert response.status_code == 200
    assert again.select(".error-summary") == []
    assert [each["value"] for each in again.select("[checked]")] == ["yes", "not-sure", "no"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert again.select('meta[name="robots"][content="noindex"]')


def test_question_added_meanwhile_is_asked(answer: Answer, visitor: Client) -> None:
    Caution.objects.filter(key="numb-skin").update(is_shown=False)
    post = {"caution-pregnancy": "no", "caution-blood-thinner": "no", "caution-gone": "yes"}
    assert lead(answer()) == ASK
    Caution.objects.update(is_shown=True)
    assert visitor.post(ADDRESS, post).status_code == 422
