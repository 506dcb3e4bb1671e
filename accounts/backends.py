"""Limits on guessing passwords that no stranger can turn against the person they guess at.

Two limits work together. django-axes locks a user name for one address. That leaves somebody with
many addresses, so here all tries at one name, and all from one address, have a limit too. It would
lock the person out along with the stranger; so a browser in which they have signed in before is
counted by itself, apart from both (OWASP, “Slow Down Online Guessing Attacks with Device Cookies”).
"""

from typing import Any, NoReturn

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts import devices, throttle
from components.client_address import client_address

# In 15 minutes. For a password of 12 characters that is in no list, the first is nothing; an
# address may be that of a whole clinic on a Monday morning.
FOR_A_NAME, FOR_AN_ADDRESS, FOR_A_DEVICE = 30, 60, 10


class GuessLimit(BaseBackend):
    """The first of the backends: it admits nobody, and ends the round when there were too many."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, **credentials: Any
    ) -> None:
        """Count a try; raise PermissionDenied, which is answered by the page “Too many tries”."""
        if request is None or not username:
            return
        device = devices.known(request, username)
        if device is not None:
            if not throttle.claim(f"device {device.pk}", FOR_A_DEVICE):
                _refuse(request)
            return
        is_free = throttle.claim(f"address {client_address(request)}", FOR_AN_ADDRESS)
        if not is_free or not throttle.claim(f"name {username}", FOR_A_NAME):
            _refuse(request)


def is_exempt(request: HttpRequest, credentials: dict[str, str] | None = None) -> bool:
    """Tell axes to leave a known browser to the limit above (`AXES_WHITELIST_CALLABLE`)."""
    username = (credentials or {}).get("username") or request.POST.get("username", "")
    return devices.known(request, username) is not None


def _refuse(request: HttpRequest) -> NoReturn:
    request.axes_locked_out = True  # type: ignore[attr-defined]  # its middleware then answers
    raise PermissionDenied
