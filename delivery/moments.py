"""When pages say something else though nobody changes anything: at midnight, when the clinic opens.

Each app whose words depend on the time registers a function that returns the next such moment.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.utils import timezone

Moment = Callable[[datetime], datetime | None]

_moments: list[Moment] = []


def register(moment: Moment) -> Moment:
    """Add a function that returns the next moment after the one it is given."""
    _moments.append(moment)
    return moment


def next_after(now: datetime) -> datetime:
    """Return until when a page that is rendered now is right: the next midnight at the latest."""
    found = [moment(now) for moment in _moments]
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, time.min))
    return min([midnight, *(each for each in found if each is not None and each > now)])
