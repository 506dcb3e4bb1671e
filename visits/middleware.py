"""Counts what readers read, looking at as little as that takes.

Looked at: method, address without query, kind of answer, whether it is a program that asks, and
whether a member of staff is signed in. Nothing of it is kept but the address. No network address,
cookie, referrer, language or screen is read.
"""

import functools
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from visits import tally
from visits.addresses import is_for_readers, is_worth_noting

logger = logging.getLogger(__name__)

# Programs that say what they are; a phone's maker is called Cubot.
_PROGRAM = re.compile(
    r"(?<!\bcu)bot|crawl|spider|slurp|preview|monitor|uptime|pingdom|headless|lighthouse|archiver"
    r"|externalhit|validator|feed|curl|wget|python|java/|go-http|okhttp|http-?client|libwww|scrapy",
    re.IGNORECASE,
)
# Private, because each reader's form has a token of its own, but one page for everybody.
_PRIVATE_BUT_COUNTED = "/contact/"


class CountReadersMiddleware:
    """Counts pages that readers were shown, and addresses of theirs that lead nowhere.

    It stands outside whatever may answer without asking a view, such as a cache of pages. Counting
    never fails a request, and writes to nothing but memory.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._has_failed = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        try:
            _count(request, response)
        except Exception:  # a page is worth more than its count
            if not self._has_failed:
                logger.exception("Readers are not counted; this is told once.")
            self._has_failed = True
        return response


def _count(request: HttpRequest, response: HttpResponse) -> None:
    if request.method != "GET" or not is_reader(request):
        return
    path = request.path
    if response.status_code == 404:
        if is_worth_noting(path):
            tally.record_missing(path)
    elif is_for_readers(path) and _shows_page(path, response):
        tally.record(path)


def is_reader(request: HttpRequest) -> bool:
    """Say whether a person seems to ask, who is not staff and has the page before their eyes."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and is_read(request.META)


def is_read(environ: Mapping[str, Any]) -> bool:
    """Say whether a request comes from a browser that shows at once what it asks for."""
    purpose = environ.get("HTTP_SEC_PURPOSE") or environ.get("HTTP_PURPOSE") or ""
    return "prefetch" not in purpose.lower() and is_browser(environ.get("HTTP_USER_AGENT", ""))


@functools.lru_cache(maxsize=1024)
def is_browser(program: str) -> bool:
    """Say whether what asks calls itself something that a person reads with."""
    return bool(program.strip()) and not _PROGRAM.search(program)


def _shows_page(path: str, response: HttpResponse) -> bool:
    """Say whether the answer is a page that is the same for everybody.

    Drafts, private links and what came of a form say that nobody may store them. An answer 304 says
    that the reader's own copy is still right, so it is read once more; it names no type, but only
    the addresses of pages end with a slash.
    """
    told = response.get("Cache-Control", "").lower()
    if ("private" in told or "no-store" in told) and path != _PRIVATE_BUT_COUNTED:
        return False
    if response.status_code == 304:
        return path.endswith("/")
    return response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
