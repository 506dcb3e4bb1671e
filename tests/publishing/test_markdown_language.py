"""What an editor can write, and what a reader gets for it."""

import pytest

from publishing.markdown import CALL_OUTS, mistakes, render, render_document
from tests.publishing.markup import find, parse, text_of

# The glossary is looked up for every text.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_text_headings_start_at_level_two_whatever_is_typed() -> None:
    html = render("# One\n\n## Two\n\n### Three")
    assert [each.name for each in parse(html).find_all(["h1", "h2", "h3", "h4"])] == [
        "h2",
        "h3",
        "h4",
    ]


def test_headings_of_a_section_start_one_level_below_its_own() -> None:
    parts = render_document({"overview": "# One\n\n## Two"}, heading_level=3).parts
    assert [each.name for each in parse(parts["overview"]).find_all(["h2", "h3", "h4"])] == [
        "h3",
        "h4",
    ]


@pytest.mark.parametrize("marks", ["#", "##", "###", "######"])
def test_first_heading_has_the_level_of_its_place(marks: str) -> None:
    assert find(render(f"{marks} Only"), "h2").get_text() == "Only"


def test_no_heading_level_is_skipped() -> None:
    html = render("## A\n\n##### B\n\n###### C\n\n## D")
    assert [each.name for each in parse(html).find_all(["h2", "h3", "h4", "h5", "h6"])] == [
        "h2",
        "h3",
        "h4",
        "h2",
    ]


def test_underlined_headings_are_headings_too() -> None:
    assert find(render("Words\n====="), "h2").get_text() == "Words"


def test_headings_for_a_contents_list_carry_plain_text_and_the_anchor() -> None:
    document = render_document({"body": '## Tom & "Jo" <b>\n\n### *Why*?'}, heading_level=2)
    first, second = document.headings["body"]
    assert (first.level, first.text) == (2, 'Tom & "Jo" <b>')
    assert (second.level, second.text) == (3, "Why?")
    ids = {each["id"] for each in parse(document.parts["body"]).find_all(["h2", "h3"])}
    assert ids == {first.anchor, second.anchor}


def test_repeated_headings_have_anchors_of_their_own() -> None:
    html = render("## Rest\n\n## Rest\n\n## !?\n\n## …")
    ids = [each["id"] for each in parse(html).find_all("h2")]
    assert len(set(ids)) == 4
    assert all(ids)


def test_same_heading_in_two_parts_has_two_anchors() -> None:
    parts = render_document({"overview": "## Rest", "self_care": "## Rest"}, heading_level=3).parts
    assert find(parts["overview"], "h3")["id"] == "overview-rest"
    assert find(parts["self_care"], "h3")["id"] == "self-care-rest"


def test_footnotes_of_two_parts_do_not_share_addresses() -> None:
    text = "A claim.[^1]\n\n[^1]: The note."
    parts = render_document({"overview": text, "causes": text}, heading_level=3).parts
    for html in parts.values():
        soup = parse(html)
        note = soup.select_one(".footnote li")
        mark = soup.select_one("sup")
        assert note is not None
        assert mark is not None
        assert soup.select_one("a.footnote-ref")["href"] == f"#{note['id']}"
        assert soup.select_one("a.footnote-backref")["href"] == f"#{mark['id']}"
    ids = [each["id"] for html in parts.values() for each in parse(html).find_all(id=True)]
    assert len(ids) == len(set(ids)) == 4


def test_footnote_number_is_the_number_of_its_note() -> None:
    soup = parse(render("One.[^b] Two.[^a]\n\n[^a]: Note A.\n\n[^b]: Note B."))
    notes = [note["id"] for note in soup.select(".footnote li")]
    for mark in soup.select("a.footnote-ref"):
        position = notes.index(mark["href"].removeprefix("#")) + 1
        assert mark.get_text() == str(position)


def test_same_page_rendered_twice_has_the_same_addresses() -> None:
    text = "# A\n\nOne.[^1]\n\n[^1]: Note."
    assert render(text) == render(text)


def test_table_stands_in_a_box_that_scrolls_and_can_be_reached() -> None:
    html = render("| Sign | What to do |\n|---|---|\n| Numb | Call |")
    box = find(html, ".table-scroll")
    assert (box["tabindex"], box["role"]) == ("0", "region")
    assert box["aria-label"]
    assert box.find("table") is not None
    assert [each["scope"] for each in box.find_all("th")] == ["col", "col"]


def test_table_with_an_empty_corner_has_row_headings() -> None:
    soup = parse(render("| | Before | After |\n|---|---|---|\n| Pain | 7 | 3 |\n| Sleep | 4 | 6 |"))
    assert [(each.get_text(), each["scope"]) for each in soup.find_all("th")] == [
        ("Before", "col"),
        ("After", "col"),
        ("Pain", "row"),
        ("Sleep", "row"),
    ]


