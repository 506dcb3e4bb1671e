"""The site's own drawings: the files, the words that stand for them, what a reader gets."""

import gzip
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

from publishing.completions import complete
from publishing.illustrations import illustrations
from publishing.markdown import mistakes, render
from publishing.page_checks.text_of import blocks
from tests.publishing.markup import find, parse, trouble

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MOST_BYTES = 8_000
NEEDLES = "needle-session"
SVG = "{http://www.w3.org/2000/svg}"
FOLDER = Path(settings.BASE_DIR) / "static" / "img" / "illustrations"
FILES = sorted(FOLDER.glob("*"))


def test_every_file_belongs_to_a_drawing_and_every_drawing_has_both_files() -> None:
    wanted = {f"{key}{end}.svg" for key in illustrations() for end in ("", "-narrow")}
    assert {path.name for path in FILES} == wanted


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_is_light_and_whole_in_itself(path: Path) -> None:
    content = path.read_bytes()
    assert len(gzip.compress(content, 9)) <= MOST_BYTES
    root = ElementTree.fromstring(content)  # noqa: S314  (our own file)
    elements = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert elements <= {
        "svg", "title", "desc", "style", "defs", "clipPath", "g", "use", "path", "rect", "circle",
        "text",
    }  # fmt: skip
    # Nothing from elsewhere, nothing that runs, no picture made of dots.
    references = re.findall(rb"(?:href=\"|url\()([^\")]*)", content)
    assert [each for each in references if not each.startswith(b"#")] == []
    assert re.search(rb"\son\w+=|javascript:|data:|@import|<!|<\?", content) is None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_says_in_words_what_it_shows_in_its_own_size(path: Path) -> None:
    drawing = illustrations()[path.stem.removesuffix("-narrow")]
    width, height = drawing.narrow if path.stem.endswith("-narrow") else drawing.wide
    root = ElementTree.fromstring(path.read_bytes())  # noqa: S314  (our own file)
    assert root.get("viewBox") == f"0 0 {width} {height}"
    assert root.get("role") == "img"
    named = {each.get("id"): each.text for each in root if each.get("id")}
    assert [named[key] for key in (root.get("aria-labelledby") or "").split()] == [
        drawing.title,
        " ".join(drawing.lines),
    ]
    # It is drawn on paper of its own, so that it is seen on any page, and that paper darkens.
    paper = next(each for each in root if each.tag == f"{SVG}rect")
    assert (paper.get("width"), paper.get("height")) == (str(width), str(height))
    assert "prefers-color-scheme:dark" in (root.findtext(f"{SVG}style") or "")


@pytest.mark.parametrize("key", sorted(illustrations()))
def test_key_becomes_a_figure_with_all_that_it_says_in_words(key: str) -> None:
    html = render(f"Before.\n\n[illustration:{key}]\n\nAfter.")
    drawing = illustrations()[key]
    figure = find(html, "figure")
    source, drawn = find(str(figure), "source"), find(str(figure), "img")
    assert source["srcset"] == f"/static/img/illustrations/{key}-narrow.svg"
    assert (source["width"], source["height"]) == tuple(map(str, drawing.narrow))
    assert str(source["media"]).startswith("(max-width")
    assert drawn["src"] == f"/static/img/illustrations/{key}.svg"
    assert (drawn["width"], drawn["height"]) == tuple(map(str, drawing.wide))
    assert (drawn["alt"], drawn["loading"]) == (drawing.title, "lazy")
    assert drawing.title in find(html, "figcaption summary").get_text()
    lines = parse(html).select(f"figcaption details > {'ol' if drawing.are_steps else 'ul'} > li")
    assert tuple(line.get_text() for line in lines) == drawing.lines
    assert trouble(html) == []


def test_text_may_give_a_drawing_other_words_and_a_caption() -> None:
    html = render(f'![Our own way](illustration:{NEEDLES} "As we do it.")')
    assert find(html, "img")["alt"] == "Our own way"
    assert find(html, "figcaption").get_text().startswith("As we do it.")
    assert find(html, "figcaption details")


def test_drawing_inside_a_line_keeps_the_line_whole() -> None:
    html = render(f"See [illustration:{NEEDLES}] here.")
    assert parse(html).select("figure, figcaption, details") == []
    assert find(html, "p img")["alt"] == illustrations()[NEEDLES].title


def test_drawing_that_has_gone_leaves_its_place() -> None:
    assert find(render("[illustration:gone]"), "figure .figure__missing")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("[illustration:gone]", "there is no drawing “gone”. Use one of: first-visit,"),
        (f"See [illustration:{NEEDLES}] here.", "on a line of its own"),
    ],
)
def test_mistake_is_refused_with_its_line(typed: str, says: str) -> None:
    (mistake,) = mistakes(f"One.\n\n{typed}")
    assert mistake.line == 3
    assert says in mistake.message


def test_key_on_its_own_line_is_no_mistake() -> None:
    assert mistakes(f"One.\n\n[illustration:{NEEDLES}]\n\nTwo.") == []


def test_editor_offers_drawings_by_key_and_title() -> None:
    assert [key for key, _ in complete("[illustration:", "")] == list(illustrations())
    assert complete("[illustration:", "Needling five") == [
        (NEEDLES, illustrations()[NEEDLES].title)
    ]
    assert complete("[illustration:", "nothing of the kind") == []


def test_whoever_judges_words_does_not_meet_the_key() -> None:
    words = [block.text for block in blocks(f"One.\n\n[illustration:{NEEDLES}]\n\nTwo.")]
    assert "illustration" not in " ".join(words)
