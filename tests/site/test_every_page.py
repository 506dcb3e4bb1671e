"""What every public page of the demonstration keeps to, whoever wrote its text or its template."""

import base64
import hashlib
from collections import Counter
from itertools import pairwise
from urllib.parse import urldefrag, urlsplit

import pytest
from django.contrib.staticfiles import finders

from tests.site.crawl import Visit

# From the issue that this site answers: links to these outlive us.
CONDITIONS = {
    "back-pain", "osteoarthritis", "neck-pain", "headaches", "sciatica", "shoulder-pain",
    "tennis-elbow", "jaw-pain", "plantar-heel-pain", "fibromyalgia", "rheumatoid-arthritis",
    "tendinopathy",
}  # fmt: skip
TREATMENTS = {
    "medical-acupuncture", "dry-needling", "physiotherapy", "osteopathy", "chiropractic",
    "sports-massage",
}  # fmt: skip
INFORMATION = {
    "about", "fees", "first-visit", "privacy", "accessibility", "cookies", "complaints",
}  # fmt: skip
HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
LISTS = {
    "/", "/conditions/", "/articles/", "/treatments/", "/practitioners/", "/contact/",
    "/is-needling-suitable/", "/glossary/",
}  # fmt: skip

Pages = list[Visit]

# The pages were visited before; the mark has the database made when these tests run alone.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_every_kind_of_page_is_reached_by_links(visits: dict[str, Visit]) -> None:
    expected = LISTS | {f"/{slug}/" for slug in INFORMATION}
    expected |= {f"/conditions/{slug}/" for slug in CONDITIONS}
    expected |= {f"/treatments/{slug}/" for slug in TREATMENTS}
    assert expected - visits.keys() == set()
    for prefix, at_least in (
        ("/articles/category/", 4),
        ("/practitioners/", 6),
        ("/articles/", 12),
    ):
        assert sum(url.startswith(prefix) and url != prefix for url in visits) >= at_least


def test_every_link_leads_to_a_page(visits: dict[str, Visit]) -> None:
    assert {url: each.status for url, each in visits.items() if each.status != 200} == {}


def test_every_fragment_leads_to_a_place(visits: dict[str, Visit], site_pages: Pages) -> None:
    broken = set()
    for page in site_pages:
        for target in page.links():
            address, fragment = urldefrag(target)
            if fragment and fragment not in visits[address].ids:
                broken.add((page.url, target))
    assert broken == set()


def test_no_id_stands_twice_on_a_page(site_pages: Pages) -> None:
    twice = {
        page.url: [each for each, count in Counter(page.ids).items() if count > 1]
        for page in site_pages
    }
    assert {url: ids for url, ids in twice.items() if ids} == {}


def test_references_by_id_in_attributes_resolve(site_pages: Pages) -> None:
    broken = set()
    for page in site_pages:
        for name in ("for", "aria-labelledby", "aria-describedby", "popovertarget"):
            for element in page.soup.find_all(attrs={name: True}):
                for target in " ".join(element.get_attribute_list(name)).split():
                    if target not in page.ids:
                        broken.add((page.url, name, target))
    assert broken == set()


def test_every_page_has_one_short_main_heading(site_pages: Pages) -> None:
    for page in site_pages:
        headings = page.soup.find_all("h1")
        assert len(headings) == 1, page.url
        text = headings[0].get_text(" ", strip=True)
        assert 0 < len(text) <= 65, (page.url, text)
        assert headings[0] in page.main.find_all("h1"), page.url


def test_headings_skip_no_level(site_pages: Pages) -> None:
    skips = {}
    for page in site_pages:
        levels = [int(each.name[1]) for each in page.soup.find_all(HEADINGS)]
        found = [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1]
        if found or levels[0] != 1 or max(levels) > 4:
            skips[page.url] = found or levels
    assert skips == {}


def test_no_heading_is_empty(site_pages: Pages) -> None:
    for page in site_pages:
        for heading in page.soup.find_all(["h1", "h2", "h3", "h4"]):
            assert heading.get_text(strip=True), page.url


def test_titles_are_unique_and_end_with_the_clinic(site_pages: Pages) -> None:
    # The form is one page, whatever is chosen in it beforehand.
    titles = {page.url: page.title for page in site_pages if not page.url.startswith("/contact/?")}
    # "?page=1" is the list itself; its canonical address says so.
    titles.pop("/articles/?page=1", None)
    assert [each for each in titles.values() if not each.endswith(" – Demo Lane Clinic")] == []


