"""What is counted and what is not: pages that people read, and nothing about them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.views.decorators.cache import cache_page

from publishing import redirects, sharing, workflow
from tests.factories import make_article, make_category, make_clinic, make_user
from visits import tally
from visits.middleware import CountReadersMiddleware
from visits.models import MissingAddress, PageCount

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
READER = {"User-Agent": FIREFOX}


@pytest.fixture
def reader() -> Client:
    return Client(headers=READER)


def counted() -> dict[str, int]:
    """Return how often each page was counted, all days together."""
    tally.flush()
    found: dict[str, int] = {}
    for path, times in PageCount.objects.values_list("path", "times"):
        found[path] = found.get(path, 0) + times
    return found


def missing() -> dict[str, int]:
    tally.flush()
    return dict(MissingAddress.objects.values_list("path", "times"))


def test_each_reading_counts_without_the_query(reader: Client) -> None:
    make_clinic()
    article = make_article().get_absolute_url()
    for url in (article, f"{article}?utm_source=letter&name=Jane", "/", "/contact/"):
        assert reader.get(url).status_code == 200
    assert counted() == {article: 2, "/": 1, "/contact/": 1}


def test_what_is_counted_goes_to_the_day_at_the_clinic(reader: Client) -> None:
    with time_machine.travel(datetime(2026, 7, 1, 22, 59, tzinfo=UTC), tick=False) as clock:
        reader.get("/conditions/")
        clock.move_to(datetime(2026, 7, 1, 23, 1, tzinfo=UTC))  # in London it is the next day
        reader.get("/conditions/")
        tally.flush()
    days = PageCount.objects.order_by("day").values_list("day", "times")
    assert [(f"{day}", times) for day, times in days] == [("2026-07-01", 1), ("2026-07-02", 1)]


def test_nothing_about_the_visitor_is_kept() -> None:
    fields = {f.name for m in (PageCount, MissingAddress) for f in m._meta.get_fields()}
    assert fields == {"id", "day", "path", "times", "first_on", "last_on", "is_dismissed"}


def test_counting_asks_the_database_nothing_and_sets_no_cookie(reader: Client) -> None:
    url = make_article().get_absolute_url()
    with CaptureQueriesContext(connection) as with_counting:
        response = reader.get(url)
    with CaptureQueriesContext(connection) as without:
        Client(headers={"User-Agent": "Googlebot/2.1"}).get(url)
    assert len(with_counting) == len(without)
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()
    assert counted() == {url: 1}


@pytest.mark.parametrize(
    "program",
    [
        "",
        " ",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp)",
        "Baiduspider+",
        "facebookexternalhit/1.1",
        "Mozilla/5.0 HeadlessChrome/140.0",
        "SkypeUriPreview",
        "UptimeMonitor/1",
        "curl/8.5.0",
        "Wget/1.21",
        "python-requests/2.32",
        "Go-http-client/2.0",
        "Chrome-Lighthouse",
    ],
)
def test_programs_are_not_counted(program: str) -> None:
    machine = Client(headers={"User-Agent": program})
    machine.get("/conditions/")
    machine.get("/no-such-page/")
    assert counted() == {}
    assert missing() == {}


def test_a_phone_called_cubot_is_a_reader() -> None:
    phone = "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Mobile Safari/537.36"
    Client(headers={"User-Agent": phone}).get("/conditions/")
    assert counted() == {"/conditions/": 1}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
    ],
)
def test_what_a_browser_fetches_ahead_is_not_counted(name: str, value: str) -> None:
    Client(headers=READER | {name: value}).get("/conditions/")
    assert counted() == {}


def test_staff_who_are_signed_in_are_not_counted(signed_in: Callable[..., Client]) -> None:
    client = signed_in(make_user("Author"), headers=READER)
    client.get("/conditions/")
    client.get("/no-such-page/")
    assert counted() == missing() == {}


def test_other_methods_and_other_answers_are_not_counted(reader: Client) -> None:
    make_clinic()
    gone = make_article(published_at=None)
    reader.head("/conditions/")
    reader.post("/contact/", {})
    reader.post("/conditions/")
    reader.get("/admin/login/")
    reader.get("/healthz")
    reader.get("/changes.atom")
    reader.get("/contact/received/")
    assert reader.get(gone.get_absolute_url()).status_code == 404
    assert counted() == {}


def test_links_shared_with_one_person_are_not_counted(reader: Client) -> None:
    page = make_article(published_at=None)
    user = make_user("Manager")
    version = workflow.latest_version(page)
    link = workflow.share(page, version, user, invited="Dr Outside", days=7)
    assert reader.get(sharing.address_of(link)).status_code == 200
    assert reader.get("/shared/no-such-token/").status_code == 404
    assert counted() == missing() == {}


def answered(response: HttpResponse, path: str = "/conditions/") -> None:
    """Have the middleware see an answer, as whatever stands inside it gave it."""
    request = RequestFactory(headers=READER).get(path)
    CountReadersMiddleware(lambda request: response)(request)


def test_a_page_from_the_servers_cache_is_counted_each_time() -> None:
    seen = []

    @cache_page(60)
    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.path)
        return HttpResponse("<p>A page")

    cache.clear()
    for _ in range(3):
        CountReadersMiddleware(view)(RequestFactory(headers=READER).get("/conditions/"))
    cache.clear()
    assert seen == ["/conditions/"]
    assert counted() == {"/conditions/": 3}


def test_a_page_that_the_readers_own_cache_still_has_is_counted() -> None:
    answered(HttpResponseNotModified())
    answered(HttpResponseNotModified(), "/changes.atom")
    assert counted() == {"/conditions/": 1}


@pytest.mark.parametrize("told", ["no-store", "private", "max-age=0, private, no-store"])
def test_what_may_not_be_stored_is_not_counted(told: str) -> None:
    answered(HttpResponse("<p>For one", headers={"Cache-Control": told}))
    assert counted() == {}


@pytest.mark.parametrize("path", ["/admin/x/", "/staff/x/", "/shared/x/", "/media/x", "/static/x"])
def test_what_is_not_for_readers_is_not_counted(path: str) -> None:
    answered(HttpResponse("<p>Words"), path)
    assert counted() == {}


def test_an_address_too_long_to_be_kept_is_left_out() -> None:
    answered(HttpResponse("<p>Words"), f"/{'x' * 198}/")
    answered(HttpResponse("<p>Words"), f"/{'x' * 199}/")
    assert counted() == {f"/{'x' * 198}/": 1}


def test_no_fault_of_counting_reaches_the_reader(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(path: str) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr("visits.tally.record", fail)
    reader = Client(headers=READER)
    caplog.clear()
    assert [reader.get("/conditions/").status_code for _ in range(3)] == [200] * 3
    assert len([each for each in caplog.records if each.name == "visits.middleware"]) == 1


# --- missing addresses ----------------------------------------------------------------------------


def test_addresses_that_lead_nowhere_are_noted_without_the_query(reader: Client) -> None:
    for url in ("/back-leaflet/?name=Jane", "/back-leaflet/", "/articles/gone/", "/old/page.html"):
        assert reader.get(url).status_code == 404
    assert missing() == {"/back-leaflet/": 2, "/articles/gone/": 1, "/old/page.html": 1}
    assert counted() == {}


def test_an_address_that_leads_on_is_not_missing(reader: Client) -> None:
    redirects.add("/old/", "/contact/")
    assert reader.get("/old/").status_code == 301
    assert missing() == {}


@pytest.mark.parametrize(
    "path",
    [
        "/wp-login.php",
        "/blog/wp-content/x/",
        "/index.php",
        "/.env",
        "/api/.git/config",
        "/backup.sql",
        "/cgi-bin/test",
        "/contact/your-enquiry/Im5vIg:secret/",
        "/conditions/jane@example.org/",
        f"/{'x' * 200}/",
        "/back%00/",
    ],
)
def test_what_is_no_lost_page_or_may_be_private_is_not_noted(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404
    assert missing() == {}


def test_missing_addresses_are_kept_with_the_days_they_were_asked_for(reader: Client) -> None:
    for day in (3, 8, 8):
        with time_machine.travel(datetime(2026, 7, day, 12, tzinfo=UTC), tick=False):
            reader.get("/lost/")
            tally.flush()
    row = MissingAddress.objects.get()
    assert (row.times, f"{row.first_on}", f"{row.last_on}") == (3, "2026-07-03", "2026-07-08")


def test_a_category_that_is_gone_is_missing(reader: Client) -> None:
    make_category(slug="knees")
    reader.get("/articles/category/knees/")
    reader.get("/articles/category/hips/")
    assert counted() == {"/articles/category/knees/": 1}
    assert missing() == {"/articles/category/hips/": 1}


def test_counts_survive_a_database_that_is_away(
    reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any) -> None:
        raise DatabaseError("away")

    reader.get("/conditions/")
    reader.get("/lost/")
    with monkeypatch.context() as patched:
        patched.setattr("visits.tally.add_counts", fail)
        caplog.clear()
        tally.flush()
        assert "could not be written" in caplog.text
    assert not PageCount.objects.exists()
    reader.get("/conditions/")
    assert counted() == {"/conditions/": 2}
    assert missing() == {"/lost/": 1}
