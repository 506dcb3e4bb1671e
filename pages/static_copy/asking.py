"""Asks the site for a page, in this process and with all its middleware, as any reader would."""

import io
import sys
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler


@dataclass(frozen=True)
class Answer:
    """What the site answers for an address."""

    status: int
    content_type: str
    location: str
    body: bytes


class Site:
    """The site, ready to answer."""

    def __init__(self) -> None:
        self._handler = WSGIHandler()
        self._site = urlsplit(settings.SITE_URL)

    def ask(self, address: str) -> Answer:
        """Return the answer for a path, with its query if it has one."""
        told: list[Any] = []
        start: Any = lambda *given: told.append(given)  # noqa: E731
        result = self._handler(self._environ(address), start)
        try:
            body = b"".join(result)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
        status, headers = told[0][:2]
        by_name = {name.lower(): value for name, value in headers}
        content_type = by_name.get("content-type", "").partition(";")[0]
        return Answer(int(status[:3]), content_type, by_name.get("location", ""), body)

    def _environ(self, address: str) -> dict[str, Any]:
        path, _, query = address.partition("?")
        scheme = self._site.scheme
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            # As a server hands it over: the bytes of the path, read as Latin-1.
            "PATH_INFO": unquote(path).encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self._site.hostname or "",
            "SERVER_PORT": str(self._site.port or (443 if scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self._site.netloc,
            "HTTP_X_FORWARDED_PROTO": scheme,
            "REMOTE_ADDR": "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scheme,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
