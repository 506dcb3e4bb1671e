"""Pictures in Markdown: `![What it shows](image:12 "A caption.")`.

Each picture is placed with a decision about its alternative text: words that say what it shows, or
the word `decorative`. The site's own drawings (`publishing.illustrations`) become figures here too;
a text may say `![…](illustration:needle-session)` and so give one other words than its title.
"""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

import markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from publishing.illustrations import (
    IllustrationProcessor,
    illustration_mistakes,
    illustrations,
    unknown,
)
from publishing.markdown import Mistake
from publishing.models import Image

DECORATIVE = "decorative"
PLACEHOLDER = "DESCRIBE THIS PICTURE, or write decorative"
MAX_ALT = 200  # characters; the NHS asks for about 125, a drawing of steps needs more
# How wide the column of text is: alone on a phone and a tablet, beside the list of contents on a
# larger screen. As `.columns` in static/css/layout.css has it.
BODY_SIZES = (
    "(min-width: 71rem) 44rem, (min-width: 62rem) calc(100vw - 27rem),"
    " (min-width: 43rem) 40rem, calc(100vw - 2rem)"
)

_PLACED = re.compile(
    r"!\[(?P<alt>[^\]\n]*)\]\((?P<target>[^)\s]*)(?:\s+\"(?P<caption>[^\"]*)\")?\)"
)

# An exclamation mark before a citation or a footnote is only that.
_OPENS_PICTURE = re.compile(r"!\[(?![@^])")


def image_ids(texts: Sequence[str]) -> set[int]:
    """Return the keys of the pictures that the texts place."""
    targets = (match["target"] for text in texts for match in _PLACED.finditer(text))
    return {key for target in targets if (key := _image_id(target)) is not None}


def _image_id(target: str) -> int | None:
    match = re.fullmatch(r"image:([0-9]{1,18})", target)
    return int(match[1]) if match else None


def picture_mistakes(text: str) -> list[Mistake]:
    """Return what is wrong with the pictures in a text: no alt text decided, a wrong target."""
    known = set(Image.objects.filter(pk__in=image_ids([text])).values_list("pk", flat=True))
    found = []
    for match in _PLACED.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        problem = _problem(match["alt"].strip(), match["target"], match["caption"] or "", known)
        if problem:
            found.append(Mistake(line, problem))
    understood = {match.start() for match in _PLACED.finditer(text)}
    found += [
        Mistake(
            text.count("\n", 0, match.start()) + 1,
            'write a picture on one line, like this: ![What it shows](image:12 "A caption.")',
        )
        for match in _OPENS_PICTURE.finditer(text)
        if match.start() not in understood
    ]
    return found + illustration_mistakes(text)


def _problem(alt: str, target: str, caption: str, known: set[int]) -> str:
    kind, _, name = target.partition(":")
    if kind == "illustration":
        if name not in illustrations():
            return unknown(name)
    elif kind != "image":
        return (
            "pictures from other websites cannot be shown. Upload the picture by dragging it into"
            " the text."
        )
    elif _image_id(target) not in known:
        return f"there is no picture number {name}. Upload it by dragging it into the text."
    if not alt or PLACEHOLDER.split(",")[0].lower() in alt.lower():
        return (
            "say in the square brackets what the picture shows, for readers who cannot see it, or"
            " write decorative if it adds nothing to the text."
        )
    if len(alt) > MAX_ALT:
        return f"the description of the picture has {len(alt)} characters; use at most {MAX_ALT}."
    if re.match(r"(?:an? )?(?:image|picture|photo|photograph|graphic) of\b", alt, re.IGNORECASE):
        return "leave out “image of” and say what the picture shows."
    if re.fullmatch(r"[\w-]+\.(?:jpe?g|png|webp|avif|gif)", alt, re.IGNORECASE):
        return "the description is a file name. Say what the picture shows."
    if caption and caption.strip().rstrip(".").lower() == alt.rstrip(".").lower():
        return "the caption repeats the description. Let the caption say something else."
    return ""


class Pictures:
    """Turns placed pictures into figures with every size and format. One query a page."""

    def __init__(self, texts: Sequence[str]) -> None:
        ids = image_ids(texts)
        self.images = {image.pk: image for image in Image.objects.filter(pk__in=ids)} if ids else {}

    def extension(self) -> Extension:
        return _PictureExtension(self)


class _PictureExtension(Extension):
    def __init__(self, pictures: Pictures) -> None:
        super().__init__()
        self.pictures = pictures

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        # Before links (160), which would take the brackets for one.
        md.inlinePatterns.register(IllustrationProcessor(md), "illustration", 175)
        md.treeprocessors.register(_PictureTreeprocessor(md, self.pictures), "pictures", 5)


class _PictureTreeprocessor(Treeprocessor):
    def __init__(self, md: markdown.Markdown, pictures: Pictures) -> None:
        super().__init__(md)
        self.pictures = pictures

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                only = len(child) == 1 and child[0].tag == "img" and not (child.text or "").strip()
                if child.tag == "p" and only and not (child[0].tail or "").strip():
                    parent[index] = self._figure(child[0], alone=True)
                elif child.tag == "img":
                    parent[index] = self._inside_line(child)

    def _inside_line(self, placed: Element) -> Element:
        # Only what may stand in the middle of a line: a browser would end the paragraph before
        # a caption or a paragraph.
        figure = self._figure(placed, alone=False)
        figure.tail = placed.tail
        for element in figure.iter():
            if element.tag in {"figure", "figcaption", "p"}:
                element.tag = "span"
        return figure

    def _figure(self, placed: Element, *, alone: bool) -> Element:
        figure = Element("figure", {"class": "figure"})
        target = placed.get("src", "")
        kind, _, name = target.partition(":")
        drawing = illustrations().get(name) if kind == "illustration" else None
        image = self.pictures.images.get(_image_id(target) or 0)
        alt = placed.get("alt", "").strip()
        alt = "" if alt.lower() == DECORATIVE else alt
        if drawing:
            figure.append(drawing.picture(alt))
        elif image:
            figure.append(picture_element(image, alt))
        else:
            missing = SubElement(figure, "p", {"class": "figure__missing"})
            missing.text = f"[Picture missing: {alt}]" if alt else "[Picture missing]"
        if placed.get("title"):
            caption = SubElement(figure, "figcaption", {"class": "figure__caption"})
            caption.text = placed.get("title")
        if drawing and alone:
            below = figure.find("figcaption")
            below = SubElement(figure, "figcaption") if below is None else below
            below.append(drawing.in_words())
        return figure


def picture_element(
    image: Image,
    alt: str,
    *,
    crop: str = "full",
    sizes: str = BODY_SIZES,
    eager: bool = False,
    leads: bool = False,
) -> Element:
    """Return a `picture` with every format and size of the image, width and height included.

    It is loaded when it is about to be seen; an `eager` one at once, and one that `leads` its page,
    so that readers wait for it, before all else.
    """
    picture = Element("picture")
    for source in image.sources(crop):
        SubElement(
            picture,
            "source",
            {"type": source.content_type, "srcset": source.srcset, "sizes": sizes},
        )
    fallback = image.fallback(crop)
    attributes = {
        "src": fallback.address,
        "alt": alt,
        "width": str(fallback.width),
        "height": str(fallback.height),
    }
    if leads:
        attributes["fetchpriority"] = "high"
    elif not eager:
        attributes |= {"loading": "lazy", "decoding": "async"}
    SubElement(picture, "img", attributes)
    return picture
