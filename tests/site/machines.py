"""Reads what the site tells machines: its sitemap and its feeds."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.test import Client

SITE = "http://localhost"  # SITE_URL in tests/settings.py
SITEMAP = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@dataclass(frozen=True)
class Entry:
    """An address of the sitemap, or a file of its index."""

    address: str
    lastmod: str
    images: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The address without the site's own origin, which it has to begin with."""
        assert self.address.startswith(f"{SITE}/"), self.address
        return self.address.removeprefix(SITE)


def parse(client: Client, path: str) -> ET.Element:
    """Ask for an XML file and return its root."""
    response = client.get(path)
    assert response.status_code == 200, path
    assert "xml" in response["Content-Type"], path
    return ET.fromstring(response.content)  # noqa: S314  (our own)


def sitemap(client: Client, path: str) -> list[Entry]:
    """Return what one file of the sitemap lists."""
    return [
        Entry(
            each.findtext("s:loc", "", SITEMAP),
            each.findtext("s:lastmod", "", SITEMAP),
            tuple(str(found.text) for found in each.findall(".//image:loc", SITEMAP)),
        )
        for each in parse(client, path)
    ]


def whole_sitemap(client: Client) -> list[Entry]:
    """Return every address that the files of the index list."""
    files = sitemap(client, "/sitemap.xml")
    return [entry for file in files for entry in sitemap(client, file.path)]


def feed_entries(client: Client, path: str) -> list[dict[str, str]]:
    """Return the entries of an Atom feed, after a look at what Atom (RFC 4287) asks for."""
    feed = parse(client, path)
    assert feed.tag == f"{{{ATOM['a']}}}feed"
    for name in ("id", "title", "updated", "author/a:name"):
        assert feed.findtext(f"a:{name}", "", ATOM), (path, name)
    links = {str(link.get("rel")): str(link.get("href")) for link in feed.findall("a:link", ATOM)}
    assert links["self"] == f"{SITE}{path}"
    assert urlsplit(links["alternate"]).netloc == urlsplit(SITE).netloc
    found = [
        {
            name: each.findtext(f"a:{name}", "", ATOM)
            for name in ("id", "title", "updated", "published", "summary", "author/a:name")
        }
        | {"link": each.find("a:link", ATOM).get("href", "")}  # type: ignore[union-attr]
        for each in feed.findall("a:entry", ATOM)
    ]
    for entry in found:
        assert all(entry[name] for name in ("id", "title", "updated")), entry
        assert entry["link"].startswith(f"{SITE}/"), entry
    assert len({entry["id"] for entry in found}) == len(found)
    return found
