"""Every page of the admin, for every role: open, refused or sent to the door, as the role says."""

from collections.abc import Callable
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from bs4 import BeautifulSoup
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import models
from django.test import Client
from django.utils import timezone

from conditions.models import BodyRegion
from pages.roles import ROLES
from practitioners.models import Language
from tests.factories import (
    make_article,
    make_category,
    make_clinic,
    make_closure,
    make_condition,
    make_enquiry,
    make_faq,
    make_image,
    make_information_page,
    make_practitioner,
    make_price,
    make_registration,
    make_source,
    make_treatment,
    make_user,
    make_warning_sign,
)

pytestmark = pytest.mark.django_db

# Nobody may do these, whatever their permissions: the rows come with the software, are a record of
# what happened, or there is exactly one.
NEVER = {
    "conditions.bodyregion": {"add", "change", "delete"},
    "enquiries.enquiry": {"add", "delete"},
    "clinic.clinic": {"add", "delete"},
    "axes.accessattempt": {"add"},
    "axes.accesslog": {"add"},
    "axes.accessfailurelog": {"add"},
}
SUPERUSER = "superuser"
PEOPLE = [*ROLES, SUPERUSER]


def with_parts(page: Any) -> Any:
    """Give a page what its inlines show."""
    make_faq(page)
    if hasattr(page, "warning_signs"):
        make_warning_sign(page, sources=[make_source()])
    if hasattr(page, "prices"):
        make_price(page)
    return page


def make_reviewed_condition() -> Any:
    today = timezone.localdate()
    return with_parts(
        make_condition(
            author=make_practitioner(),
            reviewed_by=make_practitioner(),
            reviewed_on=today,
            next_review_due=today.replace(year=today.year + 1),
        )
    )


def make_person() -> Any:
    person = make_practitioner(photo=make_image())
    make_registration(person)
    return person


ROWS: dict[str, Callable[[], models.Model]] = {
    "articles.article": lambda: with_parts(make_article(lead_image=make_image())),
    "articles.category": make_category,
    "auth.group": lambda: Group.objects.get(name="Editor"),
    "auth.user": lambda: make_user("Editor"),
    "axes.accessattempt": lambda: AccessAttempt.objects.create(
        failures_since_start=1, attempt_time=timezone.now()
    ),
    "axes.accessfailurelog": lambda: AccessFailureLog.objects.create(),
    "axes.accesslog": lambda: AccessLog.objects.create(),
    "clinic.clinic": make_clinic,
    "clinic.closure": lambda: make_closure(make_clinic(), timezone.localdate()),
    "conditions.bodyregion": lambda: BodyRegion.objects.get(slug="knee"),
    "conditions.condition": make_reviewed_condition,
    "enquiries.enquiry": make_enquiry,
    "evidence.source": make_source,
    "pages.informationpage": make_information_page,
    "practitioners.language": lambda: Language.objects.create(name="Welsh"),
    "practitioners.practitioner": make_person,
    "publishing.image": make_image,
    "treatments.treatment": lambda: with_parts(make_treatment()),
}


def test_every_registered_model_is_tried() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == ROWS.keys()


def client_of(person: str, signed_in: Callable[[User], Client]) -> Client:
    if person == SUPERUSER:
        return signed_in(make_user(is_staff=True, is_superuser=True))
    return signed_in(make_user(person))


def may(person: str, action: str, model: str) -> bool:
    """Say what the role's permissions, and nothing else, promise."""
    if action in NEVER.get(model, set()):
        return False
    app, name = model.split(".")
    return person == SUPERUSER or f"{app}.{action}_{name}" in ROLES[person]


@pytest.mark.parametrize("model", ROWS)
@pytest.mark.parametrize("person", PEOPLE)
def test_pages_open_exactly_as_the_role_says(
    signed_in: Callable[[User], Client], person: str, model: str
) -> None:
    row = ROWS[model]()
    client = client_of(person, signed_in)
    base = f"/admin/{model.replace('.', '/')}/"
    may_see = may(person, "view", model) or may(person, "change", model)
    opened = 302 if model == "clinic.clinic" else 200  # the clinic's one row opens at once
    expected = {
        base: opened if may_see else 403,
        f"{base}add/": 200 if may(person, "add", model) else 403,
        f"{base}{row.pk}/change/": 200 if may_see else 403,
        f"{base}{row.pk}/history/": 200 if may_see else 403,
        f"{base}{row.pk}/delete/": 200 if may(person, "delete", model) else 403,
        f"{base}?q=knee": opened if may_see else 403,
    }
    if model == "clinic.clinic":
        del expected[f"{base}?q=knee"]
    found = {url: client.get(url).status_code for url in expected}
    assert found == expected


@pytest.mark.parametrize("model", ROWS)
def test_nobody_without_an_account_gets_further_than_the_door(client: Client, model: str) -> None:
    row = ROWS[model]()
    base = f"/admin/{model.replace('.', '/')}/"
    for url in (base, f"{base}add/", f"{base}{row.pk}/change/", f"{base}{row.pk}/delete/"):
        response = client.get(url)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/admin/login/?next=")


@pytest.mark.parametrize("model", ROWS)
def test_account_without_a_role_sees_nothing(
    signed_in: Callable[[User], Client], model: str
) -> None:
    row = ROWS[model]()
    client = signed_in(make_user(is_staff=True))
    base = f"/admin/{model.replace('.', '/')}/"
    for url in (base, f"{base}add/", f"{base}{row.pk}/change/", f"{base}{row.pk}/delete/"):
        assert client.get(url).status_code == 403


