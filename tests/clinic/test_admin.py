"""The clinic's details in the admin: one form, opened at once."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.models import Clinic, Closure
from tests.factories import make_clinic, make_closure
from tests.publishing.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

StaffClient = Callable[..., Client]
LIST = reverse("admin:clinic_clinic_changelist")
ADD = reverse("admin:clinic_clinic_add")
CHANGE = reverse("admin:clinic_clinic_change", args=[1])


def form(**changes: Any) -> dict[str, Any]:
    """Return what a browser sends for a clinic with one row of hours."""
    return {
        "name": "Fernhill Clinic",
        "strap_line": "",
        "logo": "",
        "brand_colour": "#0f5c5c",
        "telephone": "01632 960123",
        "email": "desk@fernhill.example",
        "address": "1 Fern Hill",
        "postcode": "AN1 1AA",
        "directions": "",
        "parking": "",
        "latitude": "",
        "longitude": "",
        "reply_within_hours": "8",
        "urgent_notice": "",
        "urgent_notice_ends_at_0": "",
        "urgent_notice_ends_at_1": "",
        "disclaimer": "",
        "opening_hours-TOTAL_FORMS": "1",
        "opening_hours-INITIAL_FORMS": "0",
        "opening_hours-0-weekday": "0",
        "opening_hours-0-opens": "09:00",
        "opening_hours-0-closes": "17:00",
        "closures-TOTAL_FORMS": "0",
        "closures-INITIAL_FORMS": "0",
    } | changes


def errors_of(html: str) -> str:
    return " ".join(each.get_text() for each in parse(html).select(".errorlist"))


def test_list_opens_the_form_of_a_new_clinic_and_then_of_the_one(staff: StaffClient) -> None:
    client = staff("Manager")
    assert client.get(LIST).headers["Location"] == ADD
    make_clinic()
    assert client.get(LIST).headers["Location"] == CHANGE


def test_manager_sets_the_clinic_up(staff: StaffClient) -> None:
    response = staff("Manager").post(ADD, form())
    assert response.status_code == 302
    clinic = Clinic.current()
    assert clinic.pk == 1
    assert [(row.weekday, row.opens) for row in clinic.opening_hours.all()] == [(0, time(9))]


def test_there_is_no_second_clinic_and_none_is_deleted(staff: StaffClient) -> None:
    make_clinic()
    client = staff("Manager")
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, form()).status_code == 403
    delete = reverse("admin:clinic_clinic_delete", args=[1])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Clinic.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"brand_colour": "#ffcc00"}, "Choose a darker colour."),
        ({"urgent_notice": "Phones are down."}, "Say when the notice ends"),
        ({"latitude": "51.5"}, "Give both latitude and longitude, or neither."),
        ({"opening_hours-0-closes": "08:00"}, "The closing time must be later"),
        ({"reply_within_hours": "0"}, "greater than or equal to 1"),
        ({"email": "desk"}, "valid email address"),
        (
            {
                "opening_hours-TOTAL_FORMS": "2",
                "opening_hours-1-weekday": "0",
                "opening_hours-1-opens": "09:00",
                "opening_hours-1-closes": "12:00",
            },
            "correct the duplicate data",
        ),
    ],
)
def test_mistake_is_named_and_nothing_is_saved(
    staff: StaffClient, changes: dict[str, str], says: str
) -> None:
    response = staff("Manager").post(ADD, form(**changes))
    assert response.status_code == 200
    assert says in errors_of(response.content.decode())
    assert not Clinic.objects.exists()


def test_change_shows_on_the_site_at_once(staff: StaffClient, client: Client) -> None:
    make_clinic(hours=[])
    assert "Fernhill Clinic" in client.get("/conditions/").content.decode()
    response = staff("Manager").post(CHANGE, form(name="Ashdown Clinic", brand_colour="#123456"))
    assert response.status_code == 302
    html = client.get("/conditions/").content.decode()
    assert "Ashdown Clinic" in html
    assert "#123456" in html


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor"])
def test_those_who_write_do_not_see_the_clinic_s_details(staff: StaffClient, role: str) -> None:
    make_clinic()
    client = staff(role)
    assert client.get(LIST).status_code == 403
    assert client.get(CHANGE).status_code == 403


def test_colour_is_picked_and_not_typed(staff: StaffClient) -> None:
    html = staff("Manager").get(ADD).content.decode()
    (field,) = parse(html).select("input[name=brand_colour]")
    assert field["type"] == "color"


# --- closures -------------------------------------------------------------------------------------

ADD_CLOSURE = reverse("admin:clinic_closure_add")
CLOSURE = {"name": "Flood", "starts_on": "2026-12-01", "ends_on": "2026-12-02"}


def test_closure_is_added_changed_and_taken_back(staff: StaffClient) -> None:
    make_clinic()
    client = staff("Reception")
    assert client.post(ADD_CLOSURE, CLOSURE).status_code == 302
    closure = Closure.objects.get()
    address = reverse("admin:clinic_closure_change", args=[closure.pk])
    assert client.post(address, CLOSURE | {"ends_on": "2026-12-04"}).status_code == 302
    closure.refresh_from_db()
    assert closure.ends_on == date(2026, 12, 4)
    delete = reverse("admin:clinic_closure_delete", args=[closure.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert not Closure.objects.exists()


def test_closure_that_ends_before_it_starts_is_refused(staff: StaffClient) -> None:
    make_clinic()
    response = staff("Reception").post(ADD_CLOSURE, CLOSURE | {"ends_on": "2026-11-30"})
    assert response.status_code == 200
    assert "The last day must not be before the first." in errors_of(response.content.decode())


def test_clinic_is_set_up_before_it_is_closed(staff: StaffClient) -> None:
    assert staff("Reception").post(ADD_CLOSURE, CLOSURE).status_code == 403


def test_closures_are_listed_with_their_days(staff: StaffClient) -> None:
    make_closure(make_clinic(), date(2026, 12, 25), name="Christmas Day", is_bank_holiday=True)
    html = staff("Reception").get(reverse("admin:clinic_closure_changelist")).content.decode()
    assert "Christmas Day" in parse(html).select("#result_list tbody")[0].get_text()


@pytest.mark.parametrize("role", ["Author", "Editor"])
def test_those_who_write_do_not_close_the_clinic(staff: StaffClient, role: str) -> None:
    make_clinic()
    assert staff(role).post(ADD_CLOSURE, CLOSURE).status_code == 403
