"""How often pages were read, as staff look at it: page by page, and one page over time."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from visits.chart import Chart, bar_chart
from visits.models import PageCount

CHART_DAYS = 28
# The stretches of the list, today included, by name.
STRETCHES = {"week": 7, "month": 30, "year": 365}


@dataclass(frozen=True)
class Reading:
    """How often one page was read in the last 7, 30 and 365 days."""

    path: str
    week: int
    month: int
    year: int


@dataclass(frozen=True)
class Stretch:
    """How often a page was read from a day on, for a day, a week or a month."""

    first: date
    times: int


def readings(today: date, by: str = "month") -> list[Reading]:
    """Return all pages read within a year, the most read in the stretch `by` first."""
    rows = (
        PageCount.objects.filter(day__gt=today - timedelta(days=STRETCHES["year"]), day__lte=today)
        .order_by()
        .values_list("path")
        .annotate(
            last_week=_sum_since(today, "week"),
            last_month=_sum_since(today, "month"),
            last_year=_sum_since(today, "year"),
        )
        .order_by(f"-last_{by}", "-last_year", "path")
    )
    return [Reading(*row) for row in rows]


def _sum_since(today: date, stretch: str) -> Coalesce:
    first = today - timedelta(days=STRETCHES[stretch])
    return Coalesce(Sum("times", filter=Q(day__gt=first)), 0)


def charts(paths: Iterable[str], today: date) -> dict[str, Chart]:
    """Return a chart of the last four weeks, a bar a day, of each of the pages."""
    first = today - timedelta(days=CHART_DAYS - 1)
    paths = list(paths)
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * CHART_DAYS)
    rows = PageCount.objects.filter(path__in=paths, day__range=(first, today))
    for path, day, times in rows.values_list("path", "day", "times"):
        counts[path][(day - first).days] = times
    return {path: bar_chart(counts[path], "Each day of the last 4 weeks") for path in paths}


def over_time(path: str, today: date, by: str) -> list[Stretch]:
    """Return how often a page was read, oldest first and nothing left out, by `by`.

    "day": the last four weeks. "week": the last 26 weeks, from their Mondays. "month": the last
    36 months.
    """
    starts = _starts(today, by)
    rows = PageCount.objects.filter(path=path, day__range=(starts[0], today))
    counts: Counter[date] = Counter()
    for day, times in rows.values_list("day", "times"):
        counts[_start_of(day, by)] += times
    return [Stretch(first, counts[first]) for first in starts]


def _start_of(day: date, by: str) -> date:
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day


def _starts(today: date, by: str) -> list[date]:
    last = _start_of(today, by)
    if by == "month":
        months = [last.year * 12 + last.month - 1 - back for back in reversed(range(36))]
        return [date(month // 12, month % 12 + 1, 1) for month in months]
    length, number = (7, 26) if by == "week" else (1, CHART_DAYS)
    return [last - timedelta(days=length * back) for back in reversed(range(number))]
