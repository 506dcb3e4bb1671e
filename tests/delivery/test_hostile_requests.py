"""Strange addresses, hosts and headers get into no kept page and do not fill the memory."""

import pytest

from tests.delivery.conftest import Site
from tests.factories import make_article, make_clinic

pytestmark = pytest.mark.any_database

STRANGE = [
    "//articles/", "/articles//", "/./articles/", "/articles/../articles/",
    "/articles/;x=1/", "/articles;/", "/articles./", "/ARTICLES/", "/articles/\x00", "/articles\\",
    "/articles/%2e%2e/", "/articles/\r\nX: y",
    "/articles/" + "a" * 300 + "/", "/articles/\xc3\x28/", "/articles/ /", "/articles/%00/",
]  # fmt: skip
QUERIES = ["page=2&page=3", "PAGE=2", "page=%32", "page=2;x", "page=2%00", "page=02", "page=+2",
           "page=2\r\n", "x=page=2", "page=2?page=2", "&page=2", "%70age=2"]  # fmt: skip


def kept(site: Site) -> set[str]:
    return set(site.application.pages._pages)


def test_strange_addresses_are_answered_and_none_is_kept(site: Site) -> None:
    make_clinic()
    page = site.get("/articles/")
    before = kept(site)
    for path in STRANGE:
        answer = site.get(path)
        assert answer.status in {301, 404, 400}, path
        assert "evil" not in answer.headers.get("location", "")
    assert kept(site) == before
    assert site.get("/articles/").body == page.body


def test_a_question_mark_within_a_path_is_another_address(site: Site) -> None:
    """`/articles/%3Fpage=2` arrives with the mark in its path, and no query."""
    for number in range(14):
        make_article(title=f"Article number {number}")
    second = site.get("/articles/?page=2")
    for path, query in (("/articles/?page=2", ""), ("/articles/?page=2", "page=2")):
        assert site.ask(path, query).status == 404
    assert site.get("/articles/?page=2").body == second.body
    assert site.ask("/articles/", "page=2").body == second.body


@pytest.mark.parametrize("query", QUERIES)
def test_only_the_number_of_a_page_makes_a_page_of_its_own(site: Site, query: str) -> None:
    for number in range(14):
        make_article(title=f"Article number {number}")
    site.get("/articles/")
    before = kept(site)
    assert site.ask("/articles/", query).status in {200, 404}
    assert kept(site) == before


def test_hosts_that_are_spelt_oddly_are_refused_or_get_the_same_page(site: Site) -> None:
    make_clinic()
    page = site.get("/conditions/")
    for host in ("LOCALHOST", "localhost.", "localhost:99999", "localhost:0"):
        answer = site.get("/conditions/", host=host)
        assert answer.status in {200, 400}
        assert answer.status == 400 or answer.body == page.body
    for host in ("", "localhost@evil.example", "evil.example", "localhost:80:evil", "evil.example#",
                 "localhost/evil", "localhost, evil.example", "[::1", "localhost\t"):  # fmt: skip
        assert site.get("/conditions/", host=host).status == 400, host
    assert site.get("/conditions/").body == page.body


def test_made_up_ports_do_not_fill_the_memory(site: Site) -> None:
    make_clinic()
    for port in range(1, 300):
        assert site.get("/conditions/", host=f"localhost:{port}").status == 200
    assert len(site.application._known_hosts) <= 100
    assert len(kept(site)) == 1


@pytest.mark.parametrize(
    "accepted",
    ["", "*", "identity", "identity;q=0", "gzip;q=0, br;q=0", "GZIP", "br;q=1.0, gzip", "x" * 9_000,
     "gzip\x00", ",,,", "br" * 500, "gzip;q=nonsense", "deflate", "zstd, compress"],
)  # fmt: skip
def test_whatever_a_browser_takes_it_can_read_the_page(site: Site, accepted: str) -> None:
    make_clinic()
    plain = site.get("/conditions/").text
    answer = site.get("/conditions/", accept_encoding=accepted)
    assert answer.headers.get("content-encoding", "") in {"", "gzip", "br"}
    assert answer.text == plain
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_what_a_reader_with_cookies_is_sent_reaches_nobody_else(site: Site) -> None:
    article = make_article().get_absolute_url()
    for cookie in ("theme=dark", "sessionid=x", "csrftoken=y", "messages=z; sessionid=q"):
        for path in ("/", "/conditions/", article, "/changes.atom"):
            assert site.get(path, cookie=cookie).status == 200
            for after in (site.get(path), site.get(path)):
                assert "set-cookie" not in after.headers
                assert after.headers["vary"] == "Accept-Encoding"


def test_headers_that_say_what_to_do_instead_are_not_read(site: Site) -> None:
    make_clinic()
    page = site.get("/conditions/")
    sent = {"x_http_method_override": "DELETE", "x_rewrite_url": "/admin/", "range": "bytes=0-9",
            "x_forwarded_prefix": "/evil", "x_forwarded_proto": "gopher", "expect": "x",
            "transfer_encoding": "chunked", "content_length": "99"}  # fmt: skip
    for name, value in sent.items():
        assert site.get("/conditions/", **{name: value}).body == page.body, name
