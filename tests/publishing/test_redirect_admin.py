"""Redirects in the admin: added one by one with kind errors, or from a file after a dry run."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from publishing import redirects
from publishing.models import AuditEntry, Redirect
from tests.factories import make_article, make_condition

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

BASE = "/admin/publishing/redirect/"
IMPORT = f"{BASE}import/"
Staff = Callable[[str], Client]


@pytest.fixture
def editor(staff: Staff) -> Client:
    return staff("Editor")


def told(client: Client, old: str, new: str, url: str = f"{BASE}add/") -> str:
    """Send the form and return what the page that follows says, in words."""
    response = client.post(url, {"old_path": old, "new_path": new}, follow=True)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_a_redirect_is_added_and_readers_follow_it(editor: Client, client: Client) -> None:
    page = make_condition(slug="back-pain")
    words = told(editor, " http://localhost/back-leaflet ", page.get_absolute_url())
    assert "was added successfully" in words
    assert redirects.everything() == {"/back-leaflet/": "/conditions/back-pain/"}
    response = client.get("/back-leaflet/")
    assert (response.status_code, response["Location"]) == (301, "/conditions/back-pain/")
    entry = AuditEntry.objects.get(act="added")
    assert entry.target == "redirect: /back-leaflet/ → /conditions/back-pain/"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("", "/contact/", "This field is required."),
        ("old", "/contact/", "Begin with a slash"),
        ("/old/?a=b", "/contact/", "Leave out the part"),
        ("/admin/x/", "/contact/", "the software’s own"),
        ("https://example.org/", "/contact/", "another website"),
        ("/old/", "https://example.org/", "another website"),
        ("/contact/", "/articles/", "There is a page at the old address"),
        ("/articles/here/", "/contact/", "There is a page at the old address"),
        ("/old/", "/nowhere/", "There is no page that readers can see at /nowhere/."),
        ("/old/", "/articles/draft/", "There is no page that readers can see"),
        ("/old/", "/old/", "It would lead in a circle"),
        ("/taken/", "/contact/", "A redirect leads from /taken/ to /articles/ already."),
    ],
)
def test_what_makes_no_sense_is_refused_in_kind_words(
    editor: Client, old: str, new: str, why: str
) -> None:
    make_article(slug="here")
    make_article(slug="draft", published_at=None)
    redirects.add("/taken/", "/articles/")
    assert why in told(editor, old, new)
    assert redirects.everything() == {"/taken/": "/articles/"}


def test_a_circle_by_way_of_another_redirect_is_refused(editor: Client) -> None:
    Redirect.objects.create(old_path="/b/", new_path="/a/")
    assert "It would lead in a circle" in told(editor, "/a/", "/b/")


def test_chains_are_shortened_both_ways_and_it_is_said(editor: Client) -> None:
    redirects.add("/middle/", "/contact/")
    words = told(editor, "/a/", "/middle/")
    assert "/middle/ leads on to /contact/. The old address leads there at once." in words
    Redirect.objects.create(old_path="/first/", new_path="/second/")
    words = told(editor, "/second/", "/articles/")
    assert "Addresses that led to /second/ now lead to /articles/: 1." in words
    assert redirects.everything() == {
        "/middle/": "/contact/",
        "/a/": "/contact/",
        "/first/": "/articles/",
        "/second/": "/articles/",
    }


def test_a_redirect_is_changed_and_stays_the_same_row(editor: Client) -> None:
    redirects.add("/a/", "/contact/")
    row = Redirect.objects.get()
    told(editor, "/b/", "/articles/", f"{BASE}{row.pk}/change/")
    row.refresh_from_db()
    assert (row.old_path, row.new_path) == ("/b/", "/articles/")
    assert Redirect.objects.count() == 1
    assert AuditEntry.objects.get(act="changed").target == "redirect: /b/ → /articles/"


def test_a_redirect_may_be_turned_round(editor: Client) -> None:
    """Its own row, as it was, does not make a circle with what it becomes."""
    make_article(slug="a")
    Redirect.objects.create(old_path="/articles/a/", new_path="/articles/b/")
    told(editor, "/articles/b/", "/articles/a/", f"{BASE}{Redirect.objects.get().pk}/change/")
    assert redirects.everything() == {"/articles/b/": "/articles/a/"}


def test_redirects_are_found_and_deleted(editor: Client) -> None:
    redirects.add("/a/", "/contact/")
    redirects.add("/b/", "/articles/")
    page = editor.get(BASE, {"q": "/articles"}).content.decode()
    assert "/b/" in page
    assert "/contact/" not in page
    editor.post(f"{BASE}{Redirect.objects.get(old_path='/a/').pk}/delete/", {"post": "yes"})
    assert redirects.everything() == {"/b/": "/articles/"}
    assert AuditEntry.objects.get(act="deleted").target == "redirect: /a/ → /contact/"


# --- from a file ----------------------------------------------------------------------------------

TABLE = "old,new\n/a/,/contact/\n/b/,/a/\n/c/,/nowhere/\n"


def fields_of(page: bytes) -> dict[str, str]:
    """Return what the button that imports would send."""
    soup = BeautifulSoup(page, "html.parser")
    return {str(each["name"]): str(each["value"]) for each in soup.select("input[name=shown], "
            "input[name=text]")}  # fmt: skip


def test_a_file_is_shown_row_by_row_and_then_imported(editor: Client) -> None:
    file = SimpleUploadedFile("table.csv", TABLE.encode("utf-8-sig"))
    shown = editor.post(IMPORT, {"file": file})
    soup = BeautifulSoup(shown.content, "html.parser")
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in soup.select(".step-table tbody tr")
    ]
    assert [row[:3] for row in rows] == [
        ["1", "old", "new"],
        ["2", "/a/", "/contact/"],
        ["3", "/b/", "/a/"],
        ["4", "/c/", "/nowhere/"],
    ]
    assert [row[3].split(" /")[0] for row in rows] == [
        "Headings Taken for the names of the columns.",
        "New",
        "Shortened",
        "Leads nowhere (left out) There is no page that readers can see at",
    ]
    assert "Import 2 redirects" in soup.get_text(" ", strip=True).replace("\n", " ")
    assert redirects.everything() == {}
    response = editor.post(IMPORT, fields_of(shown.content))
    assert response["Location"] == BASE
    assert redirects.everything() == {"/a/": "/contact/", "/b/": "/contact/"}


def test_pasted_text_is_kept_when_it_is_refused(editor: Client) -> None:
    response = editor.post(IMPORT, {"text": "/a/,/contact/\n" * 5001})
    assert response.status_code == 422
    page = response.content.decode()
    assert "<title>Error: " in page
    assert "at most 5000 at a time" in page
    assert page.count("/a/,/contact/") == 5001
    assert "Import" not in BeautifulSoup(page, "html.parser").select("form")[-1].get_text()


def test_a_file_that_is_no_text_is_refused(editor: Client) -> None:
    response = editor.post(IMPORT, {"file": SimpleUploadedFile("table.xlsx", b"PK\x00\x01")})
    assert response.status_code == 422
    assert "Save the table as CSV" in response.content.decode()


def test_a_file_that_is_too_large_is_refused(editor: Client) -> None:
    response = editor.post(IMPORT, {"file": SimpleUploadedFile("t.csv", b"x" * 1_000_001)})
    assert response.status_code == 422
    assert "larger than 1 MB" in response.content.decode()


def test_what_changed_since_it_was_shown_is_shown_anew(editor: Client) -> None:
    shown = editor.post(IMPORT, {"text": TABLE})
    redirects.add("/a/", "/articles/")
    response = editor.post(IMPORT, fields_of(shown.content))
    page = response.content.decode()
    assert "Nothing was imported: something changed since you looked." in page
    assert "Until now it led to /articles/." in page
    assert redirects.everything() == {"/a/": "/articles/"}
    editor.post(IMPORT, fields_of(response.content))
    assert redirects.everything() == {"/a/": "/contact/", "/b/": "/contact/"}


def test_a_table_with_nothing_to_import_has_no_button(editor: Client) -> None:
    response = editor.post(IMPORT, {"text": "/c/,/nowhere/\n"})
    assert "There is nothing to import." in response.content.decode()
    assert fields_of(response.content) == {}


def test_what_was_typed_is_shown_as_text(editor: Client) -> None:
    page = editor.post(IMPORT, {"text": "/<script>alert(1)</script>,/contact/"}).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("Author", 403),
        ("Clinical reviewer", 403),
        ("Editor", 200),
        ("Reception", 403),
        ("Manager", 200),
    ],
)
def test_who_may_import(staff: Staff, role: str, status: int) -> None:
    client = staff(role)
    assert client.get(IMPORT).status_code == status
    assert client.post(IMPORT, {"text": TABLE}).status_code == status


def test_nobody_without_an_account_imports(client: Client) -> None:
    assert client.post(IMPORT, {"text": TABLE, "shown": "x"}).status_code == 302
    assert redirects.everything() == {}