@pytest.mark.parametrize("kind", sorted(CALL_OUTS))
def test_call_out_has_its_kind_title_and_text(kind: str) -> None:
    box = find(render(f'!!! {kind} "A title"\n    The text.'), ".call-out")
    assert f"call-out--{kind}" in box["class"]
    title = box.select_one(".call-out__title")
    assert title is not None
    assert title.get_text().endswith("A title")
    assert box.find_all("p")[-1].get_text() == "The text."


def test_call_out_of_unknown_kind_is_a_note() -> None:
    assert "call-out--note" in find(render("!!! danger\n    x"), ".call-out")["class"]


def test_call_out_can_do_without_a_title() -> None:
    box = find(render('!!! note ""\n    The text.'), ".call-out--note")
    assert box.get_text(strip=True) == "The text."


@pytest.mark.parametrize(("kind", "title"), [("do", "Do"), ("dont", "Don’t")])
def test_lists_of_what_to_do_and_not_name_themselves(kind: str, title: str) -> None:
    box = find(render(f"!!! {kind}\n    - walk\n    - rest"), ".call-out")
    heading = box.select_one(".call-out__title")
    assert heading is not None
    assert heading.get_text() == title
    assert [each.get_text() for each in box.find_all("li")] == ["walk", "rest"]


def test_warning_says_so_to_those_who_do_not_see_its_colour() -> None:
    title = find(render('!!! warning "Do not drive"\n    x'), ".call-out__title")
    assert title.get_text() == "Important: Do not drive"
    assert find(str(title), ".visually-hidden").get_text() == "Important: "


def test_warning_that_says_important_itself_says_it_once() -> None:
    title = find(render('!!! warning "Important: rest"\n    x'), ".call-out__title")
    assert title.get_text() == "Important: rest"


def test_abbreviation_is_explained_wherever_it_stands() -> None:
    html = render("The NHS says. Ask the NHS.\n\n*[NHS]: National Health Service")
    assert [each["title"] for each in parse(html).find_all("abbr")] == [
        "National Health Service",
        "National Health Service",
    ]


def test_definition_list() -> None:
    soup = parse(render("Acute\n:   Up to six weeks.\n\nChronic\n:   Longer than twelve weeks."))
    assert [each.get_text() for each in soup.select("dl > dt")] == ["Acute", "Chronic"]
    assert [each.get_text().strip() for each in soup.select("dl > dd")] == [
        "Up to six weeks.",
        "Longer than twelve weeks.",
    ]


def test_list_that_starts_at_three_counts_from_three() -> None:
    assert find(render("3. c\n4. d"), "ol")["start"] == "3"


@pytest.mark.parametrize(
    "address",
    ["https://www.nice.org.uk/guidance/ng59", "http://example.org", "HTTPS://Example.org"],
)
def test_link_to_another_site_is_marked(address: str) -> None:
    link = find(render(f"[words]({address})"), "a")
    assert link["href"].lower().rstrip("/") == address.lower()
    assert "external-link" in link["class"]
    assert link["rel"] == ["external", "noreferrer"]


@pytest.mark.parametrize(
    "address",
    [
        "/conditions/back-pain/",
        "#rest",
        "?page=2",
        "mailto:desk@example.org",
        "tel:+441632960123",
        "http://localhost/contact/",
    ],
)
def test_link_that_stays_here_is_not_marked(address: str) -> None:
    link = find(render(f"[words]({address})"), "a")
    assert link["href"] == address
    assert "class" not in link.attrs
    assert "rel" not in link.attrs


@pytest.mark.parametrize(
    "address", ["conditions/back-pain/", "www.example.org", "//example.org", "http://["]
)
def test_link_that_leads_nowhere_is_refused_with_its_line(address: str) -> None:
    (mistake,) = mistakes(f"One.\n\nTwo [words]({address}).")
    assert mistake.line == 3
    assert address in mistake.message


def test_links_that_lead_somewhere_are_no_mistake() -> None:
    assert mistakes("[a](/x/) [b](https://x.example) [c](#d) [e](mailto:f@x.example) [g]") == []


def test_text_without_markup_is_a_paragraph() -> None:
    assert render("Back pain is common.") == "<p>Back pain is common.</p>"


def test_empty_text_renders_to_nothing() -> None:
    assert render("") == render("  \n\t\n") == ""


def test_characters_of_any_language_stay() -> None:
    text = "Żółć, ألم الظهر, 腰痛, 👩‍👧, “quoted” – dash…"
    assert text_of(render(text)) == text
