"""Pictures: the words that stand for them, at the head of a page and within its text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from publishing.checks import Candidate, Finding, Level, register_check
from publishing.images import without_extension
from publishing.models import Image, ImagePlacement
from publishing.page_checks.places import places
from publishing.page_checks.text_of import PlacedPicture, pictures
from publishing.pictures import DECORATIVE, PLACEHOLDER, picture_mistakes

MAX_ALT = 125  # letters: what the NHS asks for, and screen readers say in one breath
_FILE_NAME = re.compile(
    r"[\w\-.()]+\.(?:jpe?g|png|webp|avif|gif|heic|svg|tiff?)"
    r"|(?:img|dsc[nf]?|dcim|pxl|mvimg|image|picture|photo|screenshot|scan)[\s_-]?[\d_\-]+",
    re.IGNORECASE,
)
_SAYS_PICTURE = re.compile(
    r"(?:this\s+is\s+)?(?:an?\s+|the\s+)?(?:image|picture|photo|photograph|graphic)\s+(?:of|showing)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Words:
    """The words for one picture, with what they must not merely repeat."""

    alt: str
    caption: str
    title: str


def _problems(words: _Words) -> Iterator[tuple[Level, str, str]]:
    """Yield what is wrong with the words for a picture, each with its remedy."""
    if not words.alt or _same(words.alt, PLACEHOLDER) or "DESCRIBE THIS PICTURE" in words.alt:
        yield (
            Level.ERROR,
            "Nothing says what this picture shows.",
            "Describe it for readers who cannot see it, or say that it is decorative.",
        )
        return
    if _FILE_NAME.fullmatch(words.alt):
        yield (
            Level.ERROR,
            "This is the name of a file. A reader who cannot see the picture hears only that.",
            "Say what the picture shows.",
        )
    elif _same(_spoken(words.alt), _spoken(words.title)):
        yield (
            Level.WARNING,
            "The description is the picture’s name in our list, which was made to find it again.",
            "Say what the picture shows here, on this page.",
        )
    if _same(words.alt, words.caption):
        yield (
            Level.WARNING,
            "The caption repeats the description, so some readers hear it twice.",
            "Let the caption say something else, or leave it out.",
        )
    if _SAYS_PICTURE.match(words.alt):
        yield (
            Level.WARNING,
            "A screen reader says already that this is a picture.",
            "Begin with what it shows.",
        )
    if len(words.alt) > MAX_ALT:
        yield (
            Level.HINT,
            f"This description has {len(words.alt)} letters; up to {MAX_ALT} are easy to hear.",
            "Say the most important thing, and put the rest into the text.",
        )


def _spoken(name: str) -> str:
    """Return a name as words: pictures are often listed under the name of their file."""
    return re.sub(r"[-_\s]+", " ", without_extension(name))


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and _bare(one) == _bare(other)


def _bare(words: str) -> str:
    return " ".join(words.split()).rstrip(".!").casefold()


@register_check
def lead_picture(candidate: Candidate) -> Iterator[Finding]:
    """Look at the words for the picture at the head of a page."""
    page = candidate.page
    if not isinstance(page, ImagePlacement) or page.lead_image is None:
        return
    alt = (page.lead_image_alt or "").strip()
    if page.lead_image_role == ImagePlacement.AltRole.DECORATIVE:
        return
    if page.lead_image_role != ImagePlacement.AltRole.DESCRIBES:
        yield Finding(
            Level.ERROR,
            "lead_image_role",
            "",
            "Nobody has decided what this picture does.",
            "Say whether it shows something or is decorative.",
        )
    if not alt and not page.lead_image_role:
        return  # said already
    caption = (page.lead_image_caption or "").strip()
    for level, reason, mend in _problems(_Words(alt, caption, page.lead_image.title)):
        yield Finding(level, "lead_image_alt", alt[:60], reason, mend)


@register_check
def pictures_in_text(candidate: Candidate) -> Iterator[Finding]:
    """Look at the words for every picture that a text places."""
    found = [(place, each) for place in places(candidate) for each in pictures(place.text)]
    keys = {key for _, picture in found if (key := library_key(picture)) is not None}
    titles = dict(Image.objects.filter(pk__in=keys).values_list("pk", "title")) if keys else {}
    # What the form refuses is told already, as an error, by the check of mistakes.
    told = {
        (place.field, mistake.line)
        for place in {place.field: place for place, _ in found}.values()
        for mistake in picture_mistakes(place.text)
    }
    for place, picture in found:
        is_told = not place.is_markdown or (place.field, picture.line) in told
        if is_told or picture.alt.lower() == DECORATIVE:
            continue
        key = library_key(picture)
        title = titles.get(key, "") if key is not None else ""
        for level, reason, mend in _problems(_Words(picture.alt, picture.caption, title)):
            words = picture.alt[:60] or picture.target
            yield Finding(level, place.field, words, reason, mend, picture.line)


def library_key(picture: PlacedPicture) -> int | None:
    """Return the key of a picture that comes from the list of pictures."""
    match = re.fullmatch(r"image:([0-9]{1,18})", picture.target)
    return int(match[1]) if match else None
