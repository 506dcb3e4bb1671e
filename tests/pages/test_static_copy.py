"""`export_html`: what it refuses, and how addresses change. A whole copy: test_leaving.py."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pages.static_copy.references import file_of, in_copy, path_of, references, with_changed_links

SITE = "http://localhost"


def test_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("Mine.", encoding="utf-8")
    with pytest.raises(CommandError, match="not an empty folder"):
        call_command("export_html", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/fees/#now", "/fees/"),
        ("?page=2", "/articles/?page=2"),
        (f"{SITE}/fees/", "/fees/"),
        (f"{SITE}.evil.example/fees/", None),
        ("//other.example/fees/", None),
        ("mailto:desk@clinic.example", None),
        ("tel:999", None),
    ],
)
def test_knows_its_own_addresses(address: str, path: str | None) -> None:
    assert path_of(address, "/articles/") == path


@pytest.mark.parametrize(
    ("path", "copied", "file"),
    [
        ("/", "/", "index.html"),
        ("/articles/?page=2", "/articles/page-2/", "articles/page-2/index.html"),
        ("/articles/?page=1", "/articles/", "articles/index.html"),
        ("/articles/?page=%2e%2e", "/articles/", "articles/index.html"),
        ("/contact/?condition=back-pain", "/contact/", "contact/index.html"),
        ("/robots.txt", "/robots.txt", "robots.txt"),
    ],
)
def test_every_page_of_a_list_has_a_file_of_its_own(path: str, copied: str, file: str) -> None:
    assert in_copy(path) == copied
    assert file_of(copied) == file


def test_links_with_a_query_are_changed_and_no_others() -> None:
    html = (
        '<a href="?page=2&amp;day=1#list">2</a><a href="/fees/">Fees</a>'
        '<a href="https://other.example/?page=2">Other</a><p>href="?page=2"</p>'
        f'<link rel="canonical" href="{SITE}/articles/?page=3">'
    )
    assert with_changed_links(html, "/articles/", in_copy) == (
        '<a href="/articles/page-2/#list">2</a><a href="/fees/">Fees</a>'
        '<a href="https://other.example/?page=2">Other</a><p>href="?page=2"</p>'
        f'<link rel="canonical" href="{SITE}/articles/page-3/">'
    )


def test_finds_what_pages_style_sheets_and_sitemaps_lead_to() -> None:
    html = (
        '<style>p{background:url("/a.svg")}</style><img src="/b.jpg" srcset="/c.jpg 1x, /d.jpg 2x">'
        f'<meta property="og:image" content="{SITE}/e.png"><meta name="robots" content="noindex">'
    )
    found = set(references("text/html", html))
    assert found == {"/a.svg", "/b.jpg", "/c.jpg", "/d.jpg", f"{SITE}/e.png"}
    assert list(references("text/css", "p{background:url(f.png)}")) == ["f.png"]
    sitemap = f"<url><loc>{SITE}/fees/</loc></url>"
    assert list(references("application/xml", sitemap)) == [f"{SITE}/fees/"]
