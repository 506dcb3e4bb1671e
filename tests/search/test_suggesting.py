"""The page for an address that leads nowhere names pages that it may have meant."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.factories import make_article, make_clinic, make_condition
from tests.search.conftest import Committed

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def site(committed: Committed) -> None:
    with committed():
        make_clinic()
        make_condition(name="Sore quokka", also_known_as=["wombat"])
        make_article(title="Secret quokka", published_at=None)


def suggested(client: Client, url: str) -> list[str]:
    response = client.get(url)
    assert response.status_code == 404
    soup = BeautifulSoup(response.content, "html.parser")
    return [link.get_text() for link in soup.select("#suggestions + ul a")]


@pytest.mark.parametrize(
    "url",
    [
        "/sore-quokka/",
        "/conditions/quoka/",
        "/help/Sore_Quokka.html",
        "/leaflets/quokka.htm",
        "/wombat/",
        "/sore%20quokka/",
        "/articles/sore+quokka/",
    ],
)
def test_words_of_the_address_lead_to_a_page(client: Client, url: str) -> None:
    found = suggested(client, url)
    assert "Sore quokka" in found
    assert "Secret quokka" not in found


@pytest.mark.parametrize(
    "url",
    [
        "/wp-login.php",
        "/wp-quokka/",
        "/.env",
        "/quokka.php",
        "/quokka.jpg",
        "/.git/quokka",
        "/static/quokka/",
        "/contact/your-enquiry/quokka/",
        "/quokka@example.org/",
        f"/quokka-{'x' * 200}/",
        "/nowhere/?q=quokka",
        "/qu%00okka/",
        "/%ff%fe/",
        "/xyzzy/",
    ],
)
def test_nothing_is_suggested_where_no_reader_looks(client: Client, url: str) -> None:
    assert suggested(client, url) == []


def test_a_few_are_enough(client: Client, committed: Committed) -> None:
    with committed():
        for number in range(9):
            make_article(title=f"Numbat {number}")
    assert len(suggested(client, "/numbat/")) == 3
