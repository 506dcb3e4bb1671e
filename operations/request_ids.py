"""The number of a request: in every line of the log that is about it, and in its answer.

A kept page is given out without one: it is answered before the framework is asked, and nothing
can go wrong with it that a number would help to find.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True)
class Asked:
    """What is being answered."""

    number: str
    request: HttpRequest


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


def number_for(request: HttpRequest) -> str:
    """Return the number that a proxy of ours gave the request, else a new one.

    Whoever else sends the header could give many requests the same number, or put into our log
    what they like.
    """
    given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
    return given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


@contextmanager
def answering(request: HttpRequest) -> Iterator[str]:
    """Give the request a number for as long as it is being answered."""
    number = number_for(request)
    token = _asked.set(Asked(number, request))
    try:
        yield number
    finally:
        _asked.reset(token)


def current() -> str:
    """Return the number of the request that is being answered, or nothing."""
    asked = _asked.get()
    return asked.number if asked else ""


def current_request() -> HttpRequest | None:
    """Return the request that is being answered."""
    asked = _asked.get()
    return asked.request if asked else None
