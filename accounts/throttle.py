"""Limits on guessing that hold across processes: a try is counted before it is looked at."""

from datetime import timedelta
from hashlib import sha256

from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Tries

WINDOW = timedelta(minutes=15)


def claim(what: str, limit: int) -> bool:
    """Count a try and return True, or return False if there were `limit` of them already.

    The count begins anew 15 minutes after its first try, so that nobody is kept out for good.
    What is counted may be a user name that somebody typed; only its digest is kept.
    """
    now, key = timezone.now(), _key(what)
    is_past = Q(since__lte=now - WINDOW) | Q(since__gt=now)  # or the clock was set back
    Tries.objects.filter(is_past, key=key).update(count=0, since=now)
    Tries.objects.get_or_create(key=key, defaults={"count": 0, "since": now})
    return bool(Tries.objects.filter(key=key, count__lt=limit).update(count=F("count") + 1))


def clear(what: str) -> None:
    """Forget the tries, as one of them was right."""
    Tries.objects.filter(key=_key(what)).delete()


def forget_old() -> None:
    """Remove counts that no longer count."""
    Tries.objects.filter(since__lt=timezone.now() - WINDOW).delete()


def _key(what: str) -> str:
    return sha256(what.encode(errors="replace")).hexdigest()
