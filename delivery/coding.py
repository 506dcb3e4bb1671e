"""Compresses pages: each process by itself, or once for all of them where they share a cache.

What the cache holds is
found by the page's digest, so it is never out of date; and it is unpacked and compared before it is
used, so that nobody who can write to the cache can put a word on a page.
"""

import gzip
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

import brotli
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

_QUICK = 5  # of 11
_SECONDS_KEPT = 7 * 24 * 60 * 60
# After a cache that did not answer, so that not every page waits for it.
_SECONDS_OF_REST = 10.0

_resting_until = 0.0


@dataclass(frozen=True)
class Coded:
    """A body in a coding. Bytes that differ have another mark in their ETag."""

    body: bytes
    mark: str


def quickly(body: bytes, coding: str) -> Coded:
    """Return the body in a coding (`br`, `gzip`, or nothing for as it is) for whoever waits."""
    if coding == "gzip":
        return Coded(gzip.compress(body, 9, mtime=0), coding)
    if coding == "br":
        return Coded(brotli.compress(body, quality=_QUICK), "br-quick")
    return Coded(body, "")


def at_best(body: bytes) -> Coded:
    """Return the body in brotli's best, which takes as long as a reader should not wait."""
    return Coded(_brotli(body), "br")


def _brotli(body: bytes) -> bytes:
    if not settings.HAS_SHARED_CACHE:
        return _compressed(body)
    key = f"br:{blake2b(body, digest_size=20).hexdigest()}"
    found = _ask(lambda: cache.get(key))
    if isinstance(found, bytes) and _is_of(found, body):
        return found
    made = _compressed(body)
    _ask(lambda: cache.set(key, made, _SECONDS_KEPT))
    return made


def _compressed(body: bytes) -> bytes:
    made: bytes = brotli.compress(body, quality=11)
    return made


def _is_of(found: bytes, body: bytes) -> bool:
    try:
        return bool(brotli.decompress(found) == body)
    except brotli.error:
        return False


def _ask(question: Callable[[], Result]) -> Result | None:
    """Return the cache's answer, or nothing while it is away: the work is then done here."""
    global _resting_until
    if time.monotonic() < _resting_until:
        return None
    try:
        return question()
    except (RedisError, OSError, ValueError) as error:
        _resting_until = time.monotonic() + _SECONDS_OF_REST
        logger.warning("The shared cache is not to be had: %s", type(error).__name__)
        return None
