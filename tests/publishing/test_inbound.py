"""What leads to a page is found before the page is deleted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from publishing import redirects
from publishing.inbound import Inbound, linking_to
from tests.factories import (
    make_article,
    make_condition,
    make_faq,
    make_information_page,
    make_practitioner,
    make_treatment,
)

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
KINDS = pytest.mark.parametrize(
    "make", [make_article, make_condition, make_information_page, make_treatment]
)
IN_TEXT = "links to it in its text"


@KINDS
def test_page_that_nothing_leads_to(make: Make) -> None:
    page = make()
    make_article(body=f"The address {page.get_absolute_url()} is no link.")
    assert linking_to(page) == []


@KINDS
@pytest.mark.parametrize("end", [")", "#symptoms)", "?a=b)", ' "Title")'])
def test_links_in_texts_are_found_wherever_they_stand(end: str, make: Make) -> None:
    page = make()
    link = f"See [this]({page.get_absolute_url()}{end}."
    make_article(title="On knees", body=link)
    make_condition(name="Sore knee", aftercare=link)
    make_treatment(name="Taping", evidence=link, side_effects=link)
    make_information_page(title="Fees", body=link)
    make_practitioner(name="Asha", profile=link)
    make_faq(make_condition(), question="Why?", answer=link)
    found = linking_to(page)
    assert {each.name for each in found} == {
        "Article: On knees",
        "Condition: Sore knee",
        "Treatment: Taping",
        "Information page: Fees",
        "Practitioner: Asha",
        "Question people ask: Why?",
    }
    assert {each.how for each in found} == {IN_TEXT}
    assert len(found) == 6


def test_longer_address_is_another_page() -> None:
    page = make_condition(slug="back")
    make_article(body="See [this](/conditions/back-pain/) and [that](/articles/back/).")
    assert linking_to(page) == []


@KINDS
def test_link_of_a_page_to_itself_leads_nowhere(make: Make) -> None:
    page = make(slug="itself")
    field = page.SECTIONS[0].field
    setattr(page, field, f"[Up]({page.get_absolute_url()}#top)")
    page.save()
    assert linking_to(page) == []


def test_question_of_a_page_about_itself_leads_nowhere() -> None:
    page = make_condition()
    make_faq(page, answer=f"See [above]({page.get_absolute_url()}).")
    assert linking_to(page) == []


def test_link_with_the_site_s_full_address_is_found(settings: LazySettings) -> None:
    page = make_condition()
    make_article(title="On knees", body=f"[This]({settings.SITE_URL}{page.get_absolute_url()}).")
    make_article(body=f"[That](https://elsewhere.example{page.get_absolute_url()}).")
    assert linking_to(page) == [Inbound("Article: On knees", IN_TEXT)]


def test_relations_are_found_from_the_other_side() -> None:
    condition, treatment = make_condition(), make_treatment(name="Taping")
    article, person = make_article(title="On knees"), make_practitioner(name="Asha")
    article.conditions.add(condition)
    condition.treatments.add(treatment)
    person.conditions.add(condition)
    how = "is joined to it"
    assert set(linking_to(condition)) == {
        Inbound("Article: On knees", how),
        Inbound("Practitioner: Asha", how),
    }
    assert linking_to(treatment) == [Inbound(f"Condition: {condition}", how)]


def test_old_addresses_are_found() -> None:
    page = make_article(slug="new")
    redirects.add("/articles/old/", "/articles/new/")
    redirects.add("/articles/other/", "/articles/elsewhere/")
    assert linking_to(page) == [Inbound("/articles/old/", "leads here")]


@KINDS
def test_whoever_deletes_a_page_is_shown_what_leads_to_it(
    make: Make, staff: Callable[[str], Client]
) -> None:
    page = make()
    make_article(title="On knees", body=f"See [this]({page.get_absolute_url()}).")
    options = page._meta
    path = reverse(f"admin:{options.app_label}_{options.model_name}_delete", args=[page.pk])
    answer = staff("Editor").get(path).content.decode()
    assert "On knees" in answer
    page.refresh_from_db()
    assert page.deleted_at is None
