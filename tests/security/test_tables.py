"""Tables that come in as files and go out for spreadsheets."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from publishing import redirects
from tests.factories import make_claim, make_clinic, make_condition, make_treatment
from tests.visits.factories import make_page_count

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ROOT = Path(__file__).resolve().parents[2]
IMPORT = "/admin/publishing/redirect/import/"
FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "|x", "%0A=1"]
Staff = Callable[[str], Client]


def cells(content: bytes) -> list[str]:
    text = content.decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def runs(cell: str) -> bool:
    return cell.lstrip(" ").startswith(("=", "+", "-", "@", "|", "%", "\t", "\r", "\n"))


def test_the_evidence_table_calculates_nothing(client: Client) -> None:
    for name in FORMULAS:
        make_claim(condition=make_condition(name=name), population=name, sentence=name)
    found = cells(client.get("/evidence/table.csv").content)
    assert [each for each in found if runs(each)] == []
    assert {f"'{name}" for name in FORMULAS} <= set(found)


def test_the_counts_of_readers_calculate_nothing(staff: Staff) -> None:
    make_clinic()
    page = make_treatment(name="=1+1")
    make_page_count(page.get_absolute_url())
    make_page_count("/=2+2/")
    found = cells(staff("Editor").get("/admin/visits/pagecount/counts.csv").content)
    assert "'=1+1" in found
    assert [each for each in found if runs(each)] == []


def test_every_table_for_a_spreadsheet_is_made_in_one_place() -> None:
    """The figures of enquiries are tried in tests/enquiries/test_figures.py."""
    makers = re.compile(r"csv\.(?:writer|DictWriter)|text/csv")
    folders = [each.parent for each in ROOT.glob("*/apps.py")]
    found = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for folder in folders
        for path in folder.rglob("*.py")
        if makers.search(path.read_text(encoding="utf-8"))
    }
    assert "components/spreadsheet.py" in found
    assert [name for name, text in found.items() if "spreadsheet" not in name + text] == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"/a/,/contact/\n" + b"x" * 200_000 + b",/b/\n", "cannot be read"),
        (b'"' + b"/a/,/contact/\n" * 20_000, "cannot be read"),
        (b"/a/\x00,/contact/\n", "This is no text"),
        ("/a/,/contact/\n".encode("utf-16"), "This is no text"),
        (b"\xff\xfe\x00\x00", "This is no text"),
        (b"PK\x03\x04" + b"\x00" * 100, "This is no text"),
        (b"\x1f\x8b\x08\x00" + b"\x00" * 100, "This is no text"),
        (b"/a/,/contact/\n" * 80_000, "1 MB"),
        (b",\n" * 10_000, "nothing in it"),
        (b"=HYPERLINK(1),/contact/\n/a/,@SUM(1)\n", "Begin with a slash"),
        (b"/old/,//evil.example/\n", "single slashes"),
        (b"/old/,/\\evil.example/\n", "single slashes"),
        (b"/old/,https://evil.example/\n", "another website"),
        (b"/old/,javascript:alert(1)\n", "Begin with a slash"),
    ],
)
def test_a_table_that_is_odd_or_hostile_is_refused_in_words(
    staff: Staff, content: bytes, words: str
) -> None:
    client = staff("Editor")
    response = client.post(IMPORT, {"file": SimpleUploadedFile("table.csv", content)})
    assert response.status_code in {200, 422}
    assert words in response.content.decode()
    assert redirects.everything() == {}
