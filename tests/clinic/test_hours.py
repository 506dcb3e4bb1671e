"""Opening times are counted as a clock on the clinic's wall counts them, clock changes included."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clinic.hours import HORIZON, Calendar, calendar_from

LONDON = ZoneInfo("Europe/London")
NINE_TO_FIVE = [(day, time(9), time(17)) for day in range(5)]
WITH_LUNCH = [
    (day, *stretch)
    for day in range(5)
    for stretch in ((time(9), time(12, 30)), (time(13, 30), time(17)))
]


def calendar(
    weekly: list[tuple[int, time, time]] | None = None, closed: dict[date, str] | None = None
) -> Calendar:
    return calendar_from(NINE_TO_FIVE if weekly is None else weekly, closed or {}, LONDON)


def at(text: str) -> datetime:
    """Return the moment that a clock in London shows."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


# 20 November 2026 is a Friday.
@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-20T08:59:59", False),
        ("2026-11-20T09:00", True),
        ("2026-11-20T16:59:59", True),
        ("2026-11-20T17:00", False),
        ("2026-11-21T12:00", False),
        ("2026-07-01T09:00", True),  # summer time
        ("2026-07-01T08:30", False),
    ],
)
def test_clinic_is_open_from_the_opening_to_the_closing_time(moment: str, is_open: bool) -> None:
    assert bool(calendar().current_opening(at(moment))) is is_open
    assert bool(calendar().current_opening(at(moment).astimezone(UTC))) is is_open


def test_clinic_is_closed_over_lunch() -> None:
    with_lunch = calendar(WITH_LUNCH)
    assert with_lunch.current_opening(at("2026-11-20T13:00")) is None
    following = with_lunch.next_opening(at("2026-11-20T13:00"))
    assert following is not None
    assert following.start == at("2026-11-20T13:30")


def test_rows_of_a_day_may_come_in_any_order() -> None:
    rows = list(reversed(WITH_LUNCH))
    (morning, afternoon) = calendar(rows).openings_on(date(2026, 11, 20))
    assert (morning.start, afternoon.end) == (at("2026-11-20T09:00"), at("2026-11-20T17:00"))


@pytest.mark.parametrize(
    "rows",
    [
        [(4, time(9), time(13)), (4, time(12), time(17))],
        [(4, time(9), time(12)), (4, time(12), time(17))],
        [(4, time(9), time(17)), (4, time(10), time(11))],
    ],
)
def test_rows_that_touch_or_overlap_count_once(rows: list[tuple[int, time, time]]) -> None:
    clinic = calendar(rows)
    (opening,) = clinic.openings_on(date(2026, 11, 20))
    assert (opening.start, opening.end) == (at("2026-11-20T09:00"), at("2026-11-20T17:00"))
    assert clinic.after_open_hours(at("2026-11-20T09:00"), 8) == at("2026-11-20T17:00")


def test_closure_closes_the_whole_day() -> None:
    closed = calendar(closed={date(2026, 12, 25): "Christmas Day"})
    assert closed.openings_on(date(2026, 12, 25)) == []
    assert closed.current_opening(at("2026-12-25T10:00")) is None
    following = closed.next_opening(at("2026-12-24T18:00"))
    assert following is not None
    assert following.start == at("2026-12-28T09:00")  # over the weekend


def test_next_opening_is_not_the_one_that_has_begun() -> None:
    following = calendar().next_opening(at("2026-11-20T09:00"))
    assert following is not None
    assert following.start == at("2026-11-23T09:00")


@pytest.mark.parametrize(
    ("moment", "hours", "reply"),
    [
        ("2026-11-19T10:00", 4, "2026-11-19T14:00"),
        ("2026-11-19T10:00", 7, "2026-11-19T17:00"),
        ("2026-11-19T10:00", 8, "2026-11-20T10:00"),
        ("2026-11-19T07:00", 8, "2026-11-19T17:00"),
        ("2026-11-20T16:00", 2, "2026-11-23T10:00"),  # over a weekend
        ("2026-11-21T12:00", 1, "2026-11-23T10:00"),  # from a weekend
        ("2026-11-20T17:00", 0.5, "2026-11-23T09:30"),
        ("2026-11-20T10:00", 40, "2026-11-27T10:00"),
    ],
)
def test_reply_is_promised_after_hours_in_which_the_clinic_is_open(
    moment: str, hours: float, reply: str
) -> None:
    assert calendar().after_open_hours(at(moment), hours) == at(reply)


def test_lunch_does_not_count_as_open() -> None:
    reply = calendar(WITH_LUNCH).after_open_hours(at("2026-11-19T11:30"), 2)
    assert reply == at("2026-11-19T14:30")


