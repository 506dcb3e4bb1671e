"""The way of a request: a kept page answers it at once; all else goes to the framework.

What is kept is rendered for nobody: the request that the framework sees has only an address. So no
cookie, header or query of one reader can get into a page that another is given.
"""

import io
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.http.request import split_domain_port, validate_host

from delivery import readings
from delivery.answers import answer, kept_headers, passing
from delivery.changes import Listener, board
from delivery.connections import give_back
from delivery.pages import Headers, KeptPages, Page
from delivery.remembered import next_moment
from delivery.shown import collecting
from visits import tally
from visits.addresses import is_worth_noting
from visits.middleware import is_read

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# What is never the same for everybody, or is a file: the framework answers it as it is asked.
_NOT_KEPT = (
    "/admin/", "/staff/", "/shared/", "/static/", "/media/", "/share-images/", "/search/",
    "/contact/", "/feedback/", "/is-needling-suitable/", "/healthz", "/livez", "/readyz",
)  # fmt: skip
_KEPT_TYPES = (
    "text/html", "application/atom+xml", "application/xml", "text/plain",
    "application/manifest+json",
)  # fmt: skip
_PAGE_NUMBER = re.compile(r"page=[1-9][0-9]{0,3}")
_METHODS = frozenset({"GET", "HEAD"})
_LONGEST_PATH = 200
_MOST_HOSTS = 100  # a made-up port makes another one each time


class PageDelivery:
    """Wraps the framework's application."""

    def __init__(self, application: Application, before: Iterable[Callable[[], None]]) -> None:
        self._application = application
        # What has to be seen to before any answer, such as planned changes that have come due.
        self._before = tuple(before)
        self.pages = KeptPages(board(), settings.PAGE_CACHE_MEGABYTES * 1024 * 1024)
        self._site = urlsplit(settings.SITE_URL)
        self._needs_https = settings.SECURE_SSL_REDIRECT
        # Who has one of these may be staff, or has a message to be shown.
        self._cookies = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages")
        self._known_hosts: set[str] = set()
        self._listener: Listener | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self._is_for_everybody(environ):
            return self._application(environ, start_response)
        for each in self._before:
            each()
        give_back()
        address = environ["PATH_INFO"] + "?" + environ.get("QUERY_STRING", "")
        page = self.pages.get(address)
        if page is None:
            try:
                page = self.pages.get_or_render(address, lambda: self._render(environ))
            finally:
                give_back()
        _count(environ, page)
        status, headers, body = answer(page, environ) if page.until else passing(page, environ)
        start_response(status, headers)
        return [body]

    def _is_for_everybody(self, environ: Environ) -> bool:
        """Say whether the answer is the same whoever asks, as far as the request tells."""
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING")
        cookies = environ.get("HTTP_COOKIE")
        return (
            environ["REQUEST_METHOD"] in _METHODS
            and not path.startswith(_NOT_KEPT)
            and len(path) <= _LONGEST_PATH
            and not (query and not _PAGE_NUMBER.fullmatch(query))
            and not (cookies and any(name in cookies for name in self._cookies))
            and (environ.get("HTTP_HOST") in self._known_hosts or self._is_own_host(environ))
            and (not self._needs_https or self._is_encrypted(environ))
        )

    def _is_own_host(self, environ: Environ) -> bool:
        host = environ.get("HTTP_HOST", "")
        domain, _ = split_domain_port(host)
        if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
            return False
        if len(self._known_hosts) < _MOST_HOSTS:
            self._known_hosts.add(host)
        return True

    def _is_encrypted(self, environ: Environ) -> bool:
        forwarded = environ.get("HTTP_X_FORWARDED_PROTO") if settings.TRUSTED_PROXIES else None
        return "https" in {environ["wsgi.url_scheme"], forwarded}

    def _render(self, environ: Environ) -> Page:
        """Have the framework make the page, as for a reader of whom nothing is known."""
        self._listen()
        tally.see_to_flushing()
        until = _until()
        with collecting() as shown:
            # Taken before anything is read: what changes meanwhile makes the page out of date.
            before = board().photograph()
            status, headers, body = self._ask(environ)
        page = Page(status, headers, body, stamp=before.stamp(shown.tags))
        if _may_keep(status, headers):
            page.headers = kept_headers(headers)
            page.until = until
        return page

    def _listen(self) -> None:
        """Start to listen for changes made elsewhere: only now is a worker what it will be."""
        if self._listener is None and settings.HEARS_OTHER_MACHINES:
            self._listener = Listener()
            self._listener.start()

    def _ask(self, environ: Environ) -> tuple[str, Headers, bytes]:
        told: list[Any] = []
        result = self._application(self._bare(environ), lambda *given: told.append(given))
        try:
            body = b"".join(result)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
        status, headers = told[0][:2]
        return status, list(headers), body

    def _bare(self, environ: Environ) -> Environ:
        """Return a request that has the address and nothing of who asks."""
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": environ["PATH_INFO"],
            "QUERY_STRING": environ.get("QUERY_STRING", ""),
            "SERVER_NAME": self._site.hostname or "",
            "SERVER_PORT": str(self._site.port or (443 if self._site.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self._site.netloc,
            "HTTP_X_FORWARDED_PROTO": self._site.scheme,
            "REMOTE_ADDR": "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self._site.scheme,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": environ.get("wsgi.errors"),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


def _count(environ: Environ, page: Page) -> None:
    """Count what a reader was shown, as `visits.middleware` does: the framework saw nobody ask."""
    if environ["REQUEST_METHOD"] != "GET" or not is_read(environ):
        return
    path = environ["PATH_INFO"]
    if page.until:
        if page.is_html:
            readings.add(path)
    elif page.status.startswith("404") and is_worth_noting(path):
        tally.record_missing(path)


def _may_keep(status: str, headers: Headers) -> bool:
    """Say whether everybody may be given this answer."""
    told = {name.lower(): value.lower() for name, value in headers}
    control = told.get("cache-control", "")
    return (
        status.startswith("200 ")
        and told.get("content-type", "").startswith(_KEPT_TYPES)
        and "set-cookie" not in told
        and "cookie" not in told.get("vary", "")
        and not any(word in control for word in ("private", "no-store", "no-cache"))
    )


def _until() -> float:
    try:
        return next_moment()
    except DatabaseError:  # the page is there, and is given to this reader alone
        return 1.0
