"""What staff see of how often pages are read; readers see nothing of it."""

import csv
import io
from collections.abc import Callable

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.test import Client

from tests.factories import make_article, make_condition
from tests.visits.factories import make_page_count
from visits.chart import bar_chart

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

LIST = "/admin/visits/pagecount/"
Staff = Callable[[str], Client]


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel("2026-07-15T12:00:00Z", tick=False) as clock:
        yield clock


def rows_of(client: Client, url: str) -> list[list[str]]:
    """Return the cells of the table, without what a chart says."""
    soup = BeautifulSoup(client.get(url).content, "html.parser")
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in soup.select("#content-main tbody tr")
    ]


def test_pages_are_listed_with_their_titles_the_most_read_first(staff: Staff) -> None:
    page = make_condition(name="Back pain", slug="back-pain")
    for days_ago, times in ((0, 1), (6, 2), (7, 4), (29, 8), (30, 16), (364, 32), (365, 64)):
        make_page_count(page.get_absolute_url(), days_ago=days_ago, times=times)
    make_page_count("/contact/", times=14)
    make_page_count("/forgotten/", days_ago=365)
    client = staff("Author")
    condition = ["Back pain /conditions/back-pain/", "", "3", "15", "63"]
    contact = ["/contact/", "", "14", "14", "14"]
    assert rows_of(client, LIST) == [condition, contact]
    assert rows_of(client, f"{LIST}?by=week") == [contact, condition]
    assert rows_of(client, f"{LIST}?by=nonsense") == [condition, contact]


def test_long_lists_come_in_pages(staff: Staff) -> None:
    for number in range(101):
        make_page_count(f"/{number}/", times=1000 - number)
    client = staff("Author")
    assert len(rows_of(client, LIST)) == 100
    assert [row[0] for row in rows_of(client, f"{LIST}?p=2")] == ["/100/"]


def drawing(client: Client, url: str) -> Tag:
    found = BeautifulSoup(client.get(url).content, "html.parser").select("#content-main svg")
    assert len(found) == 1
    return found[0]


def test_each_row_has_a_drawing_that_says_in_words_what_it_shows(staff: Staff) -> None:
    make_page_count("/contact/", times=3)
    make_page_count("/contact/", days_ago=27, times=6)
    svg = drawing(staff("Author"), LIST)
    assert svg["role"] == "img"
    assert svg["aria-label"] == "Each day of the last 4 weeks: 9 in all, at most 6 at once"
    assert "M0 24v-24h3v24z" in str(svg)  # the oldest bar, the highest
    assert "M108 24v-12h3v12z" in str(svg)
    assert "style" not in str(svg)


@pytest.mark.parametrize(
    ("by", "number", "newest"),
    [
        ("day", 28, ["15 July 2026", "1"]),
        ("week", 26, ["13 July 2026", "3"]),
        ("month", 36, ["July 2026", "7"]),
        ("nonsense", 28, ["15 July 2026", "1"]),
    ],
)
def test_one_page_over_time(staff: Staff, by: str, number: int, newest: list[str]) -> None:
    for days_ago, times in ((0, 1), (2, 2), (3, 4), (15, 8)):
        make_page_count("/contact/", days_ago=days_ago, times=times)
    make_page_count("/other/", times=100)
    client, url = staff("Author"), f"{LIST}page/?path=/contact/&by={by}"
    rows = rows_of(client, url)
    assert len(rows) == number
    assert rows[0] == newest
    assert sum(int(times) for _, times in rows) == 15
    assert "15 in all" in drawing(client, url)["aria-label"]


def table(client: Client, url: str) -> list[list[str]]:
    response = client.get(url)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_counts_for_a_spreadsheet(staff: Staff) -> None:
    article = make_article(title="=Knees")
    make_page_count(article.get_absolute_url(), times=2)
    make_page_count("/contact/", days_ago=10, times=9)
    client = staff("Author")
    assert table(client, f"{LIST}counts.csv") == [
        ["address", "title", "last 7 days", "last 30 days", "last 365 days"],
        ["/contact/", "", "0", "9", "9"],
        [article.get_absolute_url(), "'=Knees", "2", "2", "2"],
    ]
    over_time = table(client, f"{LIST}page.csv?path=/contact/&by=week")
    assert over_time[0] == ["week from", "times"]
    assert over_time[-3:] == [["2026-06-29", "9"], ["2026-07-06", "0"], ["2026-07-13", "0"]]


def test_how_a_page_stands_shows_its_chart(staff: Staff) -> None:
    page = make_article()
    make_page_count(page.get_absolute_url(), times=5)
    make_page_count("/contact/", times=70)
    url = f"/admin/articles/article/{page.pk}/status/"
    editor = staff("Editor")
    assert drawing(editor, url)["aria-label"].startswith("Each day of the last 4 weeks: 5 in all")
    text = BeautifulSoup(editor.get(url).content, "html.parser").get_text(" ", strip=True)
    assert "5 times in the last 4 weeks." in text
    reviewer = BeautifulSoup(staff("Clinical reviewer").get(url).content, "html.parser")
    assert reviewer.select("#content-main svg") == []


@pytest.mark.parametrize("end", ["", "page/?path=/contact/", "page.csv?path=/", "counts.csv"])
def test_who_may_see_the_counts(staff: Staff, client: Client, end: str) -> None:
    for role, status in (("Author", 200), ("Editor", 200), ("Manager", 200), ("Reception", 403),
                         ("Clinical reviewer", 403)):  # fmt: skip
        assert staff(role).get(LIST + end).status_code == status, role
    assert client.get(LIST + end).status_code == 302


@pytest.mark.parametrize("path", ["", "%00", "nonsense", "/" + "x" * 3000, "%FF"])
def test_strange_addresses_were_never_read(staff: Staff, path: str) -> None:
    client = staff("Author")
    assert {row[1] for row in rows_of(client, f"{LIST}page/?path={path}")} == {"0"}


def test_readers_never_see_a_count(client: Client) -> None:
    page = make_article()
    make_page_count(page.get_absolute_url(), times=98765)
    assert "98765" not in client.get(page.get_absolute_url()).content.decode()


def test_a_chart_of_nothing() -> None:
    assert bar_chart([], "Never").words == "Never: none"
    assert bar_chart([0, 0], "Two days").drawing == ""


def test_the_smallest_bar_can_be_seen() -> None:
    assert "M0 24v-1h3v1z" in bar_chart([1, 10_000], "Two days").drawing
