"""What somebody has set up as a second factor, and what the site asks for."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accounts.models import KnownDevice, LastCode, SignIn
from publishing.models.audit import name_of, record

# Recovery codes alone are none: they stand in for one of these.
KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_required() -> bool:
    """Say whether nobody gets in without one; the setting can only be relaxed on loopback."""
    return bool(settings.SECOND_FACTOR == "required")


def is_enrolled(user: User) -> bool:
    """Say whether somebody has an authenticator app or a passkey set up."""
    return bool(Authenticator.objects.filter(user=user, type__in=KINDS).exists())


def needs_second_step(user: User) -> bool:
    """Say whether the password alone is too little: for everybody, or for who has set one up."""
    return is_required() or is_enrolled(user)


def name_of_factor(authenticator: Authenticator) -> str:
    """Return how an authenticator is called in text for people."""
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        return f"passkey “{authenticator.wrap().name}”"
    return "authenticator app"


def reset(user: User, *, by: User | None) -> None:
    """Take away everything that somebody signs in with but the password, and end their sessions.

    They set a second factor up again when they next sign in. `by` is None for `manage.py`.
    """
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        LastCode.objects.filter(user=user).delete()
        KnownDevice.objects.filter(user=user).delete()
        SignIn.objects.filter(user=user, ended_at=None).update(ended_at=timezone.now())
        record(
            by,
            "reset the second factor",
            user,
            by_name=name_of(by) if by else "manage.py reset_second_factor",
        )
