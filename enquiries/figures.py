"""How many enquiries come, about what, and how soon they are answered. Holds no personal data."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.utils import timezone

from enquiries.models import Enquiry, Tombstone


@dataclass(frozen=True)
class Fact:
    """What the figures take from one enquiry, kept or erased."""

    week: date  # its Monday
    condition: str
    practitioner: str
    outcome: str
    minutes_to_reply: int | None
    was_in_time: bool | None


@dataclass(frozen=True)
class Figures:
    """The figures of a stretch of weeks."""

    number: int
    by_week: list[tuple[date, int]]
    by_condition: list[tuple[str, int]]
    by_practitioner: list[tuple[str, int]]
    by_outcome: list[tuple[str, int]]
    answered: int
    in_time: int
    median_minutes: float | None
    worst_minutes: int | None

    def rows(self) -> list[tuple[str, str, str]]:
        """Return everything as rows of a table: what, of which, how many."""
        found = [("enquiries", "all", str(self.number))]
        found += [("by week", f"{week:%Y-%m-%d}", str(number)) for week, number in self.by_week]
        for what, counts in (
            ("by condition", self.by_condition),
            ("by practitioner", self.by_practitioner),
            ("by outcome", self.by_outcome),
        ):
            found += [(what, name, str(number)) for name, number in counts]
        found += [
            ("answered", "all", str(self.answered)),
            ("answered", "in time", str(self.in_time)),
        ]
        for name, minutes in (("median", self.median_minutes), ("worst", self.worst_minutes)):
            found.append(
                ("minutes to first reply", name, "" if minutes is None else f"{minutes:g}")
            )
        return found


def monday_of(moment: datetime) -> date:
    """Return the Monday of a moment's week, in the clinic's time zone."""
    day = timezone.localdate(moment)
    return day - timedelta(days=day.weekday())


def figures(weeks: int, now: datetime) -> Figures:
    """Return the figures of the last weeks, this one included. Spam and tests do not count."""
    first = monday_of(now) - timedelta(weeks=weeks - 1)
    facts = [fact for fact in _facts(first) if fact.outcome != Enquiry.Outcome.SPAM]
    by_week = Counter(fact.week for fact in facts)
    mondays = [first + timedelta(weeks=number) for number in range(weeks)]
    waits = [fact.minutes_to_reply for fact in facts if fact.minutes_to_reply is not None]
    labels = dict(Enquiry.Outcome.choices)
    return Figures(
        number=len(facts),
        by_week=[(monday, by_week[monday]) for monday in mondays],
        by_condition=_counted(fact.condition or "Something else" for fact in facts),
        by_practitioner=_counted(fact.practitioner or "Anyone" for fact in facts),
        by_outcome=_counted(str(labels[fact.outcome]) for fact in facts),
        answered=len(waits),
        in_time=sum(fact.was_in_time is True for fact in facts),
        median_minutes=median(waits) if waits else None,
        worst_minutes=max(waits, default=None),
    )


def _counted(names: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))


def _facts(first: date) -> list[Fact]:
    start = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    kept = (
        Enquiry.objects.real()
        .filter(received_at__gte=start)
        .select_related("condition", "practitioner")
    )
    facts = [fact_of(enquiry) for enquiry in kept.defer("message", "full_name", "red_flags")]
    facts += [
        Fact(
            week=stone.received_week,
            condition=stone.condition_name,
            practitioner=stone.practitioner_name,
            outcome=stone.outcome,
            minutes_to_reply=stone.minutes_to_reply,
            was_in_time=stone.was_in_time,
        )
        for stone in Tombstone.objects.filter(received_week__gte=first)
    ]
    return facts


def fact_of(enquiry: Enquiry) -> Fact:
    """Return what the figures take from an enquiry, and what is left of it when it is erased."""
    replied = enquiry.first_replied_at
    return Fact(
        week=monday_of(enquiry.received_at),
        condition=str(enquiry.condition or ""),
        practitioner=str(enquiry.practitioner or ""),
        outcome=Enquiry.Outcome.SPAM if enquiry.suspected_spam else enquiry.outcome,
        minutes_to_reply=(
            (replied - enquiry.received_at) // timedelta(minutes=1) if replied else None
        ),
        was_in_time=replied <= enquiry.reply_by if replied and enquiry.reply_by else None,
    )
