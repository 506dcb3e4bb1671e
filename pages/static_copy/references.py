"""The addresses in what the site answers: which there are, and what they are in a copy.

A plain server knows no queries. The pages of a list, `?page=2`, get addresses of their own; any
other query only fills a form in, which a copy has not, and is left away.
"""

import json
import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from django.conf import settings

_LINKED = re.compile(r'(?P<before>\s(?:href|src|content)=")(?P<address>[^"]*)(?P<after>")')
_IN_CSS = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)")
_IN_XML = re.compile(r"<loc>([^<]+)</loc>|<image:loc>([^<]+)</image:loc>|\shref=\"([^\"]+)\"")
_ATTRIBUTES = {"href", "src", "srcset", "poster", "data"}


def path_of(address: str, page: str) -> str | None:
    """Return an address on this site as a path with its query; nothing for one of another site."""
    whole = urljoin(settings.SITE_URL + page, address.strip())
    parts = urlsplit(urldefrag(whole).url)
    if f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        return None
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def in_copy(path: str) -> str:
    """Return the address that a path with its query has in a copy."""
    path, _, query = path.partition("?")
    number = parse_qs(query).get("page", [""])[0]
    if path.endswith("/") and number.isdecimal() and int(number) > 1:
        return f"{path}page-{int(number)}/"
    return path


def file_of(path: str) -> str:
    """Return the name of the file that a path of a copy is answered from."""
    return path.lstrip("/") + ("index.html" if path.endswith("/") else "")


def _is_ours(address: str) -> bool:
    return address.startswith(f"{settings.SITE_URL}/")


class _References(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.styles = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.styles = tag == "style"
        for name, value in attrs:
            if value is None:
                continue
            if name == "srcset":
                self.found += [part.split()[0] for part in value.split(",") if part.strip()]
            elif name in _ATTRIBUTES or (name == "content" and _is_ours(value)):
                self.found.append(value)

    def handle_data(self, data: str) -> None:
        if self.styles:
            self.found += _IN_CSS.findall(data)


def references(content_type: str, text: str) -> Iterator[str]:
    """Yield every address that a text of the type leads to or fetches, as it stands there."""
    if content_type == "text/html":
        reader = _References()
        reader.feed(text)
        yield from reader.found
    elif content_type == "text/css":
        yield from _IN_CSS.findall(text)
    elif content_type.endswith("xml"):
        yield from (unescape(each) for groups in _IN_XML.findall(text) for each in groups if each)
    elif content_type == "application/manifest+json":
        yield from (icon["src"] for icon in json.loads(text).get("icons", []))


def with_changed_links(html: str, page: str, change: Callable[[str], str]) -> str:
    """Return a page in which every link with a query to this site has been changed."""

    def changed(match: re.Match[str]) -> str:
        address = unescape(match["address"])
        path = path_of(address, page) if "?" in address else None
        if path is None:
            return match[0]
        origin = settings.SITE_URL if urlsplit(address).scheme else ""
        fragment = urldefrag(address).fragment
        new = origin + change(path) + (f"#{fragment}" if fragment else "")
        return f"{match['before']}{escape(new)}{match['after']}"

    return _LINKED.sub(changed, html)
