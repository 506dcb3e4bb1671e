"""Readings are counted even when a page is answered from where it is kept."""

import pytest

from tests.delivery.conftest import Site
from tests.factories import make_condition
from visits import tally
from visits.models import MissingAddress, PageCount


def counted(path: str) -> int:
    tally.flush()
    return sum(PageCount.objects.filter(path=path).values_list("times", flat=True))


def test_every_reading_of_a_kept_page_counts_and_is_written_down_once(site: Site) -> None:
    page = make_condition().get_absolute_url()
    tally.flush()
    for _ in range(5):
        site.get(page)
    assert site.rendered == [page]
    assert counted(page) == 5
    assert counted(page) == 5
    site.get(page)
    assert counted(page) == 6


def test_reader_whose_own_copy_is_still_right_has_read_it(site: Site) -> None:
    page = make_condition().get_absolute_url()
    etag = site.get(page).headers["etag"]
    assert site.get(page, if_none_match=etag).status == 304
    assert counted(page) == 2


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"user_agent": "Googlebot/2.1"}),
        ("GET", {"user_agent": ""}),
        ("GET", {"sec_purpose": "prefetch;prerender"}),
        ("GET", {"cookie": "sessionid=staff"}),
    ],
)
def test_what_no_person_reads_does_not_count(
    site: Site, method: str, headers: dict[str, str]
) -> None:
    page = make_condition().get_absolute_url()
    site.get(page)
    before = counted(page)
    assert before == 1
    site.get(page, method=method, **headers)
    assert counted(page) == before


def test_only_pages_count_and_missing_addresses_are_noted(site: Site) -> None:
    for path in ("/robots.txt", "/sitemap.xml", "/articles/feed.atom"):
        assert site.get(path).status == 200
    assert site.get("/old-leaflet/").status == 404
    tally.flush()
    assert not PageCount.objects.exists()
    assert MissingAddress.objects.get().path == "/old-leaflet/"
