"""The site's one style sheet, inlined in every page so that text paints after one round trip.

The sheet is put together from `static/css/` in the order below, made small, and admitted by its
hash in the Content-Security-Policy; no other inline style can apply. docs/decisions/0003 says why.
"""

import base64
import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

import rcssmin
from django.conf import settings

_ORDER = ("tokens", "base", "layout")


@dataclass(frozen=True)
class StyleSheet:
    """A style sheet and the source expression that admits it in `style-src`."""

    css: str
    csp_source: str


def style_sheet(brand_colour: str) -> StyleSheet:
    """Return the site's style sheet in the clinic's colour (`#rrggbb`)."""
    return _minified(brand_colour) if not settings.DEBUG else _build(brand_colour)


@functools.lru_cache(maxsize=4)
def _minified(brand_colour: str) -> StyleSheet:
    return _build(brand_colour)


def _build(brand_colour: str) -> StyleSheet:
    folder = Path(__file__).resolve().parent.parent / "static" / "css"
    files = [folder / f"{name}.css" for name in _ORDER]
    files += sorted((folder / "components").glob("*.css"))
    files.append(folder / "print.css")
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    css = rcssmin.cssmin(f"{source}\n:root{{--brand:{brand_colour}}}")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return StyleSheet(css, f"'sha256-{digest}'")
