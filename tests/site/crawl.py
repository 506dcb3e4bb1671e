"""Follows every link of the site from its home page, as a reader without an account would."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.test import Client

# Nothing typed, pages found, a mistake, nothing found, and words of an emergency.
SEARCHES = [
    "/search/",
    "/search/?q=back+pain",
    "/search/?q=siatica",
    "/search/?q=asdfgh",
    "/search/?q=cant+breathe",
]


@dataclass(frozen=True)
class Visit:
    """What the server answered for one address."""

    url: str
    status: int
    headers: dict[str, str]
    cookies: list[str]
    content: bytes

    @property
    def is_page(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.content, "html.parser")

    @property
    def main(self) -> Tag:
        main = self.soup.find("main")
        assert isinstance(main, Tag), f"{self.url} has no main part"
        return main

    @cached_property
    def ids(self) -> list[str]:
        return [str(element["id"]) for element in self.soup.find_all(id=True)]

    @property
    def title(self) -> str:
        assert self.soup.title is not None
        return self.soup.title.get_text().strip()

    def links(self) -> Iterator[str]:
        """Yield where the page's links within the site lead, as paths with query and fragment."""
        for link in self.soup.find_all("a", href=True):
            target = str(link["href"])
            if not urlsplit(target).scheme and not target.startswith("//"):
                yield urljoin(self.url, target)

    def assets(self) -> Iterator[str]:
        """Yield the address of everything that a browser fetches by itself to show the page."""
        for element in self.soup.find_all(["img", "source", "script", "iframe", "use", "link"]):
            if element.name == "link" and "canonical" in element.get_attribute_list("rel"):
                continue
            yield from (str(element[name]) for name in ("src", "href") if element.get(name))
            yield from (
                part.split()[0] for part in str(element.get("srcset", "")).split(",") if part
            )


def visit(client: Client, url: str) -> Visit:
    """Ask for one address."""
    response = client.get(url)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return Visit(url, response.status_code, dict(response.headers), list(response.cookies), content)


def crawl() -> dict[str, Visit]:
    """Visit every address that links lead to, each once.

    Links to the form for notes name the page that they stand on; it begins there by itself too. The
    search is reached by its form.
    """
    client = Client()
    found: dict[str, Visit] = {}
    waiting = ["/", "/feedback/", *SEARCHES]
    while waiting:
        url = waiting.pop()
        if url in found:
            continue
        # A client of its own would hide a cookie that is only set once.
        client.cookies.clear()
        found[url] = visit(client, url)
        if found[url].is_page:
            waiting += {urldefrag(target).url for target in found[url].links()} - found.keys()
    return found
