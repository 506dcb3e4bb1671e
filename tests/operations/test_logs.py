"""The log: lines for people or programs, the number of the request in each, nobody's words."""

import json
import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from operations import logs, request_ids
from operations.logs import JsonFormatter, LineFormatter
from operations.middleware import RequestMiddleware
from tests.factories import make_clinic

SECRET = "Sam Canary, sam@example.com"


def fails(request: HttpRequest, token: str = "") -> HttpResponse:
    """A page that fails as a database does: it quotes what somebody typed."""
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        raise RuntimeError(f"Key (name)=({SECRET})") from error


urlpatterns = [path("fails/<token>/", fails)]
handler500 = "pages.views.server_error"


def record(message: str = "Something", *, error: BaseException | None = None) -> logging.LogRecord:
    found = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("pages.x", logging.ERROR, __file__, 1, message, (), found)


def raised() -> BaseException:
    try:
        fails(HttpRequest())
    except RuntimeError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize("formatter", [LineFormatter(), JsonFormatter()])
def test_an_exception_is_told_by_its_type_and_its_way_alone(formatter: logging.Formatter) -> None:
    line = record("It failed", error=raised())
    logging.Formatter().format(line)  # another handler has put the words into the record
    text = formatter.format(line)
    for part in ("It failed", "ValueError", "RuntimeError", "test_logs.py", "in fails"):
        assert part in text
    assert "Canary" not in text
    assert "sam@" not in text


def test_what_led_to_an_exception_comes_first_and_once() -> None:
    error = raised()
    assert error.__cause__ is not None
    error.__cause__.__cause__ = error  # a ring must not hang the log
    text = logs.wordless_traceback(error)
    assert text.index("\nValueError") < text.index("\nRuntimeError")
    assert text.count("Traceback (most recent call last)") == 2


def test_a_line_for_a_program_is_one_json_object(settings: Any) -> None:
    entry = json.loads(JsonFormatter().format(record("One\ntwo “three”")))
    assert entry["message"] == "One\ntwo “three”"
    assert (entry["level"], entry["logger"]) == ("ERROR", "pages.x")
    assert entry["time"].endswith("+00:00")
    assert "request_id" not in entry
    assert "traceback" not in entry


@pytest.mark.parametrize("formatter", [LineFormatter(), JsonFormatter()])
def test_lines_of_a_request_have_its_number(formatter: logging.Formatter) -> None:
    with request_ids.answering(RequestFactory().get("/")) as number:
        inside = formatter.format(record())
    assert number in inside
    assert number not in formatter.format(record())


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, "3f2a9c0d11e84b7a", True),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "abcdefgh\nInjected: line", False),
        (1, "<script>alert(1)", False),
        (0, "3f2a9c0d11e84b7a", False),
    ],
)
def test_a_number_is_taken_from_a_trusted_proxy_alone(
    settings: Any, proxies: int, given: str, is_taken: bool
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Request-ID": given})
    number = request_ids.number_for(request)
    assert (number == given) is is_taken
    assert len(number) >= 8


def lines_of(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [each.facts for each in caplog.records if each.name == "clinic.requests"]  # type: ignore[attr-defined]


@pytest.fixture
def caught(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="clinic.requests")
    return caplog


@pytest.mark.django_db
def test_each_request_has_a_line_without_query_address_or_program(
    caught: pytest.LogCaptureFixture,
) -> None:
    make_clinic()
    response = Client().get(
        "/search/", {"q": "canary pain"}, REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="CanaryBrowser"
    )
    (line,) = lines_of(caught)
    assert line["bytes"] == len(response.content)
    assert line["milliseconds"] > 0
    del line["bytes"], line["milliseconds"]
    assert line == {"method": "GET", "path": "/search/", "status": 200}
    assert "anary" not in caught.text
    assert "203.0" not in caught.text


@pytest.mark.django_db
def test_the_secret_part_of_an_address_is_left_out(caught: pytest.LogCaptureFixture) -> None:
    make_clinic()
    Client().get("/contact/your-enquiry/E-7K4M:s3cr3t/")
    assert lines_of(caught)[0]["path"] == "/contact/your-enquiry/[removed]/"


def test_an_answer_that_is_still_to_come_has_no_size(caught: pytest.LogCaptureFixture) -> None:
    answers = iter([StreamingHttpResponse(iter([b"x"])), StreamingHttpResponse(iter([b"xyz"]))])
    answer = RequestMiddleware(lambda request: next(answers))  # type: ignore[arg-type,return-value]
    answer(RequestFactory().get("/"))
    assert lines_of(caught)[0]["bytes"] is None


@pytest.mark.urls(__name__)
def test_a_page_that_fails_gives_a_number_to_quote(
    caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.MIDDLEWARE = ["operations.middleware.RequestMiddleware"]
    response = Client(raise_request_exception=False).get("/fails/s3cr3t/")
    number = response.headers["X-Request-ID"]
    assert response.status_code == 500
    assert f"find what went wrong: {number}" in response.content.decode()
    assert "Canary" not in response.content.decode()