def test_descriptions_for_search_engines_are_there(site_pages: Pages) -> None:
    for page in site_pages:
        description = page.soup.find("meta", attrs={"name": "description"})
        assert description is not None, page.url
        assert 20 <= len(str(description["content"]).strip()) <= 220, page.url


def test_canonical_addresses_lead_to_pages(visits: dict[str, Visit], site_pages: Pages) -> None:
    for page in site_pages:
        if page.url.startswith("/search/"):
            continue  # they are for no search engine
        canonical = page.soup.find("link", rel="canonical")
        assert canonical is not None, page.url
        parts = urlsplit(str(canonical["href"]))
        assert parts.netloc == "localhost"  # SITE_URL, not what the visitor asked for
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        assert path in visits, (page.url, path)
        # A page and the page it names as canonical say the same.
        assert visits[path].title == page.title


def test_language_is_british_english(site_pages: Pages) -> None:
    for page in site_pages:
        assert page.soup.html is not None
        assert page.soup.html["lang"] == "en-GB", page.url


def test_skip_link_comes_first_and_leads_to_the_main_part(site_pages: Pages) -> None:
    for page in site_pages:
        assert page.soup.body is not None
        first = page.soup.body.find(["a", "button", "input", "select", "textarea"])
        assert first is not None
        assert first.get_text(strip=True) == "Skip to main content", page.url
        assert first["href"] == f"#{page.main['id']}", page.url


def test_no_page_sets_a_cookie(visits: dict[str, Visit]) -> None:
    assert {url: each.cookies for url, each in visits.items() if each.cookies} == {}
    assert [url for url, each in visits.items() if "Set-Cookie" in each.headers] == []


def test_public_pages_do_not_vary_by_cookie(site_pages: Pages) -> None:
    """A page that looked at the session could not be kept by a shared cache."""
    for page in site_pages:
        assert "cookie" not in page.headers.get("Vary", "").lower(), page.url


def test_no_page_needs_a_script(site_pages: Pages) -> None:
    for page in site_pages:
        found = page.soup.find_all(["script", "iframe", "object", "embed"])
        # A block of data is a script element in name alone: no browser runs it.
        assert [each for each in found if each.get("type") != "application/ld+json"] == [], page.url


def test_no_element_carries_style_or_handlers(site_pages: Pages) -> None:
    for page in site_pages:
        for element in page.soup.find_all(True):
            wrong = [name for name in element.attrs if name == "style" or name.startswith("on")]
            assert wrong == [], (page.url, element.name, wrong)
            assert not str(element.get("href", "")).lower().startswith("javascript:")


def test_no_page_asks_another_origin_for_anything(site_pages: Pages) -> None:
    foreign = {
        (page.url, address)
        for page in site_pages
        for address in page.assets()
        if not address.startswith(("/", "#", "data:")) or address.startswith("//")
    }
    assert foreign == set()


def test_style_sheet_asks_for_nothing(site_pages: Pages) -> None:
    for page in site_pages:
        for style in page.soup.find_all("style"):
            assert "@import" not in style.get_text()
            assert "url(http" not in style.get_text().replace('"', "").replace("'", "")
            assert "url(//" not in style.get_text().replace('"', "").replace("'", "")


def test_drawings_and_icons_are_among_the_static_files(site_pages: Pages) -> None:
    names = {address for page in site_pages for address in page.assets()}
    names = {each.removeprefix("/static/") for each in names if each.startswith("/static/")}
    assert len(names) >= 5
    assert [name for name in names if finders.find(name) is None] == []


def test_uploaded_pictures_are_served_with_their_own_type(picture_visits: Pages) -> None:
    # The job has not made the others yet; tests/publishing/test_media.py asks for those.
    assert {each.url.rpartition(".")[2] for each in picture_visits} == {"jpg"}
    for each in picture_visits:
        assert each.status == 200, each.url
        assert each.headers["Content-Type"] == "image/jpeg", each.url
        assert "immutable" in each.headers["Cache-Control"], each.url


def test_every_picture_says_what_it_shows_and_how_large_it_is(site_pages: Pages) -> None:
    pictures = [(page.url, image) for page in site_pages for image in page.soup.find_all("img")]
    assert pictures
    for url, image in pictures:
        assert "alt" in image.attrs, (url, image)
        assert int(str(image["width"])) > 0, (url, image)
        assert int(str(image["height"])) > 0, (url, image)


