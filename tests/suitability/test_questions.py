"""The questions: nothing ticked, all asked, and mistakes that keep what was answered."""

import pytest
from django.test import Client

from suitability.models import Caution
from tests.factories import make_clinic, make_practitioner, make_source
from tests.suitability.conftest import read, words
from tests.suitability.factories import ADDRESS, answered, make_caution

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_each_question_is_a_group_with_three_answers_and_none_ticked(
    visitor: Client, cautions: list[Caution]
) -> None:
    groups = read(visitor.get(ADDRESS)).select("main form fieldset")
    assert [group.legend.get_text(strip=True) for group in groups] == [
        "Are you pregnant?", "Is your skin numb?", "Do you take a blood thinner?",
    ]  # fmt: skip
    for group in groups:
        assert [each.get_text(strip=True) for each in group.select("label")] == [
            "Yes", "No", "I am not sure",
        ]  # fmt: skip
        assert [each["value"] for each in group.select("input[type=radio]")] == [
            "yes", "no", "not-sure",
        ]  # fmt: skip
        assert group.select("[checked]") == []
    hint = groups[2].select_one(".field__hint")
    assert hint is not None
    assert hint.get_text(strip=True) == "Such as warfarin"
    assert groups[2]["aria-describedby"] == hint["id"]


def test_what_an_address_says_ticks_nothing(visitor: Client, cautions: list[Caution]) -> None:
    response = visitor.get(ADDRESS, answered("yes"))
    assert read(response).select("[checked]") == []


def test_form_is_posted_to_the_page_itself_and_needs_no_script(
    visitor: Client, cautions: list[Caution]
) -> None:
    page = read(visitor.get(ADDRESS))
    form = page.select_one("main form")
    assert form is not None
    assert (form["method"], form["action"]) == ("post", ADDRESS)
    assert page.find_all("script") == []


def test_hidden_question_is_not_asked_nor_needed(visitor: Client, cautions: list[Caution]) -> None:
    make_caution(question="Do you have wings?", is_shown=False)
    assert "wings" not in words(visitor.get(ADDRESS))
    assert visitor.post(ADDRESS, answered()).status_code == 200


def test_unanswered_questions_are_listed_and_the_answers_kept(
    visitor: Client, cautions: list[Caution]
) -> None:
    post = answered()
    post["caution-numb-skin"] = "not-sure"
    del post["caution-blood-thinner"], post["caution-pregnancy"]
    response = visitor.post(ADDRESS, post)
    page = read(response)
    assert response.status_code == 422
    assert page.title is not None
    assert page.title.get_text().startswith("Error: ")
    links = page.select(".error-summary a")
    assert [link.get_text() for link in links] == [
        "Answer “Are you pregnant?”",
        "Answer “Do you take a blood thinner?”",
    ]
    for link in links:
        target = page.find(id=str(link["href"]).removeprefix("#"))
        assert target is not None
        assert target["type"] == "radio"
        group = target.find_parent("fieldset")
        assert group is not None
        error = group.select_one(".field__error")
        assert error is not None
        assert "Select yes, no or “I am not sure”" in error.get_text()
        assert str(error["id"]) in group.get_attribute_list("aria-describedby")[0]
    assert [each["value"] for each in page.select("[checked]")] == ["not-sure"]
    assert page.select('meta[content="noindex"]')
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_nothing_answered_is_not_no(visitor: Client, cautions: list[Caution]) -> None:
    response = visitor.post(ADDRESS)
    assert response.status_code == 422
    assert len(read(response).select(".error-summary a")) == 3


def test_page_says_who_checked_it_when_and_with_which_sources(
    visitor: Client, cautions: list[Caution]
) -> None:
    person = make_practitioner(name="Dr Jo Older")
    make_caution(checked_by=person, checked_on="2026-03-04", sources=[make_source(year=2018)])
    response = visitor.get(ADDRESS)
    text = words(response)
    assert "Dr Jo Older" in text
    assert "4 March 2026" in text  # the oldest: some were checked later
    assert "2 June 2026" not in text
    sources = read(response).select(".references li")
    assert [each.a["href"] for each in sources if each.a]
    assert any("2018" in each.get_text() for each in sources)
    assert "not yet confirmed" not in text


@pytest.mark.parametrize(
    "fields", [{"awaiting_clinician": True}, {"checked_on": None}, {"checked_by": None}]
)
def test_page_says_that_a_question_is_not_confirmed(
    visitor: Client, cautions: list[Caution], fields: dict[str, object]
) -> None:
    make_caution(**fields)
    assert "A clinician has not yet confirmed all of these questions" in words(visitor.get(ADDRESS))


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_questions_there_is_the_telephone_and_no_answer(
    visitor: Client, method: str
) -> None:
    make_clinic()
    response = getattr(visitor, method)(ADDRESS)
    page, text = read(response), words(response)
    assert response.status_code == 200
    assert "We have no questions here at the moment" in text
    assert "You can ask us about it" not in text
    assert page.select('main a[href="tel:01632960123"]')
    assert page.select('main a[href="/contact/"]')
    assert page.select("main form") == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_page_works_before_the_clinic_is_set_up(visitor: Client, method: str) -> None:
    assert getattr(visitor, method)(ADDRESS).status_code == 200


def test_signs_that_cannot_wait_stand_on_the_page(visitor: Client, cautions: list[Caution]) -> None:
    page = read(visitor.get(ADDRESS))
    assert [card.h3.get_text(" ", strip=True) for card in page.select(".care-card")] == [
        "Immediate action required: Call 999 or go to A&E now if:",
        "Urgent advice: Ask for an urgent GP appointment or get help from NHS 111 if:",
    ]
    assert page.select('.signpost a[href="#when-to-get-help"]')
