"""Addresses as the world outside needs them: in full, and the same whoever asks under what name."""

import functools
from urllib.parse import urljoin

from django.conf import settings


def absolute(address: str) -> str:
    """Return an address of this site in full, from `SITE_URL`; one that is full already as it is.

    Never from the request: a proxy or a visitor may send any host name.
    """
    return _joined(settings.SITE_URL, address)


@functools.lru_cache(maxsize=1024)
def _joined(site: str, address: str) -> str:
    return urljoin(f"{site.rstrip('/')}/", address)
