"""So many of ten or of a hundred: the picture, its words, and that a source stands beside them."""

import re

import pytest
from bs4 import Tag

from publishing.completions import complete
from publishing.counts import spelled_out
from publishing.markdown import mistakes, render, render_document
from publishing.page_checks.text_of import blocks
from tests.factories import make_source
from tests.publishing.markup import find, parse, trouble

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

_BOX = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)z")


@pytest.fixture(autouse=True)
def source() -> None:
    make_source("src")


def places(picture: Tag, kind: str) -> list[tuple[int, int]]:
    """Return the places that one kind of sign fills, each by its left and upper edge."""
    (area,) = picture.select(f"path[fill$='{kind})']")
    boxes = [tuple(map(int, box)) for box in _BOX.findall(str(area["d"]))]
    return [(left + step, top) for left, top, wide, _, _ in boxes for step in range(0, wide, 10)]


@pytest.mark.parametrize("unit", ["people", "treatments", "sessions"])
@pytest.mark.parametrize(
    ("number", "total"), [(0, 10), (4, 10), (10, 10), (0, 100), (1, 100), (41, 100), (100, 100)]
)
def test_picture_shows_as_many_as_the_words_say(unit: str, number: int, total: int) -> None:
    html = render(f"- [{unit}:{number}/{total}] had it [@src]")
    count = find(html, "li > span.count")
    assert find(str(count), "strong").get_text() == f"{number} in {total} {unit}"
    picture = find(str(count), "svg")
    full, empty = places(picture, "yes"), places(picture, "no")
    assert (len(full), len(empty)) == (number, total - number)
    assert len(set(full + empty)) == total
    # All of them inside the picture, and the full ones first, in the order of reading.
    width, height = map(int, str(picture["viewbox"]).split()[2:])
    assert all(left < width and top < height for left, top in full + empty)
    assert sorted(full + empty, key=lambda place: (place[1], place[0])) == full + empty


def test_full_and_empty_differ_in_more_than_colour() -> None:
    html = render("[people:4/10] had it [@src]")
    assert find(html, "pattern[id$=yes]")["fill"] == "currentColor"
    assert find(html, "pattern[id$=no]")["fill"] == "none"


def test_picture_is_passed_over_and_the_words_are_read() -> None:
    html = render("[people:4/10] had it [@src]")
    assert find(html, "svg")["aria-hidden"] == "true"
    assert find(html, "p").get_text().startswith("4 in 10 people had it")
    assert trouble(html) == []


def test_parts_of_pictures_have_names_of_their_own_on_the_whole_page() -> None:
    text = "- [people:4/10] had it [@src]\n- [treatments:3/100] led to it [@src]"
    parts = render_document({"one": text, "two": text}, heading_level=2).parts
    html = "".join(parts.values())
    names = [str(each["id"]) for each in parse(html).select("pattern")]
    assert len(names) == len(set(names)) == 8
    used = set(re.findall(r"url\(#([^)]+)\)", html))
    assert used == set(names)


def test_picture_is_small() -> None:
    """A hundred people weigh no more than ten: signs are drawn once and repeated."""
    assert len(render("[people:41/100] had it [@src]")) < 3_000


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("[people:4/10] had it.", "say where [people:4/10] comes from"),
        ("[people:4/10] had it.\n[@src]", "say where [people:4/10] comes from"),
        ("[people:5/7] had it [@src]", "cannot be drawn"),
        ("[people:11/10] had it [@src]", "cannot be drawn"),
        ("[people:101/100] had it [@src]", "cannot be drawn"),
        ("[treatments:few] led to it [@src]", "cannot be drawn"),
    ],
)
def test_mistake_is_refused_with_its_line(typed: str, says: str) -> None:
    (mistake,) = mistakes(f"One.\n\n{typed}")
    assert mistake.line == 3
    assert says in mistake.message


def test_count_with_a_source_on_its_line_is_no_mistake() -> None:
    text = "- [people:4/10] had it [@src]\n\n| [treatments:3/100] | [@src] |\n|---|---|\n| a | b |"
    assert mistakes(text) == []


def test_link_that_begins_with_the_same_word_is_no_count() -> None:
    text = "[people: who we are](/people/)"
    assert mistakes(text) == []
    assert find(render(text), "a").get_text() == "people: who we are"


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_list_of_counts_is_named_so_that_they_stand_side_by_side(between: str) -> None:
    items = between.join(["- [people:4/10] had it [@src]", "- [people:3/10] had it [@src]"])
    html = render(f"{items}\n\nWords.\n\n1. One\n\nWords.\n\n- another\n- list")
    assert [each.get("class") for each in parse(html).select("ul")] == [["counts"], None]


def test_count_that_cannot_be_drawn_stays_as_it_was_typed() -> None:
    assert "[people:11/10]" in find(render("[people:11/10] had it"), "p").get_text()


def test_whoever_judges_words_reads_the_count() -> None:
    text = "[people:41/100] had it [@src], after [treatments:3/100]"
    assert spelled_out(text) == "41 in 100 people had it [@src], after 3 in 100 treatments"
    assert [block.text for block in blocks(text)] == [
        "41 in 100 people had it, after 3 in 100 treatments"
    ]


def test_editor_shows_how_a_count_is_written() -> None:
    assert [key for key, _ in complete("[people:", "")] == ["4/10", "41/100"]
    assert [key for key, _ in complete("[people:", "41")] == ["41/100"]
