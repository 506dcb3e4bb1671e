"""What this site answers a reader at an address, asked of its own views without a server."""

import logging
import re
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.urls import resolve

logger = logging.getLogger(__name__)

_ID = re.compile(r'\bid="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """A status, and the names on the page that a link may lead to, where they can be known."""

    status: int
    names: frozenset[str] | None = None


def answer_at(path: str, query: str = "") -> Answer:
    """Return what somebody who is not signed in gets at a path of this site that leads to a view.

    Nothing of it stays in the database. A view that fails here gets the benefit of the doubt.
    """
    try:
        with transaction.atomic():
            found = _answer(_response(path, query))
            transaction.set_rollback(True)
            return found
    except Http404:
        return Answer(404)
    except PermissionDenied:
        return Answer(403)
    except Exception:
        # A check must not keep anybody from their page because another page is out of order.
        logger.exception("What stands at %s could not be found out", path)
        return Answer(200)


def _response(path: str, query: str) -> HttpResponseBase:
    request = _request(path, query)
    match = resolve(path)
    request.resolver_match = match
    response = match.func(request, *match.args, **match.kwargs)
    if hasattr(response, "render"):
        response.render()
    return response  # type: ignore[no-any-return]


def _request(path: str, query: str) -> WSGIRequest:
    site = urlsplit(settings.SITE_URL)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": quote(path).encode().decode("latin-1"),
            "QUERY_STRING": query,
            "HTTP_HOST": site.netloc,
            "SERVER_NAME": site.hostname or "",
            "SERVER_PORT": str(site.port or 443),
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": BytesIO(),
        }
    )
    request.path = request.path_info = path
    request.user = AnonymousUser()
    return request


def _answer(response: HttpResponseBase) -> Answer:
    is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
    names = frozenset(_ID.findall(response.content.decode())) if is_page else None  # type: ignore[attr-defined]
    # Not `response.close()`: it ends the request, and with it the connection to the database that
    # whoever checks is still using. Only a file has to be closed.
    file = getattr(response, "file_to_stream", None)
    if file is not None:
        file.close()
    return Answer(response.status_code, names if response.status_code == 200 else None)
