"""The link at the foot of every public page, and nowhere else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.enquiries.conftest import soup_of
from tests.factories import (
    make_article,
    make_clinic,
    make_condition,
    make_information_page,
    make_practitioner,
    make_treatment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def questions(response: Any) -> list[tuple[str, str]]:
    """Return where each link to the form leads, and its rel."""
    links = soup_of(response.content).select("a[href^='/feedback/']")
    return [(str(each["href"]), " ".join(each.get_attribute_list("rel"))) for each in links]


@pytest.mark.parametrize(
    "address",
    [
        "/", "/conditions/", "/conditions/back-pain/", "/articles/", "/articles/heat/",
        "/treatments/", "/treatments/needling/", "/practitioners/", "/practitioners/asha/",
        "/contact/", "/fees/", "/evidence/", "/is-needling-suitable/",
    ],
)  # fmt: skip
def test_every_public_page_asks_once_and_names_itself(client: Client, address: str) -> None:
    make_clinic()
    make_condition(slug="back-pain")
    make_article(slug="heat")
    make_treatment(slug="needling")
    make_practitioner(slug="asha")
    make_information_page(slug="fees")
    response = client.get(address)
    assert response.status_code == 200
    assert questions(response) == [(f"/feedback/?page={address}", "nofollow")]


def test_the_link_stands_between_the_page_and_its_foot(client: Client) -> None:
    make_clinic()
    link = soup_of(client.get("/conditions/").content).select_one("a[href^='/feedback/']")
    assert link is not None
    assert link.get_text() == "Is anything wrong with this page?"
    assert link.find_parent(["main", "footer"]) is None
    assert link.find_previous("main") is not None
    assert link.find_next("footer") is not None


def test_a_list_that_was_narrowed_is_named_without_what_was_chosen(client: Client) -> None:
    make_clinic()
    found = questions(client.get("/practitioners/?day=thursday&language=klingon"))
    assert found == [("/feedback/?page=/practitioners/", "nofollow")]


@pytest.mark.parametrize(
    "address",
    [
        "/feedback/", "/feedback/?page=/conditions/", "/feedback/received/", "/no-such-page/",
        "/contact/received/", "/contact/your-enquiry/E-1:x/", "/conditions/gone/",
    ],
)  # fmt: skip
def test_the_form_itself_errors_and_private_pages_do_not_ask(client: Client, address: str) -> None:
    make_clinic()
    yesterday = timezone.now() - timedelta(days=1)
    make_condition(slug="gone", withdrawn_at=yesterday)
    assert questions(client.get(address)) == []


def test_a_wrong_method_does_not_ask(client: Client) -> None:
    make_clinic()
    response = client.delete("/conditions/")
    assert response.status_code == 405
    assert questions(response) == []


def test_a_draft_that_only_staff_see_does_not_ask(staff: Callable[[str], Client]) -> None:
    make_clinic()
    make_condition(slug="draft", published_at=None)
    response = staff("Editor").get("/conditions/draft/")
    assert response.status_code == 200
    assert questions(response) == []


def test_it_costs_no_query(client: Client, django_assert_num_queries: Any) -> None:
    make_clinic()
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    request = RequestFactory().get("/conditions/")
    with django_assert_num_queries(0):
        html = render_to_string("components/page_question.html", {"request": request})
    assert "/feedback/?page=/conditions/" in html
