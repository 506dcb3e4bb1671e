"""Browsers that staff have signed in with before, known by a signed cookie.

Only staff get it, after they have signed in. It opens nothing: it tells a new browser, about which
a mail is sent, from a known one, which a stranger's guesses do not lock out (accounts/backends.py).
"""

import secrets
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import mail, throttle
from accounts.models import KnownDevice, SignIn
from publishing.models.audit import record

COOKIE = "staff_device"
_SALT = "accounts.devices"
_AGE = 400 * 24 * 60 * 60  # seconds; browsers keep no cookie for longer


def known(request: HttpRequest, username: str) -> KnownDevice | None:
    """Return the browser, if the person of that name has signed in with it before."""
    token = _token(request)
    if not token:
        return None
    return KnownDevice.objects.filter(user__username=username, key=_digest(token)).first()


def note(request: HttpRequest, response: HttpResponse, sign_in: SignIn) -> None:
    """Write down with which browser somebody signed in; if it is a new one, tell them."""
    now, user = timezone.now(), sign_in.user
    token = _token(request) or secrets.token_urlsafe(24)
    device, is_new = KnownDevice.objects.update_or_create(
        user=user,
        key=_digest(token),
        defaults={"browser": sign_in.browser, "last_used_at": now},
        create_defaults={
            "browser": sign_in.browser, "first_used_at": now, "last_used_at": now,
        },
    )  # fmt: skip
    SignIn.objects.filter(pk=sign_in.pk).update(device=device)
    throttle.clear(f"device {device.pk}")
    response.set_signed_cookie(
        COOKIE,
        token,
        salt=_SALT,
        max_age=_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    if is_new:
        record(user, "signed in on a new device", user, str(sign_in))
        mail.tell_of_new_device(sign_in)


def _token(request: HttpRequest) -> str:
    return str(request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=_AGE) or "")


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