def test_closed_days_do_not_count_as_open() -> None:
    closed = calendar(
        closed={date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): "Boxing Day (substitute)"}
    )
    assert closed.after_open_hours(at("2026-12-24T13:00"), 8) == at("2026-12-29T13:00")


# The clocks go forward on Sunday 29 March 2026 at one o'clock, and back on 25 October at two.
SUNDAYS = [(6, time(0), time(6))]


@pytest.mark.parametrize(
    ("moment", "hours", "reply"),
    [
        ("2026-03-27T16:00", 2, "2026-03-30T10:00"),
        ("2026-10-23T16:00", 2, "2026-10-26T10:00"),
    ],
)
def test_clocks_that_change_over_the_weekend_do_not_move_a_reply(
    moment: str, hours: float, reply: str
) -> None:
    assert calendar().after_open_hours(at(moment), hours) == at(reply)


def test_night_of_the_spring_change_is_an_hour_shorter() -> None:
    assert calendar(SUNDAYS).after_open_hours(at("2026-03-28T12:00"), 5) == at("2026-03-29T06:00")
    six = calendar(SUNDAYS).after_open_hours(at("2026-03-28T12:00"), 6)
    assert six == at("2026-04-05T01:00")


def test_night_of_the_autumn_change_is_an_hour_longer() -> None:
    assert calendar(SUNDAYS).after_open_hours(at("2026-10-24T12:00"), 7) == at("2026-10-25T06:00")
    six = calendar(SUNDAYS).after_open_hours(at("2026-10-24T12:00"), 6)
    assert six == at("2026-10-25T05:00")


def test_opening_in_the_hour_that_is_skipped_adds_no_time() -> None:
    skipped = calendar([(6, time(1, 30), time(2)), (6, time(9), time(10))])
    assert skipped.after_open_hours(at("2026-03-28T12:00"), 1) == at("2026-03-29T10:00")


def test_clinic_that_never_opens_promises_nothing() -> None:
    never = calendar([])
    moment = at("2026-11-20T10:00")
    assert never.current_opening(moment) is None
    assert never.next_opening(moment) is None
    assert never.after_open_hours(moment, 1) is None


def test_nothing_is_promised_beyond_the_horizon() -> None:
    first = date(2026, 11, 20)
    shut = {first + timedelta(days=offset): "Works" for offset in range(HORIZON.days)}
    moment = at("2026-11-20T10:00")
    assert calendar(closed=shut).next_opening(moment) is None
    assert calendar(closed=shut).after_open_hours(moment, 1) is None
    del shut[first + timedelta(days=HORIZON.days - 2)]  # a Sunday stays closed
    assert calendar(closed=shut).next_opening(moment) is None
    del shut[first + timedelta(days=HORIZON.days - 1)]  # a Monday
    assert calendar(closed=shut).after_open_hours(moment, 1) == at("2027-01-18T10:00")


TIMES = st.times().map(lambda each: each.replace(microsecond=0))
STRETCH = st.tuples(TIMES, TIMES).map(sorted).filter(lambda pair: pair[0] < pair[1])
WEEK = st.lists(st.tuples(st.integers(0, 6), STRETCH), max_size=12).map(
    lambda rows: [(day, start, end) for day, (start, end) in rows]
)
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@settings(deadline=None)
@given(
    WEEK,
    st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=30),
    MOMENTS,
    st.floats(0.1, 80),
)
@example([(6, time(1, 30), time(2))], set(), datetime(2026, 3, 28, tzinfo=UTC), 1.0)
@example([(6, time(0), time(3))], set(), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 3.0)
def test_reply_never_falls_in_closed_time(
    weekly: list[tuple[int, time, time]], closed: set[date], moment: datetime, hours: float
) -> None:
    """It lies after the question, on an open day, from an opening to its closing time."""
    clinic = calendar(weekly, dict.fromkeys(closed, "Closed"))
    reply = clinic.after_open_hours(moment, hours)
    if reply is None:
        return
    local = reply.astimezone(LONDON)
    assert reply >= moment + timedelta(hours=hours)
    assert local.date() not in closed
    stretches = clinic.openings_on(local.date())
    assert any(
        each.start.astimezone(UTC) <= reply.astimezone(UTC) <= each.end.astimezone(UTC)
        for each in stretches
    )


@settings(deadline=None)
@given(WEEK, MOMENTS)
def test_clinic_is_open_or_opens_later(
    weekly: list[tuple[int, time, time]], moment: datetime
) -> None:
    clinic = calendar(weekly)
    current, following = clinic.current_opening(moment), clinic.next_opening(moment)
    if current:
        assert current.start <= moment < current.end
    if following:
        assert following.start > moment
    if weekly:
        assert following is not None
