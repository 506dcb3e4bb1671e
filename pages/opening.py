"""Opening hours in words, from the clinic's records and the moment of asking."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinic.models import Clinic, Closure, Weekday
from components.templatetags.components import clock, full_date


@dataclass(frozen=True)
class OpeningStatus:
    """Whether the clinic is open, in words for the reader."""

    is_open: bool
    text: str


@dataclass(frozen=True)
class DayHours:
    """One row of the table of opening hours."""

    day: str
    text: str


def opening_status(clinic: Clinic, moment: datetime) -> OpeningStatus:
    """Say whether the clinic is open at the moment, until when, or when it opens next."""
    calendar = clinic.calendar()
    current = calendar.current_opening(moment)
    if current:
        return OpeningStatus(True, f"Open now until {clock(current.end)}")
    following = calendar.next_opening(moment)
    if following is None:
        return OpeningStatus(False, "")
    today = calendar.local(moment).date()
    closure = calendar.closed.get(today, "")
    reason = f" for {closure}" if closure else ""
    day = day_in_words(following.start.date(), today)
    return OpeningStatus(False, f"Closed now{reason}. Opens {day} at {clock(following.start)}")


def day_in_words(day: date, today: date) -> str:
    """Return today, tomorrow, a weekday within the week, or a full date."""
    if day == today:
        return "today"
    if day == today + timedelta(days=1):
        return "tomorrow"
    if day < today + timedelta(days=7):
        return f"on {day:%A}"
    return f"on {day:%A} {full_date(day)}"


def weekly_hours(clinic: Clinic) -> list[DayHours]:
    """Return a row for each day of the week, closed days included."""
    weekly = clinic.calendar().weekly
    return [
        DayHours(
            day.label,
            " and ".join(f"{clock(start)} to {clock(end)}" for start, end in weekly.get(day, ()))
            or "Closed",
        )
        for day in Weekday
    ]


def coming_closures(clinic: Clinic, today: date, days: int = 42) -> list[Closure]:
    """Return the closures that begin or go on within the coming days."""
    last = today + timedelta(days=days)
    return [row for row in clinic.closures.all() if row.ends_on >= today and row.starts_on <= last]


def next_change(now: datetime) -> datetime | None:
    """Return when pages will say something else of the clinic: it opens, closes, or a notice ends.

    The day itself changes it as well; `delivery.moments` knows of midnight.
    """
    clinic = Clinic.current()
    calendar = clinic.calendar()
    current, following = calendar.current_opening(now), calendar.next_opening(now)
    ends = clinic.urgent_notice_ends_at
    found = [
        current.end if current else None,
        following.start if following else None,
        ends if ends and ends > now else None,
    ]
    return min((each for each in found if each is not None), default=None)
