"""Whatever is asked for, the answer is a page in plain words and never a server error of ours."""

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import hypothesis
import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpResponse
from django.test import Client
from hypothesis import strategies as st

from articles.views import ArticleListView
from enquiries import last_known
from pages.views import HomeView
from tests.demo import DemoRows

TELEPHONE = "01632 960123"
LISTS = ["/articles/", "/articles/category/safety/", "/practitioners/"]
ONE_OF_EACH = [
    "/", "/conditions/", "/conditions/back-pain/", "/articles/", "/articles/category/safety/",
    "/articles/side-effects-and-safety/", "/treatments/", "/treatments/physiotherapy/",
    "/practitioners/", "/practitioners/asha-example/", "/fees/", "/healthz",
]  # fmt: skip


@pytest.fixture
def visitor() -> Client:
    """Somebody whose browser shows our error pages, and whose posts are checked."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def check_error_page(response: HttpResponse, status: int, heading: str) -> None:
    """See that the answer is the page for the status, in plain words, with a way on."""
    assert response.status_code == status
    soup = BeautifulSoup(response.content, "html.parser")
    assert [each.get_text(strip=True) for each in soup.find_all("h1")] == [heading]
    assert soup.html is not None
    assert soup.html["lang"] == "en-GB"
    text = soup.get_text(" ", strip=True)
    assert TELEPHONE in text
    assert "999" in text
    assert soup.select_one('a[href="/"]')
    # No status codes and no jargon in front of a patient.
    for jargon in (str(status), "Forbidden", "CSRF", "Bad Request", "Not Found", "Error"):
        assert jargon not in soup.main.get_text(" "), jargon  # type: ignore[union-attr]
    assert "noindex" in str(soup.find("meta", attrs={"name": "robots"}))
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "url",
    [
        "/conditions/no-such/", "/articles/no-such/", "/articles/category/no-such/",
        "/treatments/no-such/", "/practitioners/no-such/", "/no-such/", "/no/such/page/",
        "/conditions/back-pain/more/", "/wp-login.php", "/.env", "/favicon.ico/x", "/media/x.jpg",
        "/media/../settings.py", "/conditions/%00/", "/conditions/%FF%FE/", "/%ED%A0%80/",
        "/practitioners/%D8%A3%D9%84%D9%85/", "/" + "a" * 6000 + "/",
    ],
)  # fmt: skip
def test_unknown_address_gets_the_page_for_it(demo: DemoRows, visitor: Client, url: str) -> None:
    check_error_page(visitor.get(url), 404, "Page not found")


@pytest.mark.parametrize("url", LISTS)
def test_page_of_a_list_that_does_not_exist(demo: DemoRows, visitor: Client, url: str) -> None:
    for page in ("0", "-1", "9999", "abc", "1.5", "1e3", "%00", "٣٣", "9" * 400, "%ED%A0%80"):
        check_error_page(visitor.get(f"{url}?page={page}"), 404, "Page not found")


NASTY = {
    "null byte": "\x00",
    "null byte within": "mon\x00day",
    "right to left": "ألم في الظهر‮",
    "emoji": "🦴" * 50,
    "quotes": "'\"><script>alert(1)</script>",
    "very long": "x" * 60_000,
    "percent": "%",
    "template": "{{ 7|add:7 }}",
    "sql": "1' OR '1'='1",
}


FORMS = ["/contact/", "/contact/received/", "/is-needling-suitable/"]


@pytest.mark.parametrize("url", [*ONE_OF_EACH, *FORMS])
def test_strange_parameters_change_nothing(demo: DemoRows, visitor: Client, url: str) -> None:
    for nasty, text in NASTY.items():
        value = quote(text, safe="")
        names = ("q", "condition", "practitioner", "day", "treatment", "ref", value[:200])
        response = visitor.get(f"{url}?" + "&".join(f"{name}={value}" for name in names))
        assert response.status_code == 200, nasty
        assert b"<script>" not in response.content, nasty


@pytest.mark.parametrize(
    "name", ["condition", "treatment", "day", "language", "new-patients", "page"]
)
def test_broken_encodings_in_parameters(demo: DemoRows, visitor: Client, name: str) -> None:
    for value in ("%ED%A0%80", "%FF%FE", "%C3%28", "%", "%u0000"):
        for url in ("/practitioners/", "/articles/", "/contact/"):
            assert visitor.get(f"{url}?{name}={value}").status_code in {200, 404}, (url, value)


@hypothesis.settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
@hypothesis.given(
    value=st.text(st.characters(exclude_categories=[]), max_size=30),
    name=st.sampled_from(["day", "condition", "language", "page"]),
)
@pytest.mark.django_db
def test_any_text_in_a_filter_gets_a_page(value: str, name: str, client: Client) -> None:
    """Lone surrogates too, as a browser or a robot may send them."""
    sent = quote(value.encode("utf-8", "surrogatepass"))
    status = client.get(f"/practitioners/?{name}={sent}").status_code
    assert status == 200 or (name == "page" and status == 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_wrong_method_is_refused(demo: DemoRows, method: str) -> None:
    for url in ONE_OF_EACH:
        response = getattr(Client(raise_request_exception=False), method)(url)
        assert response.status_code == 405, url
        assert "GET" in response.headers["Allow"], url
        assert "This page does not work that way" in response.content.decode(), url


def test_head_answers_like_get_without_content(demo: DemoRows, visitor: Client) -> None:
    for url in {*ONE_OF_EACH, *FORMS} - {"/healthz"}:
        response = visitor.head(url)
        assert response.status_code == 200, url
        assert response.content == b"", url


@pytest.mark.parametrize("url", ["/", "/conditions/", "/practitioners/", "/fees/"])
def test_post_without_a_token_is_refused_in_plain_words(
    demo: DemoRows, visitor: Client, url: str
) -> None:
    check_error_page(visitor.post(url, {"x": "y"}), 403, "This form was not sent")


def test_sign_in_form_without_its_token_is_refused_in_plain_words(
    demo: DemoRows, visitor: Client
) -> None:
    response = visitor.post("/admin/login/", {"username": "x", "password": "y"})
    check_error_page(response, 403, "This form was not sent")


@pytest.mark.parametrize(
    "url",
    ["/contact/", "/is-needling-suitable/", "/staff/markdown/preview/", "/admin/login/", "/"],
)
def test_far_too_large_post_gets_a_clear_page(demo: DemoRows, visitor: Client, url: str) -> None:
    body = "message=" + "x" * (13 * 1024 * 1024)
    response = visitor.post(url, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {400, 403}
    assert TELEPHONE in response.content.decode()


def test_far_too_large_enquiry_gets_the_page_for_it(demo: DemoRows, visitor: Client) -> None:
    response = visitor.post("/contact/", {"message": "x" * (13 * 1024 * 1024)})
    check_error_page(response, 400, "We could not read that")


def test_broken_multipart_gets_a_clear_page(demo: DemoRows, visitor: Client) -> None:
    response = visitor.post("/contact/", b"nonsense", content_type="multipart/form-data")
    assert response.status_code in {400, 422}
    assert TELEPHONE in response.content.decode()


def test_unknown_host_gets_a_clear_page(demo: DemoRows, visitor: Client) -> None:
    response = visitor.get("/", headers={"host": "evil.example"})
    check_error_page(response, 400, "We could not read that")


def test_forbidden_page_is_in_plain_words(
    demo: DemoRows, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(view: object, **kwargs: Any) -> None:
        raise PermissionDenied

    monkeypatch.setattr(HomeView, "get_context_data", refuse)
    check_error_page(visitor.get("/"), 403, "You cannot see this page")


@pytest.mark.django_db
def test_error_pages_work_before_the_clinic_is_set_up(visitor: Client) -> None:
    assert visitor.get("/no-such/").status_code == 404
    assert visitor.get("/").status_code == 200


# --- our own fault -----------------------------------------------------------------------------


def database_gone() -> AbstractContextManager[object]:
    """Return a context in which no query works, as when the server has gone."""
    return patch.object(
        BaseDatabaseWrapper, "cursor", side_effect=OperationalError("the database has gone")
    )


def check_failure_page(response: HttpResponse) -> None:
    assert response.status_code == 500
    soup = BeautifulSoup(response.content, "html.parser")
    assert [each.get_text() for each in soup.find_all("h1")] == [
        "Sorry, there is a problem with this site"
    ]
    text = soup.get_text(" ", strip=True)
    assert "999" in text
    assert "111" in text
    for jargon in ("500", "Traceback", "OperationalError", "RuntimeError", "database"):
        assert jargon not in text
    assert soup.find_all(["script", "style", "img", "link"]) == []
    assert "Set-Cookie" not in response.headers


def test_failure_page_has_the_telephone_number(
    demo: DemoRows, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get("/fees/")

    def fail(view: object, **kwargs: Any) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(ArticleListView, "get_context_data", fail)
    response = visitor.get("/articles/")
    check_failure_page(response)
    assert f'<a href="tel:01632960123">{TELEPHONE}</a>' in response.content.decode()


@pytest.mark.parametrize("url", ["/", "/conditions/", "/practitioners/", "/fees/", "/no-such/"])
def test_failure_page_works_without_a_database(demo: DemoRows, visitor: Client, url: str) -> None:
    visitor.get("/")  # the number is known from the last page that showed it
    with database_gone():
        response = visitor.get(url)
    check_failure_page(response)
    assert TELEPHONE in response.content.decode()


@pytest.mark.django_db
def test_failure_page_works_in_a_process_that_never_saw_the_database(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_known, "_known", {})
    with database_gone():
        check_failure_page(visitor.get("/"))


# --- health ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_health_is_ok(visitor: Client) -> None:
    response = visitor.get("/healthz")
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == body["database"] == "ok"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_health_says_when_the_database_is_gone(visitor: Client) -> None:
    with database_gone():
        response = visitor.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "the database does not answer"}
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_health_ends_without_a_slash(visitor: Client) -> None:
    assert visitor.get("/healthz/").status_code == 404
