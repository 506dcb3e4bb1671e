"""Every page of the site is the same with its pages kept and without, and light enough."""

import gzip
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.db import connection

from articles.models import Article
from conditions.models import Condition
from delivery import changes, squeezing
from tests.delivery.conftest import Answer, Site
from visits import tally

pytestmark = [pytest.mark.whole, pytest.mark.any_database]

# The first flight of a new connection: what a server may send before it hears back, 10 packets.
FIRST_FLIGHT = 14_600


@pytest.fixture
def kept(demo: None, settings: LazySettings, tmp_path: Any) -> Iterator[Site]:
    """Return the demo site with its pages kept."""
    settings.PAGE_CACHE_MEGABYTES = 32
    settings.DATA_DIR = tmp_path
    changes.board.cache_clear()
    changes.watch(connection)
    with time_machine.travel("2026-11-21 10:00:00+00:00", tick=False):
        yield Site()
        tally.flush()  # so that no reading is left over for another test
    connection.execute_wrappers.remove(changes.watch_writes)
    changes.board.cache_clear()


def addresses(site: Site) -> list[str]:
    """Return every address of the site that links lead to, from the home page on."""
    found, waiting = set(), ["/", "/sitemap.xml", "/robots.txt", "/manifest.webmanifest"]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        answer = site.get(path)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        soup = BeautifulSoup(answer.text, "html.parser")
        links = [tag.get("href", "").partition("#")[0] for tag in soup.find_all(["a", "link"])]
        waiting += [each for each in links if each.startswith("/") and not each.startswith("//")]
    return sorted(found)


def is_kept(path: str) -> bool:
    return not path.startswith(
        ("/contact/", "/feedback/", "/search/", "/is-needling-suitable/", "/static/", "/media/")
    )


def at_best(site: Site, path: str) -> Answer:
    """Return the page as readers are given it once its first reader has been."""
    site.get(path, accept_encoding="br")
    squeezing.finish()
    return site.get(path, accept_encoding="br")


def test_every_page_is_the_same_with_and_without(kept: Site, settings: LazySettings) -> None:
    every = [path for path in addresses(kept) if is_kept(path)]
    assert len(every) > 50
    settings.PAGE_CACHE_MEGABYTES = 0
    without = Site()
    for path in every:
        answers = [kept.get(path), kept.get(path), without.get(path)]
        for each in answers:  # a file of the site's own is answered each time, by a number
            each.headers.pop("x-request-id", None)
        assert vars(answers[0]) == vars(answers[1]) == vars(answers[2]), path
    assert len(without.rendered) == len(every)
    for path in every[::10]:
        for coding in ("br", "gzip"):
            own, plain = (each.get(path, accept_encoding=coding) for each in (kept, without))
            assert own.text == plain.text, path
            assert own.headers.keys() == plain.headers.keys(), path


def test_every_condition_and_article_comes_in_one_flight(kept: Site) -> None:
    pages = [*Condition.objects.published(), *Article.objects.published()]
    assert len(pages) >= 26
    weights = {
        page.get_absolute_url(): len(at_best(kept, page.get_absolute_url()).body) for page in pages
    }
    assert {path: size for path, size in weights.items() if size > FIRST_FLIGHT} == {}


def test_codings_are_the_smallest_there_are(kept: Site) -> None:
    page = "/conditions/back-pain/"
    plain = kept.get(page).body
    first, later = kept.get(page, accept_encoding="br"), at_best(kept, page)
    assert later.body == brotli.compress(plain, quality=11)
    assert brotli.decompress(first.body) == plain
    # Strong names: whoever holds either has the page, and neither stands for the other's bytes.
    assert first.headers["etag"] != later.headers["etag"]
    for each in (first, later):
        assert (
            kept.get(page, accept_encoding="br", if_none_match=each.headers["etag"]).status == 304
        )
    assert gzip.decompress(kept.get(page, accept_encoding="gzip").body) == plain
