"""Every picture has words that stand for it, and say what it shows."""

import pytest

from publishing.checks import findings_in
from publishing.models import Image
from publishing.page_checks.pictures import lead_picture, pictures_in_text
from tests.factories import make_image
from tests.publishing.candidates import article, places, words


def lead(alt: str = "", *, role: str = "describes", caption: str = "") -> list[tuple[str, str]]:
    """Return level and field of what is found on a lead picture called “Clinic room”."""
    candidate = article(
        lead_image=Image(pk=7, title="Clinic room"),
        lead_image_role=role,
        lead_image_alt=alt,
        lead_image_caption=caption,
    )
    return [(finding.level.value, finding.field) for finding in lead_picture(candidate)]


def test_an_undecided_lead_picture_stops_the_page() -> None:
    assert lead(role="") == [("error", "lead_image_role")]


def test_a_lead_picture_that_shows_something_is_described() -> None:
    assert lead() == [("error", "lead_image_alt")]
    assert lead("A room with a couch and two chairs.") == []
    assert lead(role="decorative") == []
    assert list(lead_picture(article())) == []


@pytest.mark.parametrize(
    ("alt", "level"),
    [
        ("IMG_1234.jpg", "error"),
        ("IMG_1234", "error"),
        ("clinic-room-2.png", "error"),
        ("clinic room.", "warning"),
        ("clinic-room", "warning"),
        ("Image of a couch.", "warning"),
        ("A photo showing a couch.", "warning"),
        ("A couch. " * 20, "hint"),
    ],
)
def test_poor_descriptions_are_found(alt: str, level: str) -> None:
    assert lead(alt) == [(level, "lead_image_alt")]


def test_a_caption_says_something_else() -> None:
    assert lead("A couch.", caption="a couch") == [("warning", "lead_image_alt")]


@pytest.mark.parametrize(
    "title", ["knee_brace-side.JPG", "Knee brace side", "knee-brace side.webp"]
)
@pytest.mark.parametrize("alt", ["Knee brace side.", "knee-brace-side"])
def test_the_name_of_the_file_as_words_describes_nothing(title: str, alt: str) -> None:
    candidate = article(
        lead_image=Image(pk=7, title=title), lead_image_role="describes", lead_image_alt=alt
    )
    assert [each.level.value for each in lead_picture(candidate)] == ["warning"]


@pytest.mark.django_db
def test_pictures_in_the_text_are_looked_at_in_the_same_way() -> None:
    image = make_image(title="Needles")
    text = "\n\n".join(
        [
            f'![A tray.](image:{image.pk} "Each is used once.")',
            f"![decorative](image:{image.pk})",
            f"![needles](image:{image.pk})",
            f'![A tray.](image:{image.pk} "a tray!")',
            f"![DSC_0042](image:{image.pk})",
            f"![Photo showing a tray.](image:{image.pk})",
        ]
    )
    assert places(pictures_in_text, article(text)) == [
        ("warning", "body", 5),
        ("warning", "body", 7),
        ("error", "body", 9),
        ("warning", "body", 11),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "picture",
    [
        '![A tray.](image:{pk} "a tray")',
        "![](image:{pk})",
        "![tray.jpg](image:{pk})",
        "![Image of a tray.](image:{pk})",
        "![A gap.](image:999999)",
        "![DESCRIBE THIS PICTURE, or write decorative](illustration:needle-session)",
        "![" + "A tray. " * 50 + "](image:{pk})",
    ],
)
def test_one_mistake_is_reported_once_and_stops_the_page(picture: str) -> None:
    text = f"Words.\n\n{picture.format(pk=make_image(title='Needles').pk)}"
    found = [each for each in findings_in(article(text, faqs=[("Why?", text)])) if each.line == 3]
    assert [(each.level.value, each.field) for each in found] == [
        ("error", "body"),
        ("error", "faq-1"),
    ]


@pytest.mark.django_db
def test_pictures_in_answers_are_found_with_their_field() -> None:
    make_image(pk=1)
    candidate = article("Words.", faqs=[("What?", "So:\n\n![Photo showing a couch.](image:1)")])
    assert places(pictures_in_text, candidate) == [("warning", "faq-1", 3)]
    assert words(pictures_in_text, candidate) == ["Photo showing a couch."]
