"""The page with the form: help first, then the form, then how else to reach the clinic."""

import pytest
import time_machine
from bs4 import Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.models import Clinic
from enquiries import consent
from tests.enquiries.conftest import answers, soup_of, token_in
from tests.factories import make_condition, make_practitioner

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def main_of(content: bytes) -> Tag:
    main = soup_of(content).main
    assert main is not None
    return main


def test_the_page_sets_no_cookie_and_is_nobody_elses(clinic: Clinic, visitor: Client) -> None:
    response = visitor.get("/contact/")
    assert response.status_code == 200
    assert not response.cookies
    assert "private" in response["Cache-Control"]
    # Back has to bring the same form, so that sending it twice is known.
    assert "no-store" not in response["Cache-Control"]
    assert token_in(response.content) != token_in(visitor.get("/contact/").content)


def test_help_in_an_emergency_stands_above_the_form(clinic: Clinic, visitor: Client) -> None:
    text = main_of(visitor.get("/contact/").content).get_text(" ", strip=True)
    places = [
        text.index(each)
        for each in ("Call 999 or go to A&E now if:", "NHS 111 if:", "Full name", "Address")
    ]
    assert places == sorted(places)
    assert len(soup_of(visitor.get("/contact/").content).select("h1")) == 1


def test_the_page_says_when_a_reply_will_come(
    clock: time_machine.Traveller, clinic: Clinic, visitor: Client
) -> None:
    text = main_of(visitor.get("/contact/").content).get_text(" ", strip=True)
    assert "we will reply by Monday 23 November at 10am" in text


def test_the_clinic_is_reached_by_telephone_email_and_on_foot(
    clinic: Clinic, visitor: Client
) -> None:
    clinic.directions, clinic.parking = "Left at the <pond>.", "Two spaces."
    clinic.save()
    main = main_of(visitor.get("/contact/").content)
    links = [str(link["href"]) for link in main.select("a[href]")]
    assert "tel:01632960123" in links
    assert "mailto:desk@fernhill.example" in links
    assert (
        "https://www.openstreetmap.org/search?query=1%20Fern%20Hill%2C%20Anytown%2C%20AN1%201AA"
        in links
    )
    assert "/privacy/" in links
    text = main.get_text(" ", strip=True)
    for words in ("9am to 5pm", "Closed", "AN1 1AA", "Left at the <pond>.", "Two spaces."):
        assert words in text


def test_the_map_link_uses_the_position_where_there_is_one(clinic: Clinic, visitor: Client) -> None:
    clinic.latitude, clinic.longitude = "51.50135", "-0.14189"
    clinic.save()
    links = main_of(visitor.get("/contact/").content).select("a[href*=openstreetmap]")
    assert [link["href"] for link in links] == [
        "https://www.openstreetmap.org/?mlat=51.50135&mlon=-0.14189#map=17/51.50135/-0.14189"
    ]


def test_the_page_works_before_the_clinic_is_set_up(visitor: Client, db: None) -> None:
    response = visitor.get("/contact/")
    assert response.status_code == 200
    calls = soup_of(response.content).select('a[href^="tel:"]')
    assert {call["href"] for call in calls} == {"tel:999", "tel:111"}


def test_a_condition_and_a_person_are_carried_into_the_form(
    clinic: Clinic, visitor: Client
) -> None:
    make_condition(slug="back-pain", name="Back pain")
    make_practitioner(slug="asha-example")
    content = visitor.get("/contact/?condition=back-pain&practitioner=asha-example").content
    chosen = [option["value"] for option in soup_of(content).select("main option[selected]")]
    assert chosen == ["back-pain", "asha-example"]


@pytest.mark.parametrize("slug", ["unknown", "", "%00", "%ED%A0%80", "9" * 3000, "draft", "<b>"])
def test_an_unknown_condition_in_the_address_is_ignored(
    clinic: Clinic, visitor: Client, slug: str
) -> None:
    make_condition(slug="draft", published_at=None)
    response = visitor.get(f"/contact/?condition={slug}&practitioner={slug}")
    assert response.status_code == 200
    chosen = soup_of(response.content).select("option[selected]")
    assert not any(option["value"] for option in chosen)


