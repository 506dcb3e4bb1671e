"""What pages never say for machines, and that no text breaks out of what they do say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from publishing import workflow
from publishing.sharing import address_of
from tests.factories import (
    make_article,
    make_clinic,
    make_condition,
    make_faq,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
    make_version,
)
from tests.pages.schemaorg import document, nodes

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MAKERS = [make_article, make_condition, make_treatment, make_information_page]


@pytest.mark.parametrize("make", MAKERS)
def test_draft_says_nothing_to_the_staff_who_read_it(
    staff: Callable[[str], Client], make: Any
) -> None:
    page = make(published_at=None)
    response = staff("Editor").get(page.get_absolute_url())
    assert response.status_code == 200
    assert document(response.content) is None


@pytest.mark.parametrize("make", MAKERS)
def test_withdrawn_page_says_nothing(client: Client, make: Any) -> None:
    gone = timezone.now() - timedelta(hours=1)
    page = make(withdrawn_at=gone, withdrawal_reason="Out of date")
    response = client.get(page.get_absolute_url())
    assert response.status_code == 410
    assert document(response.content) is None


def test_shared_version_says_nothing(client: Client) -> None:
    make_clinic()
    page = make_condition()
    version = make_version(page, summary="Only a draft.")
    editor: User = make_user("Editor")
    link = workflow.share(page, version, editor, invited="Dr Out", days=3)
    response = client.get(address_of(link))
    assert "Only a draft." in response.content.decode()
    assert document(response.content) is None


@pytest.mark.parametrize(
    "url",
    [
        "/no-such/", "/conditions/no-such/", "/articles/?page=99", "/is-needling-suitable/",
        "/contact/received/", "/contact/received/?ref=no", "/contact/your-enquiry/no/",
        "/practitioners/?day=monday",
    ],
)  # fmt: skip
def test_page_that_is_not_for_finding_says_nothing(client: Client, url: str) -> None:
    make_clinic()
    make_information_page(slug="privacy")
    response = client.get(url)
    assert "</html>" in response.content.decode()
    assert document(response.content) is None


def test_form_that_comes_back_with_mistakes_says_nothing(client: Client) -> None:
    make_clinic()
    assert document(client.get("/contact/").content) is not None
    response = client.post("/contact/", {"name": "Pat"})
    assert response.status_code == 422
    assert document(response.content) is None


HOSTILE = "</script><script>alert(1)</script><!-- & “quoted” \\ \u2028"


def test_no_text_ends_the_block(client: Client) -> None:
    make_clinic(name=HOSTILE)
    page = make_condition(name=HOSTILE[:65], author=make_practitioner(name=HOSTILE))
    make_faq(page, question=HOSTILE)
    html = client.get(page.get_absolute_url()).content.decode()
    (block,) = BeautifulSoup(html, "html.parser").find_all("script")
    assert block["type"] == "application/ld+json"
    assert not set("<>&") & set(block.get_text())
    said = nodes(html)
    assert said["MedicalClinic"]["name"] == HOSTILE
    assert said["FAQPage"]["mainEntity"][0]["name"] == HOSTILE
