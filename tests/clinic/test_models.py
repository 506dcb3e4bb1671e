"""The clinic is one row; its hours, closures and notice say what they should."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from clinic.models import Clinic, Closure, OpeningHours
from tests.factories import make_clinic, make_closure

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_saving_another_clinic_overwrites_the_one() -> None:
    make_clinic()
    other = Clinic(name="Other", telephone="1", email="a@b.example", address="x", postcode="y")
    other.save()
    assert list(Clinic.objects.values_list("pk", "name")) == [(1, "Other")]


def test_database_refuses_a_second_row() -> None:
    make_clinic()
    with pytest.raises(IntegrityError), transaction.atomic():
        Clinic.objects.bulk_create([Clinic(pk=2, name="Second")])


def test_before_set_up_there_is_an_unnamed_clinic() -> None:
    clinic = Clinic.current()
    assert clinic.name == "Your clinic"
    assert clinic.calendar().next_opening(NOON) is None
    assert list(clinic.opening_hours.all()) == []
    assert not Clinic.objects.exists()


def test_clinic_with_hours_and_closures_takes_three_queries(
    django_assert_num_queries: Any,
) -> None:
    made = make_clinic()
    make_closure(made, date(2026, 12, 25))
    with django_assert_num_queries(3):
        clinic = Clinic.current()
        assert clinic.calendar().next_opening(NOON)
        assert clinic.logo is None


def test_calendar_follows_the_rows() -> None:
    clinic = make_clinic(hours=[(4, time(9), time(12)), (4, time(13), time(17))])
    make_closure(clinic, date(2026, 12, 24), date(2026, 12, 26), name="Christmas")
    calendar = Clinic.current().calendar()
    openings = calendar.openings_on(date(2026, 11, 20))
    assert [(each.start.hour, each.end.hour) for each in openings] == [(9, 12), (13, 17)]
    assert calendar.closed == {date(2026, 12, day): "Christmas" for day in (24, 25, 26)}
    assert calendar.time_zone == ZoneInfo("Europe/London")


def test_clinic_must_close_after_it_opens() -> None:
    clinic = make_clinic(hours=[])
    row = OpeningHours(clinic=clinic, weekday=0, opens=time(9), closes=time(9))
    with pytest.raises(ValidationError, match="must be later than the opening time"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_same_opening_time_twice_on_a_day_is_refused() -> None:
    clinic = make_clinic(hours=[(0, time(9), time(12))])
    with pytest.raises(ValidationError):
        OpeningHours(clinic=clinic, weekday=0, opens=time(9), closes=time(17)).full_clean()


def test_closure_must_not_end_before_it_starts() -> None:
    clinic = make_clinic()
    closure = Closure(
        clinic=clinic, name="x", starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 1)
    )
    with pytest.raises(ValidationError, match="must not be before the first"):
        closure.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        closure.save()


def test_days_of_a_closure_include_first_and_last() -> None:
    closure = make_closure(make_clinic(), date(2026, 12, 31), date(2027, 1, 2))
    assert closure.days() == [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)]
    assert make_closure(closure.clinic, date(2026, 5, 4)).days() == [date(2026, 5, 4)]


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (NOON - timedelta(seconds=1), "Phones are down."),
        (NOON, ""),
        (NOON + timedelta(days=1), ""),
    ],
)
def test_urgent_notice_goes_by_itself(moment: datetime, shown: str) -> None:
    clinic = make_clinic(urgent_notice="Phones are down.", urgent_notice_ends_at=NOON)
    assert clinic.notice_at(moment) == shown


def test_clinic_without_a_notice_shows_none() -> None:
    assert make_clinic(urgent_notice_ends_at=NOON).notice_at(NOON - timedelta(days=1)) == ""


def test_notice_needs_an_end() -> None:
    clinic = make_clinic(urgent_notice="Phones are down.")
    with pytest.raises(ValidationError) as raised:
        clinic.full_clean()
    assert raised.value.message_dict.keys() == {"urgent_notice_ends_at"}
    clinic.urgent_notice_ends_at = timezone.now()
    clinic.full_clean()


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(Decimal("51.5"), None), (None, Decimal("-0.1"))]
)
def test_half_a_position_is_refused(latitude: Decimal | None, longitude: Decimal | None) -> None:
    clinic = make_clinic()
    clinic.latitude, clinic.longitude = latitude, longitude
    with pytest.raises(ValidationError, match="both latitude and longitude, or neither"):
        clinic.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        clinic.save()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("latitude", Decimal(91)),
        ("longitude", Decimal(-181)),
        ("reply_within_hours", 0),
        ("reply_within_hours", 81),
        ("brand_colour", "#ffcc00"),
        ("email", "not an address"),
    ],
)
def test_value_out_of_range_is_refused_at_its_field(field: str, value: object) -> None:
    clinic = make_clinic(latitude=0, longitude=0)
    setattr(clinic, field, value)
    with pytest.raises(ValidationError) as raised:
        clinic.full_clean()
    assert raised.value.message_dict.keys() == {field}


@pytest.mark.parametrize(
    ("telephone", "link"),
    [
        ("01632 960123", "01632960123"),
        ("+44 1632 960123", "+441632960123"),
        ("+44 (0)1632 960123", "+441632960123"),
        ("(01632) 960-123", "01632960123"),
        ("0808 157 0 157", "08081570157"),
    ],
)
def test_telephone_link_can_be_dialled(telephone: str, link: str) -> None:
    assert Clinic(telephone=telephone).telephone_link == link


def test_address_is_read_line_by_line() -> None:
    clinic = Clinic(address="  The Old Mill \r\n\r\n2 Mill Lane\nAnytown\n")
    assert clinic.address_lines == ["The Old Mill", "2 Mill Lane", "Anytown"]


def test_rows_say_what_they_are() -> None:
    clinic = make_clinic(hours=[(0, time(9), time(17, 30))])
    assert str(clinic) == "Fernhill Clinic"
    assert str(clinic.opening_hours.get()) == "Monday 09:00 to 17:30"
    assert str(make_closure(clinic, date(2026, 12, 5))) == "Staff training, 5 December 2026"


@pytest.mark.parametrize("telephone", ["call us", "999", "01632 960123 ext", "٠١٦٣٢ ٩٦٠١٢٣"])
def test_what_cannot_be_dialled_is_no_telephone_number(telephone: str) -> None:
    clinic = make_clinic()
    clinic.telephone = telephone
    with pytest.raises(ValidationError, match="digits and spaces only"):
        clinic.full_clean()


def test_a_closure_without_a_last_day_is_one_day_long() -> None:
    day = date(2027, 5, 31)
    closure = Closure(clinic=make_clinic(), name="Spring bank holiday", starts_on=day)
    closure.full_clean()
    closure.save()
    assert closure.days() == [day]
