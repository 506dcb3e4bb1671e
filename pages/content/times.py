"""Days and times as content files give them."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from clinic.models import Weekday
from pages.content.files import ContentError

# Pages become public at the start of a working day.
PUBLICATION_TIME = time(9)


def publication_time(meta: Mapping[str, Any]) -> datetime | None:
    """Return from when something is public: `published_at`, or the morning of `published_on`."""
    if "published_at" in meta:
        moment: datetime | None = meta["published_at"]
        return moment
    day: date | None = meta.get("published_on")
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day, PUBLICATION_TIME))


def weekday(name: str) -> Weekday:
    """Return a day of the week by its English name. Raises ContentError for another word."""
    try:
        return Weekday[name.upper()]
    except KeyError:
        raise ContentError(f"{name} is not a day of the week") from None
