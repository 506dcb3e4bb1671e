"""What may stand in rendered Markdown, said a second time, apart from the renderer's own list."""

import re

from bs4 import BeautifulSoup, Tag

TAGS = {
    "a", "abbr", "blockquote", "br", "code", "dd", "details", "div", "dl", "dt", "em", "figcaption",
    "figure", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "path", "pattern",
    "picture", "pre", "source", "span", "strong", "summary", "sup", "svg", "table", "tbody", "td",
    "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "alt", "aria-hidden", "aria-label", "class", "d", "decoding", "fill", "height", "href", "id",
    "loading", "media", "patternunits", "rel", "role", "scope", "sizes", "src", "srcset", "start",
    "stroke", "stroke-width", "tabindex", "title", "type", "viewbox", "width",
}  # fmt: skip


def parse(html: str) -> BeautifulSoup:
    """Read rendered Markdown."""
    return BeautifulSoup(html, "html.parser")


def text_of(html: str) -> str:
    """Return what a reader sees, with single spaces."""
    return " ".join(parse(html).get_text().split())


def find(html: str, selector: str) -> Tag:
    """Return the only element that fits the selector."""
    found = parse(html).select(selector)
    assert len(found) == 1, f"{len(found)} elements fit {selector} in {html}"
    return found[0]


def trouble(html: str) -> list[str]:
    """Return everything in the HTML that could run, load or disguise something."""
    found = []
    for element in parse(html).find_all(True):
        if element.name not in TAGS:
            found.append(f"element {element.name}")
        for name, value in element.attrs.items():
            if name not in ATTRIBUTES:
                found.append(f"attribute {name} of {element.name}")
            if name == "href" and not re.match(
                r"(?:https?://|mailto:|tel:|/(?![/\\])|[#?])", value, re.IGNORECASE
            ):
                found.append(f"address {value}")
            if name in {"fill", "stroke"} and not re.fullmatch(
                r"none|currentColor|url\(#[a-z0-9-]+\)", value
            ):
                found.append(f"paint {value}")
            if name in {"src", "srcset"} and not value.startswith(("/media/", "/static/")):
                found.append(f"picture {value}")
    return found
