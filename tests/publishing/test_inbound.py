"""What leads to a page is found before the page is deleted."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from articles.models import Article
from publishing import redirects, workflow
from publishing.inbound import linking_to
from tests.factories import (
    make_article,
    make_claim,
    make_condition,
    make_enquiry,
    make_faq,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
    make_warning_sign,
)
from tests.publishing.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Make = Callable[..., Any]
KINDS = pytest.mark.parametrize(
    "make", [make_article, make_condition, make_information_page, make_treatment]
)
IN_TEXT = "links to it in its text"


def told(page: Any) -> list[tuple[str, str]]:
    """Return what leads to the page, and how."""
    return [(each.name, each.how) for each in linking_to(page)]


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
    assert told(page) == [("Article: On knees", IN_TEXT)]


def test_relations_are_found_from_the_other_side() -> None:
    condition, treatment = make_condition(), make_treatment(name="Taping")
    article, person = make_article(title="On knees"), make_practitioner(name="Asha")
    article.conditions.add(condition)
    condition.treatments.add(treatment)
    person.conditions.add(condition)
    how = "is joined to it"
    assert set(told(condition)) == {("Article: On knees", how), ("Practitioner: Asha", how)}
    assert told(treatment) == [(f"Condition: {condition}", how)]


def test_old_addresses_are_found() -> None:
    page = make_article(slug="new")
    redirects.add("/articles/old/", "/articles/new/")
    redirects.add("/articles/other/", "/articles/elsewhere/")
    make_article(title="On knees", body="[This](/articles/old/#top) and [that](/articles/other/).")
    assert told(page) == [("Article: On knees", IN_TEXT), ("/articles/old/", "leads here")]


@pytest.mark.parametrize(
    "link",
    [
        "[this](/conditions/back)",
        "[this]( /conditions/back/ )",
        "[this](</conditions/back/>)",
        "[this][b]\n\n[b]: /conditions/back/#symptoms",
        "[this](HTTPS://{host}/conditions/back#symptoms)",
        "[this](//{host}/conditions/back/)",
    ],
)
def test_links_are_found_however_they_are_written(link: str, settings: LazySettings) -> None:
    page = make_condition(slug="back")
    host = settings.SITE_URL.partition("://")[2].upper()
    make_article(title="On knees", body=f"See {link.format(host=host)}.")
    assert told(page) == [("Article: On knees", IN_TEXT)]


def test_drafts_are_looked_through_too() -> None:
    page, editor = make_condition(), make_user("Editor")
    public = make_article(title="Public", body="No link.")
    never = make_article(title="Never public", body="No link.", published_at=None)
    mended = make_article(title="Mended", body=f"[This]({page.get_absolute_url()}).")
    for article, body in (
        (public, f"[This]({page.get_absolute_url()})."),
        (never, f"[This]({page.get_absolute_url()})."),
        (mended, "No link any more."),
    ):
        data = deepcopy(workflow.latest_version(article).data)
        data["fields"]["body"] = body
        if article == public:
            data["many"]["conditions"] = [{"pk": page.pk, "text": str(page)}]
        workflow.save_draft(article, data, editor)
    assert sorted(told(page)) == [
        ("Article: Mended", IN_TEXT),
        ("Article: Never public", IN_TEXT),
        ("Article: Public", "is joined to it in a draft"),
        ("Article: Public", "links to it in a draft"),
    ]


def test_claims_are_found_and_keep_a_deleted_page(staff: Callable[[str], Client]) -> None:
    page, other = make_condition(), make_condition()
    make_faq(page)
    make_warning_sign(page)
    claim = make_claim(condition=page)
    make_enquiry(condition=page)
    assert told(page) == [(f"Claim: {claim}", "is about it")]
    assert told(other) == []
    editor = staff("Editor")
    answers = [
        editor.get(f"/admin/conditions/condition/{each.pk}/delete/") for each in (page, other)
    ]
    assert [b"gone for good" in each.content for each in answers] == [False, True]
    for each in (page, other):
        workflow.delete(each, make_user("Editor"))
    deleted = editor.get("/admin/conditions/condition/deleted/").content.decode()
    assert deleted.count("Not while other rows") == deleted.count("After ") == 1


@KINDS
def test_whoever_deletes_a_page_is_shown_what_leads_to_it(
    make: Make, staff: Callable[[str], Client]
) -> None:
    page = make()
    make_article(title="On knees", body=f"See [this]({page.get_absolute_url()}).")
    options = page._meta
    path = reverse(f"admin:{options.app_label}_{options.model_name}_delete", args=[page.pk])
    answer = parse(staff("Editor").get(path).content)
    (link,) = answer.select("#inbound-heading ~ ul a")
    article = Article.objects.get(title="On knees")
    assert link.get_text() == "Article: On knees"
    assert link["href"] == f"/admin/articles/article/{article.pk}/change/"
    page.refresh_from_db()
    assert page.deleted_at is None
