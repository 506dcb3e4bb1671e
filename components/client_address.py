"""The address a request came from, behind the number of proxies that the settings name."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest, credentials: object = None) -> str:
    """Return the address of the client.

    Each trusted proxy appends one address to X-Forwarded-For. Only as many as are trusted are read,
    from the right, so that a client cannot choose its own by sending the header.
    """
    direct = str(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"  # noqa: S104  (no address known)
    proxies: int = settings.TRUSTED_PROXIES
    if not proxies:
        return direct
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    candidate = forwarded[-proxies] if len(forwarded) >= proxies else ""
    try:
        return str(ipaddress.ip_address(candidate))
    except ValueError:
        return direct
