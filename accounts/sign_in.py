"""Who counts as signed in.

The password opens a session, but whoever holds it is nobody to the whole site until the session
names a `SignIn`: that is written when the second factor was given, or at once where none is asked
for. `SignInMiddleware` puts this in front of every page, preview and address of the editor.
"""

import time
from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils import timezone

from accounts.browsers import browser_of, coarse_address
from accounts.factors import is_required, needs_second_step
from accounts.models import SignIn

_IN_SESSION = "sign_in"
_TYPED_AT = "typed_at"
# Setting up a second factor must not be possible on a screen that somebody walked away from.
_PASSWORD_HOLDS = 15 * 60  # seconds


def admitted(request: HttpRequest) -> User | AnonymousUser:
    """Return who is signed in; somebody who is only half, or no longer, is nobody.

    A session that was ended, or left alone for too long, is thrown away.
    """
    user = get_user(request)
    if not isinstance(user, User):
        return AnonymousUser()
    now = timezone.now()
    found = of_session(request, user)
    if found is None:
        return AnonymousUser()
    if found.is_over(user, now):
        request.session.flush()
        return AnonymousUser()
    if is_required() and not found.with_second_factor:
        return AnonymousUser()
    if not _is_sign_of_life(request):
        found.note_activity(user, now)
    return user


def of_session(request: HttpRequest, user: User) -> SignIn | None:
    """Return the sign-in that the session names."""
    number = request.session.get(_IN_SESSION)
    return SignIn.objects.filter(pk=number, user=user).first() if number else None


def _is_sign_of_life(request: HttpRequest) -> bool:
    """Say whether an open page asks by itself: static/js/autosave.js then sends an empty post."""
    return request.method == "POST" and request.META.get("CONTENT_LENGTH") in {"", "0", None}


def half_signed_in(request: HttpRequest) -> User | None:
    """Return who has given the password and owes the second factor."""
    if request.user.is_authenticated:
        return None
    user = get_user(request)
    return user if isinstance(user, User) else None


def complete(request: HttpRequest, user: User, *, with_second_factor: bool) -> None:
    """Let somebody in, or note that the session they are in has a second factor now."""
    found = of_session(request, user)
    if found is not None and not found.is_over(user, timezone.now()):
        found.with_second_factor |= with_second_factor
        found.save(update_fields=["with_second_factor"])
    else:
        now = timezone.now()
        found = SignIn.objects.create(
            user=user,
            browser=browser_of(request),
            address=coarse_address(request),
            started_at=now,
            last_active_at=now,
            with_second_factor=with_second_factor,
            password_hash=user.get_session_auth_hash(),
        )
    request.session[_IN_SESSION] = found.pk
    request.session.cycle_key()  # a key that leaked before is worth nothing now
    request.user = user
    request.completed_sign_in = found  # type: ignore[attr-defined]


def after_password(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Go on after the password was right: let them in, or keep them nobody for now."""
    note_password(request)
    found = of_session(request, user)
    if found is not None and not found.is_over(user, timezone.now()):
        return
    request.session.pop(_IN_SESSION, None)
    if needs_second_step(user):
        request.user = AnonymousUser()
    else:
        complete(request, user, with_second_factor=False)


def note_password(request: HttpRequest) -> None:
    """Keep when the password was last typed in this session."""
    request.session[_TYPED_AT] = time.time()


def is_password_fresh(request: HttpRequest) -> bool:
    """Say whether the password was typed lately; a clock that was set back makes it old."""
    age = time.time() - request.session.get(_TYPED_AT, 0)
    return bool(0 <= age < _PASSWORD_HOLDS)


def after_leaving(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Note that somebody signed out."""
    if user is not None and (found := of_session(request, user)):
        end(SignIn.objects.filter(pk=found.pk))


def end(sign_ins: Any) -> int:
    """End sign-ins: the next request of each finds its session gone. Returns how many."""
    ended: int = sign_ins.filter(ended_at=None).update(ended_at=timezone.now())
    return ended
