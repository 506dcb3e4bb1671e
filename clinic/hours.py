"""Opening times as plain arithmetic: no database, no HTTP, and the clock is always passed in.

A `Calendar` is made from weekly opening times and the dates on which the clinic is closed. All
moments are aware datetimes; the times of day are the clinic's own, in its time zone, so that a day
on which the clocks change is counted right.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

# A clinic that is closed for longer than this is shown as having no next opening.
HORIZON = timedelta(days=60)


@dataclass(frozen=True)
class Opening:
    """One stretch of one day in which the clinic is open."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Calendar:
    """When a clinic is open.

    `weekly` maps a weekday (Monday is 0) to its opening times as pairs of times of day; `closed`
    maps a date to the name of the closure, such as "Christmas Day".
    """

    weekly: Mapping[int, tuple[tuple[time, time], ...]]
    time_zone: tzinfo
    closed: Mapping[date, str] = field(default_factory=dict)

    def local(self, moment: datetime) -> datetime:
        """Return the moment in the clinic's own time zone."""
        return moment.astimezone(self.time_zone)

    def openings_on(self, day: date) -> list[Opening]:
        """Return the stretches of the day in which the clinic is open, first one first."""
        if day in self.closed:
            return []
        return [
            Opening(
                datetime.combine(day, start, self.time_zone),
                datetime.combine(day, end, self.time_zone),
            )
            for start, end in _joined(self.weekly.get(day.weekday(), ()))
        ]

    def openings_from(self, moment: datetime) -> Iterator[Opening]:
        """Yield the openings that have not ended at the moment, up to the horizon."""
        first = self.local(moment).date()
        for offset in range(HORIZON.days):
            for opening in self.openings_on(first + timedelta(days=offset)):
                if opening.end > moment:
                    yield opening

    def current_opening(self, moment: datetime) -> Opening | None:
        """Return the opening that the moment falls in, or nothing when the clinic is closed."""
        following = next(self.openings_from(moment), None)
        return following if following and following.start <= moment else None

    def next_opening(self, moment: datetime) -> Opening | None:
        """Return the first opening that starts after the moment, or nothing within the horizon."""
        return next((each for each in self.openings_from(moment) if each.start > moment), None)

    def after_open_hours(self, moment: datetime, hours: float) -> datetime | None:
        """Return when the clinic will have been open for `hours` more hours.

        Nothing comes back when it is not open that long within the horizon, so that no one is
        promised a reply that cannot come.
        """
        left = timedelta(hours=hours)
        for opening in self.openings_from(moment):
            # In UTC, because two local times either side of a clock change differ by a false hour.
            start = max(opening.start, moment).astimezone(UTC)
            # Not below nothing: an opening can lie in the hour that the clocks skip.
            available = max(opening.end.astimezone(UTC) - start, timedelta(0))
            if available >= left:
                return self.local(start + left)
            left -= available
        return None


def _joined(stretches: Iterable[tuple[time, time]]) -> list[tuple[time, time]]:
    """Return the stretches in order, those that touch or overlap as one: no hour counts twice."""
    found: list[tuple[time, time]] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def calendar_from(
    weekly: Iterable[tuple[int, time, time]], closed: Mapping[date, str], time_zone: tzinfo
) -> Calendar:
    """Build a calendar from (weekday, opens, closes) rows; a weekday may have several rows."""
    by_day: dict[int, tuple[tuple[time, time], ...]] = {}
    for weekday, opens, closes in weekly:
        by_day[weekday] = (*by_day.get(weekday, ()), (opens, closes))
    return Calendar(weekly=by_day, time_zone=time_zone, closed=closed)
