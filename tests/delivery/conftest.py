"""A site whose pages are kept, asked as a server asks it."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
from django.conf import LazySettings
from django.core.wsgi import get_wsgi_application
from django.db import connection

from delivery import changes
from delivery.wsgi import PageDelivery
from publishing.projection import apply_due
from visits import tally


@dataclass
class Answer:
    """What came back, as bytes on the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        decoders: dict[str, Callable[[bytes], bytes]] = {
            "br": brotli.decompress,
            "gzip": gzip.decompress,
            "": lambda body: body,
        }
        return decoders[self.headers.get("content-encoding", "")](self.body).decode()


class Site:
    """The whole site behind its page delivery. `rendered` are the addresses the framework made."""

    def __init__(self) -> None:
        self.rendered: list[str] = []
        framework = get_wsgi_application()

        def counted(environ: dict[str, Any], start_response: Any) -> Any:
            self.rendered.append(environ["PATH_INFO"])
            return framework(environ, start_response)

        self.application = PageDelivery(counted, before=[apply_due])
        # Tests look by themselves at what other machines say.
        self.application._listener = cast(Any, "none")

    def get(self, path: str, *, method: str = "GET", **headers: str) -> Answer:
        path, _, query = path.partition("?")
        return self.ask(path, query, method=method, **headers)

    def ask(self, path: str, query: str, *, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path and a query as a server hands them over, whatever is in them."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_USER_AGENT": "Mozilla/5.0 (a reader's phone)",
            "wsgi.input": BytesIO(),
        } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        setup_testing_defaults(environ)
        told: list[Any] = []
        body = self.application(environ, lambda *given: told.append(given))
        content = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        status, given = told[0][:2]
        names = {name.lower(): value for name, value in given}
        names.pop("x-request-id", None)  # each answer of the framework has its own
        return Answer(int(status.split()[0]), names, content)

    def renders(self, path: str, **headers: str) -> bool:
        """Say whether asking for the page had the framework make it."""
        before = len(self.rendered)
        assert self.get(path, **headers).status == 200, path
        return len(self.rendered) > before


@pytest.fixture
def site(transactional_db: None, settings: LazySettings, tmp_path: Any) -> Iterator[Site]:
    """Return a site that keeps its pages; what is written to the database is watched."""
    settings.PAGE_CACHE_MEGABYTES = 8
    settings.HEARS_OTHER_MACHINES = True
    settings.DATA_DIR = tmp_path
    changes.board.cache_clear()
    changes.watch(connection)
    try:
        yield Site()
    finally:
        tally.flush()  # so that no reading is left over for another test
        connection.execute_wrappers.remove(changes.watch_writes)
        changes.board.cache_clear()
