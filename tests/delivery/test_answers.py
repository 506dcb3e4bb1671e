"""What goes over the wire: coding, strong ETag, "not modified", HEAD and what proxies may do."""

import pytest

from delivery.answers import coding_for
from tests.delivery.conftest import Site
from tests.factories import make_condition

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("BR", "br"),
        ("gzip;q=0.0", ""),
        ("identity", ""),
        ("", ""),
        ("*", ""),
        (";;,,q=", ""),
    ],
)
def test_reader_gets_the_best_coding_they_take(accepted: str, coding: str) -> None:
    assert coding_for(accepted) == coding


def test_every_coding_holds_the_same_page(site: Site) -> None:
    page = make_condition().get_absolute_url()
    answers = [site.get(page, accept_encoding=each) for each in ("br", "gzip", "")]
    assert len({each.text for each in answers}) == 1
    assert len({each.headers["etag"] for each in answers}) == 3
    assert [each.headers.get("content-encoding") for each in answers] == ["br", "gzip", None]
    for each in answers:
        assert each.headers["vary"] == "Accept-Encoding"
        assert each.headers["content-length"] == str(len(each.body))
        assert not each.headers["etag"].startswith("W/")
    assert site.rendered == [page]


def test_reader_who_has_it_is_told_so_and_no_more(site: Site) -> None:
    page = make_condition().get_absolute_url()
    first = site.get(page, accept_encoding="br")
    again = site.get(page, accept_encoding="br", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert "content-length" not in again.headers
    listed = f'W/"other", {first.headers["etag"]}'
    assert site.get(page, accept_encoding="br", if_none_match=listed).status == 304
    assert site.get(page, if_none_match='"other"').status == 200
    assert site.get(page, if_none_match="*").status == 304


def test_head_tells_what_get_would(site: Site) -> None:
    page = make_condition().get_absolute_url()
    got = site.get(page, accept_encoding="gzip")
    head = site.get(page, method="HEAD", accept_encoding="gzip")
    assert head.headers == got.headers
    assert (head.status, head.body) == (200, b"")


def test_browser_asks_each_time_and_a_proxy_after_a_second(site: Site) -> None:
    told = site.get(make_condition().get_absolute_url()).headers["cache-control"]
    assert told == "public, max-age=0, s-maxage=1, must-revalidate"


def test_missing_page_is_compressed_too_and_may_not_be_kept_by_anyone(site: Site) -> None:
    answer = site.get("/nothing-here/", accept_encoding="br, gzip")
    assert answer.status == 404
    assert answer.headers["content-encoding"] == "gzip"
    assert "etag" not in answer.headers
    assert "Page not found" in answer.text


def test_protecting_headers_come_from_what_is_kept_as_well(site: Site) -> None:
    page = make_condition().get_absolute_url()
    first, kept = site.get(page), site.get(page)
    for name in (
        "content-security-policy", "x-frame-options", "permissions-policy", "referrer-policy",
        "x-content-type-options", "cross-origin-opener-policy", "content-type",
    ):  # fmt: skip
        assert kept.headers[name] == first.headers[name]
    assert "set-cookie" not in kept.headers
