"""What people search for, without watching them: only what many have typed is kept in words.

A term is kept in words once it has been searched for at least 5 times on at least 2 days. Until
then only a keyed hash and a count stand in the database, and they are thrown away after a month. Of
who searched, from where and in what order, nothing is looked at. What may be somebody's own (an
email address, a number) is never kept at all.

Searches are counted in memory and written down apart from any request (`visits.tally`).
"""

import hashlib
import hmac
import threading
from collections import Counter
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from search.models import SearchTally, SearchTerm
from search.words import words_in
from visits import tally

LEAST_TIMES = 5
LEAST_DAYS = 2
# For how long a count without words waits to become common.
KEPT = timedelta(days=31)
# For how long a term that nobody types any more stays.
TERM_KEPT = timedelta(days=730)
MOST_AT_ONCE = 1000
_LONGEST = 80
_DIGITS_OF_A_NUMBER = 5

_lock = threading.Lock()
_seen: Counter[tuple[date, str]] = Counter()
_results: dict[str, int] = {}


def note(typed: str, results: int) -> None:
    """Count a search in memory. Nothing is written here, and nothing about the visitor is known."""
    words = " ".join(word.plain for word in words_in(typed))
    if not words or len(words) > _LONGEST or "@" in typed:
        return
    if sum(mark.isdigit() for mark in words) >= _DIGITS_OF_A_NUMBER:
        return
    key = (timezone.localdate(), words)
    with _lock:
        if key in _seen or len(_seen) < MOST_AT_ONCE:
            _seen[key] += 1
            _results[words] = results
    tally.see_to_flushing()


def write() -> None:
    """Write what this process has counted. If that fails, it waits for the next time."""
    global _results
    with _lock:
        seen, results = dict(_seen), dict(_results)
        _seen.clear()
        _results.clear()
    if not seen:
        return
    try:
        with transaction.atomic():
            # In one order, so that two processes never wait for each other's rows.
            for (day, words), times in sorted(seen.items()):
                _add(words, times, results.get(words, 0), day)
    except Exception:
        with _lock:
            _seen.update(seen)
            _results = results | _results
        raise


def _add(words: str, times: int, results: int, day: date) -> None:
    known = SearchTerm.objects.filter(words=words)
    if known.update(times=F("times") + times, results=results, last_on=day):
        return
    digest = _digest(words)
    SearchTally.objects.get_or_create(digest=digest, defaults={"first_on": day, "last_on": day})
    row = SearchTally.objects.select_for_update().get(digest=digest)
    row.times += times
    if row.last_on != day:
        row.days += 1
        row.last_on = day
    if row.times < LEAST_TIMES or row.days < LEAST_DAYS:
        row.save()
        return
    SearchTerm.objects.get_or_create(
        words=words, defaults={"times": row.times, "results": results, "last_on": day}
    )
    row.delete()


def _digest(words: str) -> str:
    """Return what stands for words that are not kept; without the site's key it tells nothing."""
    key = hmac.digest(settings.SECRET_KEY.encode(), b"search.terms", hashlib.sha256)
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()


def forget(now_on: date) -> int:
    """Throw away counts that did not become common, and terms that nobody types any more."""
    tallies, _ = SearchTally.objects.filter(first_on__lt=now_on - KEPT).delete()
    terms, _ = SearchTerm.objects.filter(last_on__lt=now_on - TERM_KEPT).delete()
    return tallies + terms
