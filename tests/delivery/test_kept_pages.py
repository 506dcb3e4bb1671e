"""A page is rendered once, kept, and answered from there; what is one reader's own never is."""

import threading
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from delivery.board import Board
from delivery.pages import KeptPages, Page
from tests.delivery.conftest import Site
from tests.factories import make_article, make_clinic, make_condition

pytestmark = pytest.mark.any_database


def test_page_is_rendered_once(site: Site) -> None:
    page = make_condition(name="Back pain").get_absolute_url()
    first, again = site.get(page), site.get(page)
    assert site.rendered == [page]
    assert first.text == again.text
    assert "Back pain" in first.text
    assert first.headers == again.headers


def test_a_hundred_at_once_have_it_rendered_once() -> None:
    board = Board.__new__(Board)
    board._slots = bytearray(8192 * 8)  # type: ignore[assignment]
    pages = KeptPages(board, 1_000_000)
    rendered: list[int] = []
    all_ask = threading.Barrier(100)
    found: list[Page] = []

    def render() -> Page:
        rendered.append(1)
        threading.Event().wait(0.3)
        return Page("200 OK", [], b"x" * 100, until=9e12)

    def ask() -> None:
        all_ask.wait()
        found.append(pages.get("/") or pages.get_or_render("/", render))

    threads = [threading.Thread(target=ask) for _ in range(100)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert rendered == [1]
    assert len({id(page) for page in found}) == 1
    assert len(found) == 100


def test_a_fault_reaches_all_who_wait_and_is_not_kept() -> None:
    board = Board.__new__(Board)
    board._slots = bytearray(8192 * 8)  # type: ignore[assignment]
    pages = KeptPages(board, 1_000_000)

    def fail() -> Page:
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            pages.get_or_render("/", fail)
    page = pages.get_or_render("/", lambda: Page("200 OK", [], b"x", until=9e12))
    assert pages.get("/") is page


def test_pages_take_no_more_memory_than_they_may() -> None:
    board = Board.__new__(Board)
    board._slots = bytearray(8192 * 8)  # type: ignore[assignment]
    pages = KeptPages(board, 100_000)

    def page() -> Page:
        return Page("200 OK", [], b"x" * 20_000, until=9e12)

    for number in range(10):
        pages.get_or_render(f"/{number}", page)
        pages.get("/0")  # asked for again and again, so it stays
    assert pages.get("/0") is not None
    assert pages.get("/9") is not None
    assert pages.get("/1") is None
    assert pages.bytes <= 100_000
    assert pages.bytes == sum(each.size for each in pages._pages.values())


@pytest.mark.parametrize(
    "cookie", ["sessionid=abc", "other=1; sessionid=abc", "csrftoken=abc", "messages=abc"]
)
def test_whoever_may_be_staff_is_answered_by_the_framework(site: Site, cookie: str) -> None:
    page = make_article().get_absolute_url()
    assert site.renders(page)
    assert site.renders(page, cookie=cookie)
    assert site.renders(page, cookie=cookie)
    assert not site.renders(page)


def test_draft_shown_to_staff_is_kept_for_nobody(site: Site, client: Any) -> None:
    page = make_article(title="Not yet", published_at=None).get_absolute_url()
    boss = User.objects.create_superuser("boss", "boss@example.com", "x")
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    key = client.cookies["sessionid"].value
    assert site.get(page, cookie=f"sessionid={key}").status == 200
    assert site.get(page).status == 404
    assert "Not yet" not in site.get(page).text


@pytest.mark.parametrize(
    "path", ["/contact/", "/search/?q=back", "/is-needling-suitable/", "/healthz", "/feedback/"]
)
def test_what_is_one_readers_own_is_never_kept(site: Site, path: str) -> None:
    make_clinic()
    assert site.renders(path)
    assert site.renders(path)


def test_missing_page_is_not_kept(site: Site) -> None:
    for _ in range(2):
        assert site.get("/articles/nothing/").status == 404
    assert len(site.rendered) == 2


@pytest.mark.parametrize("query", ["utm_source=x", "page=0", "page=99999", "page=1&x=1", "x"])
def test_unknown_query_neither_fills_nor_is_answered_from_what_is_kept(
    site: Site, query: str
) -> None:
    assert site.renders("/articles/")
    site.get(f"/articles/?{query}")
    site.get(f"/articles/?{query}")
    assert len(site.rendered) == 3
    assert not site.renders("/articles/")


def test_pages_of_a_list_are_kept_apart(site: Site) -> None:
    for number in range(14):
        make_article(title=f"Article number {number}")
    assert site.renders("/articles/?page=2")
    assert site.renders("/articles/")
    assert not site.renders("/articles/?page=2")
    assert site.get("/articles/?page=2").text != site.get("/articles/").text


def test_foreign_host_is_refused_and_poisons_nothing(site: Site) -> None:
    page = make_article().get_absolute_url()
    assert site.get(page, host="evil.example").status == 400
    assert "evil.example" not in site.get(page).text
    assert site.get(page, host="evil.example").status == 400


def test_nothing_that_a_reader_sends_gets_into_the_page(site: Site) -> None:
    page = make_article().get_absolute_url()
    sent = {
        "user_agent": "poison-agent",
        "referer": "https://poison.example/",
        "x_forwarded_host": "poison.example",
        "x_forwarded_for": "203.0.113.9",
        "accept_language": "poison",
        "x_original_url": "/poison/",
    }
    assert "poison" not in str(vars(site.get(page, **sent)))
    assert "poison" not in str(vars(site.get(page)))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_go_to_the_framework(site: Site, method: str) -> None:
    page = make_article().get_absolute_url()
    site.get(page)
    assert site.get(page, method=method).status in {403, 405, 200}
    assert len(site.rendered) == 2
    assert not site.renders(page)


def test_switched_off_nothing_is_kept(site: Site, settings: LazySettings) -> None:
    settings.PAGE_CACHE_MEGABYTES = 0
    off = Site()
    page = make_article().get_absolute_url()
    assert off.renders(page)
    assert off.renders(page)
