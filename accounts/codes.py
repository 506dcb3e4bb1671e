"""Checks a code of an app, or a recovery code, with limits that all processes share.

The library's own limit and its memory of used codes live in a cache, which each process has for
itself.
"""

import re

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.contrib.auth.models import User

from accounts import throttle
from accounts.models import KnownDevice, LastCode
from enquiries.crypto import UNREADABLE

# In 15 minutes. With six digits and three codes that hold at a time, somebody who knows the
# password is right about once in a year of trying without a pause.
_LIMIT = 8


class TooMany(Exception):
    """There were too many wrong codes; nothing was looked at."""


def accept(user: User, typed: str, device: KnownDevice | None) -> Authenticator | None:
    """Return the authenticator that a code belongs to, and spend the code; None if it is wrong.

    Raises TooMany for 15 minutes after too many wrong ones. A browser in which the person has
    signed in before is counted by itself, so that a thief of the password does not keep them out.
    """
    code = re.sub(r"[\s-]", "", typed)
    what = f"code {user.pk} {device.pk if device else ''}"
    if not throttle.claim(what, _LIMIT):
        raise TooMany
    found = _find(user, code) if code.isascii() and code.isdigit() else None
    if found is not None:
        throttle.clear(what)
    return found


def _find(user: User, code: str) -> Authenticator | None:
    for each in Authenticator.objects.filter(user=user):
        if each.type == Authenticator.Type.TOTP:
            if _is_code_of_app(user, decrypt(each.data["secret"]), code):
                return each
        elif each.type == Authenticator.Type.RECOVERY_CODES and _is_recovery_code(each, code):
            return each
    return None


def _is_recovery_code(found: Authenticator, code: str) -> bool:
    return decrypt(found.data["seed"]) != UNREADABLE and bool(found.wrap().validate_code(code))


def _is_code_of_app(user: User, secret: str, code: str) -> bool:
    if secret == UNREADABLE:  # its key is gone: a recovery code or a manager helps
        return False
    step = step_of(secret, code)
    return step is not None and LastCode.use(user, step)


def step_of(secret: str, code: str) -> int | None:
    """Return the time step whose code this is: the current one, or one beside it."""
    for step in totp.yield_hotp_counters_from_time():
        if totp.format_hotp_value(totp.hotp_value(secret, step)) == code:
            return int(step)
    return None