def test_drawings_have_a_name_or_are_hidden(site_pages: Pages) -> None:
    for page in site_pages:
        for drawing in page.soup.find_all("svg"):
            is_named = drawing.get("aria-label") or drawing.get("aria-labelledby")
            assert is_named or drawing.get("aria-hidden") == "true", page.url


def test_every_page_says_where_help_is_that_cannot_wait(site_pages: Pages) -> None:
    for page in site_pages:
        assert page.soup.footer is not None, page.url
        foot = page.soup.footer.get_text(" ", strip=True)
        assert "999" in foot, page.url
        assert "111" in foot, page.url


def test_every_page_carries_the_clinics_telephone_number(site_pages: Pages) -> None:
    for page in site_pages:
        assert page.soup.select('footer a[href="tel:01632960123"]'), page.url


def test_every_page_says_that_it_is_a_demonstration(site_pages: Pages) -> None:
    for page in site_pages:
        assert "Demonstration site" in page.soup.get_text(), page.url
        robots = page.soup.find("meta", attrs={"name": "robots"})
        assert robots is not None, page.url
        assert robots["content"] == "noindex"


def test_breadcrumb_stands_above_the_main_part_without_the_page_itself(site_pages: Pages) -> None:
    for page in site_pages:
        crumbs = page.soup.select('nav[aria-label="Breadcrumb"]')
        path = urlsplit(page.url).path
        if path == "/" or path.startswith(("/contact/", "/feedback/")):
            assert crumbs == [], page.url  # none at the top of the site, none on forms
            continue
        assert len(crumbs) == 1, page.url
        assert crumbs[0] in page.main.find_all_previous("nav"), page.url
        steps = [str(link["href"]) for link in crumbs[0].select("ol a")]
        assert steps[0] == "/", page.url
        assert path not in steps, page.url
        back = crumbs[0].select_one("p a")
        assert back is not None
        assert back["href"] == steps[-1], page.url
        assert back.get_text(strip=True).startswith("Back to "), page.url


def test_article_breadcrumbs_name_the_category(site_pages: Pages) -> None:
    articles = [page for page in site_pages if page.url.startswith("/articles/")]
    articles = [page for page in articles if page.soup.find("article")]
    assert len(articles) >= 12
    for page in articles:
        crumbs = page.soup.select('nav[aria-label="Breadcrumb"] ol a')
        steps = [str(link["href"]) for link in crumbs]
        assert steps[:2] == ["/", "/articles/"], page.url
        assert steps[2].startswith("/articles/category/"), page.url


def test_contents_lists_have_entries(site_pages: Pages) -> None:
    for page in site_pages:
        for contents in page.soup.select("nav.contents"):
            assert contents.select("li a"), page.url


def test_no_list_is_empty(site_pages: Pages) -> None:
    for page in site_pages:
        for found in page.soup.find_all(["ul", "ol"]):
            assert found.find("li", recursive=False), (page.url, str(found)[:80])


@pytest.mark.parametrize(
    ("directive", "sources"),
    [
        ("default-src", "'none'"),
        ("script-src", "'self'"),
        ("object-src", None),
        ("connect-src", "'self'"),
        ("form-action", "'self'"),
        ("frame-ancestors", "'none'"),
        ("base-uri", "'none'"),
    ],
)
def test_content_security_policy_is_strict(
    site_pages: Pages, directive: str, sources: str | None
) -> None:
    for page in site_pages:
        assert policy(page).get(directive) == sources, page.url


def test_policy_allows_nothing_inline_nor_foreign(site_pages: Pages) -> None:
    for page in site_pages:
        header = page.headers["Content-Security-Policy"]
        for weakness in ("unsafe", "http:", "https:", "*", "strict-dynamic"):
            assert weakness not in header, (page.url, header)


def test_policy_admits_exactly_the_pages_own_style_sheet(site_pages: Pages) -> None:
    for page in site_pages:
        sheets = page.soup.find_all("style")
        assert len(sheets) == 1, page.url
        digest = hashlib.sha256(sheets[0].get_text().encode()).digest()
        hashed = f"'sha256-{base64.b64encode(digest).decode()}'"
        assert set(policy(page)["style-src"].split()) == {"'self'", hashed}, page.url


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
def test_security_headers_are_set(site_pages: Pages, header: str, value: str) -> None:
    for page in site_pages:
        assert page.headers.get(header) == value, page.url


def policy(page: Visit) -> dict[str, str]:
    """Return the page's policy by directive."""
    directives = page.headers["Content-Security-Policy"].split(";")
    return dict(directive.strip().split(" ", 1) for directive in directives if directive.strip())
