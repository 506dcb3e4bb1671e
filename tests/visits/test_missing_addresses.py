"""The list of addresses that lead nowhere: lead one to a page, or take it off the list."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publishing import redirects
from publishing.models import AuditEntry
from tests.factories import make_article
from tests.visits.factories import make_missing_address
from visits.models import MissingAddress

pytestmark = [pytest.mark.django_db]

LIST = "/admin/visits/missingaddress/"
Staff = Callable[[str], Client]


def page(client: Client) -> BeautifulSoup:
    return BeautifulSoup(client.get(LIST).content, "html.parser")


def listed(client: Client) -> list[str]:
    cells = page(client).select("#result_list .field-path")
    return [cell.get_text(strip=True) for cell in cells]


def test_the_most_wanted_stand_first_with_how_often_and_when(staff: Staff) -> None:
    make_missing_address("/seldom/", times=2)
    make_missing_address("/often/", times=40)
    rows = [
        [row.select_one(f".field-{name}").get_text(strip=True) for name in ("path", "times")]
        for row in page(staff("Editor")).select("#result_list tbody tr")
    ]
    assert rows == [["/often/", "40"], ["/seldom/", "2"]]


def test_one_click_leads_to_the_form_with_the_address_filled_in(staff: Staff) -> None:
    make_missing_address("/bäck & knee/")
    editor = staff("Editor")
    link = page(editor).select_one("#result_list a.button")
    assert link is not None
    form = BeautifulSoup(editor.get(str(link["href"])).content, "html.parser")
    field = form.select_one("input[name=old_path]")
    assert field is not None
    assert field["value"] == "/bäck & knee/"
    editor.post(str(link["href"]), {"old_path": field["value"], "new_path": "/contact/"})
    assert redirects.destination("/bäck & knee/") == "/contact/"
    assert listed(editor) == []


def test_an_address_goes_when_a_page_answers_there(staff: Staff) -> None:
    make_missing_address("/articles/knees/")
    make_missing_address("/articles/category/knees/")
    draft = make_article(slug="knees", published_at=None)
    editor = staff("Editor")
    assert listed(editor) == ["/articles/category/knees/", "/articles/knees/"]
    draft.delete()
    make_article(slug="knees")
    assert listed(editor) == ["/articles/category/knees/"]


def test_an_address_that_nobody_needs_is_dismissed(staff: Staff) -> None:
    row = make_missing_address("/spam/")
    other = make_missing_address("/lost/")
    editor = staff("Editor")
    button = page(editor).select_one(f'button[formaction="{LIST}{row.pk}/dismiss/"]')
    assert button is not None
    assert button.find_parent("form", method="post") is not None
    assert button.get_text() == "Not needed: /spam/"
    editor.post(str(button["formaction"]))
    assert listed(editor) == [other.path]
    assert AuditEntry.objects.get(act="dismissed").target == "missing address: /spam/"


def test_looking_at_the_address_of_the_button_dismisses_nothing(staff: Staff) -> None:
    row = make_missing_address("/lost/")
    assert staff("Editor").get(f"{LIST}{row.pk}/dismiss/").status_code == 405
    assert staff("Editor").post(f"{LIST}999999/dismiss/").status_code == 404
    assert not MissingAddress.objects.get().is_dismissed


def test_who_may_see_and_dismiss(staff: Staff, client: Client) -> None:
    row = make_missing_address("/lost/")
    url = f"{LIST}{row.pk}/dismiss/"
    for role in ("Author", "Clinical reviewer", "Reception"):
        assert staff(role).get(LIST).status_code == 403, role
        assert staff(role).post(url).status_code == 403, role
    assert client.post(url).status_code == 302
    assert not MissingAddress.objects.get().is_dismissed
    assert staff("Manager").post(url).status_code == 302
    assert MissingAddress.objects.get().is_dismissed


def test_the_list_asks_no_more_for_eight_rows_than_for_one(staff: Staff) -> None:
    editor = staff("Editor")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(LIST).status_code == 200
        return len(queries)

    make_missing_address("/articles/lost/")
    one = count()
    for number in range(7):
        make_missing_address(f"/articles/lost-{number}/")
    assert count() == one