def test_every_input_has_a_label_and_optional_ones_say_so(clinic: Clinic, visitor: Client) -> None:
    form = soup_of(visitor.get("/contact/").content).select_one("main form")
    assert form is not None
    for field in form.select("input:not([type=hidden]), textarea, select"):
        assert form.select_one(f"label[for={field['id']}]"), field
    labels = {str(label["for"]): label.get_text() for label in form.select("label")}
    for name in ("condition", "practitioner", "may_leave_message"):
        assert labels[f"id_{name}"].endswith("(optional)")
    assert consent.CURRENT.text == labels["id_consent"]
    tick = form.select_one("#id_consent")
    assert tick is not None
    assert not tick.has_attr("checked")
    name = form.select_one("#id_full_name")
    assert name is not None
    assert name["autocomplete"] == "name"


def test_the_form_is_sent_to_an_address_of_its_own(clinic: Clinic, visitor: Client) -> None:
    """Else a browser forgets its copy of the page, and Back brings a new form (RFC 9111, 4.4)."""
    form = soup_of(visitor.get("/contact/").content).select_one("main form")
    assert form is not None
    assert form["action"] == "/contact/?send"
    assert visitor.get("/contact/?send").status_code == 200


def test_mistakes_are_listed_first_and_beside_the_field(
    clinic: Clinic, visitor: Client, token: str
) -> None:
    wrong = answers(full_name="", email="sam@", reply_by_method="pigeon", form_token=token)
    response = visitor.post("/contact/", wrong)
    assert response.status_code == 422
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    page = soup_of(response.content)
    assert page.title is not None
    assert page.title.get_text().startswith("Error: Contact us")
    first = main_of(response.content).find(True)
    assert isinstance(first, Tag)
    assert "error-summary" in first["class"]
    assert first.has_attr("autofocus")
    assert first["tabindex"] == "-1"
    alert = first.select_one("[role=alert]")
    assert alert is not None
    assert [(link["href"], link.get_text()) for link in alert.select("a")] == [
        ("#id_full_name", "Enter your full name"),
        ("#id_email", "Enter an email address in the correct format, like name@example.com"),
        ("#id_reply_by_method_0", "Select email or telephone"),
    ]
    for link in alert.select("a"):
        assert page.select_one(str(link["href"])), link["href"]
    field = page.select_one("#id_email")
    assert field is not None
    assert field["aria-describedby"] == "id_email_helptext id_email_error"
    assert field["aria-invalid"] == "true"
    beside = page.select_one("#id_email_error")
    assert beside is not None
    assert beside.get_text(" ", strip=True).startswith("Error: Enter an email address")
    group = page.select_one("fieldset")
    assert group is not None
    assert group["aria-describedby"] == "id_reply_by_method_error"


def test_everything_typed_is_kept_when_there_is_a_mistake(
    clinic: Clinic, visitor: Client, token: str
) -> None:
    make_condition(slug="back-pain")
    typed = answers(
        full_name="", message="‏ألم <b>شديد</b> 🤕\n& more", condition="back-pain",
        may_leave_message="on", form_token=token,
    )  # fmt: skip
    page = soup_of(visitor.post("/contact/", typed).content)
    values = {
        str(each["name"]): each.get("value")
        for each in page.select("main input:not([type=radio]):not([type=checkbox])")
    }
    assert values["email"] == typed["email"]
    assert values["telephone"] == typed["telephone"]
    assert values["form_token"] == token
    message = page.select_one("textarea")
    assert message is not None
    assert message.get_text().strip("\n") == typed["message"]
    ticked = {each["name"] for each in page.select("input[checked]")}
    assert ticked == {"reply_by_method", "may_leave_message", "consent"}
    option = page.select_one("#id_condition option[selected]")
    assert option is not None
    assert option["value"] == "back-pain"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/contact/", "/contact/received/"])
def test_a_wrong_method_gets_a_clear_page(
    clinic: Clinic, visitor: Client, method: str, path: str
) -> None:
    response = getattr(visitor, method)(path)
    assert response.status_code == 405
    assert "GET" in response["Allow"]
    assert b"01632 960123" in response.content


def test_queries_do_not_grow_with_what_is_listed(clinic: Clinic, visitor: Client) -> None:

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            visitor.get("/contact/")
        return len(captured)

    make_condition()
    make_practitioner()
    few = queries()
    for _ in range(7):
        make_condition()
        make_practitioner()
    assert queries() == few


def test_people_who_take_nobody_new_are_marked(clinic: Clinic, visitor: Client) -> None:
    make_practitioner(name="Full Example", slug="full-example", taking_new_patients=False)
    make_practitioner(name="Free Example", slug="free-example")
    options = soup_of(visitor.get("/contact/").content).select("#id_practitioner option")
    assert {option.get_text(strip=True) for option in options} >= {
        "Full Example (not taking new patients)",
        "Free Example",
    }
