"""Pictures placed in Markdown: what a reader gets, and what is refused on saving."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publishing.fields import validate_markdown
from publishing.markdown import mistakes, render, render_document
from publishing.models import Image
from publishing.pictures import MAX_ALT, PLACEHOLDER
from publishing.templatetags.pictures import picture
from tests.factories import make_image
from tests.publishing.markup import find, parse, trouble

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def image() -> Image:
    return make_image(
        renditions=[
            ["full", 400, 267, "full-400-aaaaaaaaaaaa.avif"],
            ["full", 1120, 747, "full-1120-bbbbbbbbbbbb.avif"],
            ["full", 800, 533, "full-800-cccccccccccc.avif"],
            ["full", 800, 533, "full-800-dddddddddddd.jpg"],
            ["card", 720, 480, "card-720-eeeeeeeeeeee.avif"],
            ["card", 720, 480, "card-720-ffffffffffff.jpg"],
        ]
    )


def test_picture_on_its_own_is_a_figure_with_a_caption(image: Image) -> None:
    html = render(
        f'Before.\n\n![A hand holding a needle](image:{image.pk} "It is thin.")\n\nAfter.'
    )
    figure = find(html, "figure")
    assert find(str(figure), "img")["alt"] == "A hand holding a needle"
    assert find(str(figure), "figcaption.figure__caption").get_text() == "It is thin."
    assert figure.find_parent("p") is None


def test_picture_offers_every_format_and_width_with_its_size(image: Image) -> None:
    html = render(f"![A knee](image:{image.pk})")
    folder = f"/media/images/{image.digest}"
    [source] = parse(html).find_all("source")
    assert source["type"] == "image/avif"
    assert source["srcset"] == (
        f"{folder}/full-400-aaaaaaaaaaaa.avif 400w, {folder}/full-800-cccccccccccc.avif 800w,"
        f" {folder}/full-1120-bbbbbbbbbbbb.avif 1120w"
    )
    assert source["sizes"]
    fallback = find(html, "img")
    assert fallback["src"] == f"{folder}/full-800-dddddddddddd.jpg"
    assert (fallback["width"], fallback["height"]) == ("800", "533")
    assert (fallback["loading"], fallback["decoding"]) == ("lazy", "async")
    assert trouble(html) == []


def test_picture_without_any_rendition_is_shown_whole() -> None:
    image = make_image()
    html = render(f"![A knee](image:{image.pk})")
    assert parse(html).find_all("source") == []
    shown = find(html, "img")
    assert shown["src"] == f"/media/images/{image.digest}/original.webp"
    assert (shown["width"], shown["height"]) == ("1200", "800")


def test_decorative_picture_has_an_empty_description(image: Image) -> None:
    for typed in ("decorative", "Decorative", " DECORATIVE "):
        assert find(render(f"![{typed}](image:{image.pk})"), "img")["alt"] == ""


def test_description_may_hold_any_sign(image: Image) -> None:
    html = render(f"![\"A\" & <b> 'é' 腰](image:{image.pk})")
    assert find(html, "img")["alt"] == "\"A\" & <b> 'é' 腰"
    assert trouble(html) == []


@pytest.mark.parametrize(
    "text",
    [
        'Words ![A knee](image:{pk} "Bent.") more words.',
        '- ![A knee](image:{pk} "Bent.")\n- more',
        '| a |\n|---|\n| ![A knee](image:{pk} "Bent.") |',
        '## ![A knee](image:{pk} "Bent.")',
        '[![A knee](image:{pk} "Bent.")](/x/)',
        '**![A knee](image:{pk} "Bent.")**',
    ],
)
@pytest.mark.parametrize("exists", [True, False])
def test_picture_inside_a_line_keeps_the_line_whole(image: Image, text: str, exists: bool) -> None:
    """A browser ends a paragraph where a figure begins: a line holds only what may stand in one."""
    pk = image.pk if exists else image.pk + 1
    html = render(text.format(pk=pk))
    assert parse(html).select("figure, figcaption, span p") == []
    assert parse(html).select("p:empty") == []
    assert find(html, "span.figure__caption").get_text() == "Bent."
    assert len(parse(html).select("img" if exists else ".figure__missing")) == 1


def test_picture_that_has_gone_leaves_its_description(image: Image) -> None:
    text = f"![A knee](image:{image.pk})"
    image.delete()
    assert find(render(text), "figure .figure__missing").get_text() == "[Picture missing: A knee]"


@pytest.mark.parametrize(
    "target", ["image:0", "image:²", "image:" + "9" * 5000, "image:", "image:x", "other:1", "x.jpg"]
)
def test_wrong_target_is_a_missing_picture_and_no_error(target: str) -> None:
    assert find(render(f"![A knee]({target})"), ".figure__missing")


def test_pictures_of_a_page_are_fetched_with_one_query() -> None:
    images = [make_image() for _ in range(4)]
    parts = {f"part-{each.pk}": f"![A knee](image:{each.pk})\n\n" * 3 for each in images}
    with CaptureQueriesContext(connection) as queries:
        document = render_document(parts, heading_level=3)
    assert len(queries) == 1
    assert sum(html.count("<img") for html in document.parts.values()) == 12


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("![](image:{pk})", "say in the square brackets what the picture shows"),
        ("![ ](image:{pk})", "say in the square brackets what the picture shows"),
        (f"![{PLACEHOLDER}](image:{{pk}})", "say in the square brackets what the picture shows"),
        ("![describe this picture: a knee](image:{pk})", "say in the square brackets"),
        ("![" + "a" * (MAX_ALT + 1) + "](image:{pk})", f"has {MAX_ALT + 1} characters"),
        ("![Image of a knee](image:{pk})", "leave out “image of”"),
        ("![A photograph of a knee](image:{pk})", "leave out “image of”"),
        ("![IMG_2041.JPG](image:{pk})", "is a file name"),
        ('![A bent knee](image:{pk} "a bent knee.")', "the caption repeats the description"),
        ("![A knee](image:999999)", "there is no picture number 999999"),
        ("![A knee](image:²)", "there is no picture number ²"),
        ("![A knee](image:" + "9" * 5000 + ")", "there is no picture number 999"),
        ("![A knee](image:abc)", "there is no picture number abc"),
        ("![A knee](https://example.org/knee.jpg)", "pictures from other websites"),
        ("![A knee](/media/images/knee.jpg)", "pictures from other websites"),
        ("![A knee](data:image/png;base64,AAAA)", "pictures from other websites"),
        ("![A knee]()", "pictures from other websites"),
        ("![Steps](illustration:unknown)", "there is no drawing “unknown”. Use one of: first"),
        ("![](illustration:needle-session)", "say in the square brackets what the picture shows"),
        ("![A [bent] knee](image:{pk})", "write a picture on one line"),
        ("![A\nknee](image:{pk})", "write a picture on one line"),
        ("![A knee](<image:{pk}>)", "pictures from other websites"),
        ("![A knee](image:{pk} 'Bent.')", "write a picture on one line"),
        ("![A knee][1]\n\n[1]: image:{pk}", "write a picture on one line"),
    ],
)
def test_mistake_is_refused_with_its_line(image: Image, typed: str, says: str) -> None:
    text = "One.\n\nTwo.\n\n" + typed.format(pk=image.pk)
    (mistake,) = mistakes(text)
    assert mistake.line == 5
    assert says in mistake.message
    with pytest.raises(ValidationError, match=r"^\['Line 5: "):
        validate_markdown(text)


@pytest.mark.parametrize(
    "typed",
    [
        "![A knee](image:{pk})",
        "![decorative](image:{pk})",
        '![A knee](image:{pk} "Bent to a right angle.")',
        "![" + "a" * MAX_ALT + "](image:{pk})",
        "![Imaging of the back](image:{pk})",
        "![Steps](illustration:needle-session)",
        "Stop![^1] Really![@ng59]\n\n[^1]: Yes.",
    ],
)
def test_picture_with_a_decision_is_no_mistake(image: Image, typed: str) -> None:
    found = [each for each in mistakes(typed.format(pk=image.pk)) if "source" not in each.message]
    assert found == []


def test_every_mistake_is_named_in_order_of_lines(image: Image) -> None:
    text = f"![](image:999999)\n\n![Image of x](image:{image.pk})\n\n[a](b)\n\n![][x]"
    assert [mistake.line for mistake in mistakes(text)] == [1, 3, 5, 7]


def test_tag_prints_a_crop_with_its_size(image: Image) -> None:
    html = picture(image=image, alt='A "face" & <b>', crop="card", sizes="320px")
    shown = find(html, "img")
    assert shown["alt"] == 'A "face" & <b>'
    assert shown["src"] == f"/media/images/{image.digest}/card-720-ffffffffffff.jpg"
    assert (shown["width"], shown["height"]) == ("720", "480")
    assert {each["sizes"] for each in parse(html).find_all("source")} == {"320px"}


def test_tag_loads_at_once_only_what_readers_see_first(image: Image) -> None:
    later = find(picture(image=image, alt=""), "img")
    assert (later["loading"], "fetchpriority" in later.attrs) == ("lazy", False)
    at_once = find(picture(image=image, alt="", eager=True), "img")
    assert {"loading", "fetchpriority"}.isdisjoint(at_once.attrs)
    leading = find(picture(image=image, alt="", leads=True), "img")
    assert (leading["fetchpriority"], "loading" in leading.attrs) == ("high", False)
