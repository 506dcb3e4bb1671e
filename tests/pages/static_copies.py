"""What has to hold for every copy of the site as plain files."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from django.conf import settings

_NEEDED = re.compile(r'\s(?:href|src|action)="([^"]*)"')
_SETS = re.compile(r'\ssrcset="([^"]*)"')


def pages_of(folder: Path) -> dict[str, str]:
    """Return every page by the path it stands at."""
    return {
        "/" + str(file.relative_to(folder)).removesuffix("index.html"): file.read_text("utf-8")
        for file in sorted(folder.rglob("*.html"))
    }


def _needed(html: str) -> Iterator[str]:
    """Yield every address that a page leads to or fetches."""
    yield from map(unescape, _NEEDED.findall(html))
    for each in _SETS.findall(html):
        yield from (part.split()[0] for part in unescape(each).split(","))


def _file_at(folder: Path, address: str) -> Path:
    """Return what a plain server answers an address with."""
    path = unquote(urlsplit(address).path).lstrip("/")
    return folder / (f"{path}index.html" if not path or path.endswith("/") else path)


def leading_nowhere(folder: Path) -> set[tuple[str, str]]:
    """Return each address on a page that has no file, or needs more than a file, with its page."""
    own = f"{settings.SITE_URL}/"
    found = set()
    for path, html in pages_of(folder).items():
        for address in _needed(html):
            whole = urljoin(settings.SITE_URL + path, urldefrag(address).url)
            if whole.startswith(own) and ("?" in whole or not _file_at(folder, whole).is_file()):
                found.add((path, address))
    return found