def test_role_without_staff_access_is_shown_the_door(
    signed_in: Callable[[User], Client],
) -> None:
    client = signed_in(make_user("Manager", is_staff=False))
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("person", PEOPLE)
def test_reading_is_not_writing(signed_in: Callable[[User], Client], person: str) -> None:
    """A post to the page of a row that the role may only read is refused."""
    client = client_of(person, signed_in)
    for model in ROWS.keys() - {"axes.accessattempt", "axes.accesslog", "axes.accessfailurelog"}:
        if not may(person, "view", model) or may(person, "change", model):
            continue
        row = ROWS[model]()
        url = f"/admin/{model.replace('.', '/')}/{row.pk}/change/"
        assert client.post(url, {"name": "Changed"}).status_code == 403, model


@pytest.mark.parametrize("person", PEOPLE)
def test_unknown_row_leads_back_to_the_desk(
    signed_in: Callable[[User], Client], person: str
) -> None:
    client = client_of(person, signed_in)
    for model in ROWS:
        for key in ("999999", "nonsense", "1'"):
            url = f"/admin/{model.replace('.', '/')}/{key}/change/"
            assert client.get(url).status_code in {302, 403}, url


@pytest.mark.parametrize("model", [each for each in ROWS if each != "clinic.clinic"])
def test_lists_take_strange_parameters(staff: Callable[[str], Client], model: str) -> None:
    ROWS[model]()
    client = staff("Manager") if not model.startswith("axes.") else None
    if client is None:
        client = Client()
        client.force_login(
            make_user(is_staff=True, is_superuser=True),
            backend="django.contrib.auth.backends.ModelBackend",
        )
    base = f"/admin/{model.replace('.', '/')}/"
    for query in ("?q=%00", "?p=9999", "?p=x", "?o=99", "?o=x", "?e=1", "?no_such=1",
                  "?q=" + "x" * 5000, "?id__exact=%00"):  # fmt: skip
        assert client.get(base + query).status_code in {200, 302}, query


# --- the first page ----------------------------------------------------------------------------


def groups(client: Client) -> dict[str, list[str]]:
    soup = BeautifulSoup(client.get("/admin/").content, "html.parser")
    return {
        box.caption.get_text(strip=True): [
            row.get_text(strip=True) for row in box.select("tr th[scope=row]")
        ]
        for box in soup.select("#content-main .module")
    }


CONTENT = ["Conditions", "Articles", "Treatments", "Information pages", "Categories", "Sources",
           "Pictures"]  # fmt: skip


def test_manager_finds_everything_grouped_as_staff_think(staff: Callable[[str], Client]) -> None:
    assert groups(staff("Manager")) == {
        "Enquiries": ["Enquiries"],
        "Content": CONTENT,
        "People": ["Practitioners", "Languages", "Users", "Groups"],
        "Settings": ["Clinic details", "Closures", "Parts of the body"],
    }


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor"])
def test_writers_find_content_and_people(staff: Callable[[str], Client], role: str) -> None:
    assert groups(staff(role)) == {
        "Content": CONTENT,
        "People": ["Practitioners", "Languages"],
        "Settings": ["Parts of the body"],
    }


def test_reception_finds_enquiries_first(staff: Callable[[str], Client]) -> None:
    found = groups(staff("Reception"))
    assert list(found) == ["Enquiries", "Settings"]
    assert found["Settings"] == ["Clinic details", "Closures"]


def test_what_has_no_group_stands_under_settings(signed_in: Callable[[User], Client]) -> None:
    found = groups(signed_in(make_user(is_staff=True, is_superuser=True)))
    assert list(found) == ["Enquiries", "Content", "People", "Settings"]
    assert set(found["Settings"]) >= {"Clinic details", "Access attempts"}


def test_staff_pages_carry_the_clinics_name(staff: Callable[[str], Client]) -> None:
    make_clinic(name="Fernhill Clinic")
    soup = BeautifulSoup(staff("Editor").get("/admin/").content, "html.parser")
    assert soup.title is not None
    assert "Fernhill Clinic: staff" in soup.title.get_text()


def test_staff_pages_are_never_stored(staff: Callable[[str], Client]) -> None:
    client = staff("Manager")
    for url in ("/admin/", "/admin/enquiries/enquiry/", "/admin/articles/article/"):
        assert "no-store" in client.get(url).headers["Cache-Control"], url


def test_wrong_password_too_often_is_told_in_plain_words(client: Client) -> None:
    make_user("Editor", username="ed")
    for _ in range(6):
        response = client.post("/admin/login/", {"username": "ed", "password": "wrong"})
    assert response.status_code == 429
    assert "Too many tries" in response.content.decode()


def test_clinic_opens_at_once_and_is_made_once(staff: Callable[[str], Client]) -> None:
    manager = staff("Manager")
    response = manager.get("/admin/clinic/clinic/")
    assert response.headers["Location"] == "/admin/clinic/clinic/add/"
    assert manager.get("/admin/clinic/clinic/add/").status_code == 200
    make_clinic()
    response = manager.get("/admin/clinic/clinic/")
    assert response.headers["Location"] == "/admin/clinic/clinic/1/change/"
    assert manager.get("/admin/clinic/clinic/add/").status_code == 403


def test_pages_of_one_app_keep_djangos_own_list(staff: Callable[[str], Client]) -> None:
    response = staff("Manager").get("/admin/practitioners/")
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    names = [row.get_text(strip=True) for row in soup.select("#content-main tr th[scope=row]")]
    assert names == ["Languages", "Practitioners"]
