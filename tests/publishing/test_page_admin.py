"""Pages in the admin: dates move only on purpose, mistakes are named, lists say the state."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    make_article,
    make_condition,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
)
from tests.publishing.markup import parse

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
StaffClient = Callable[..., Client]
KINDS = pytest.mark.parametrize(
    "make", [make_article, make_condition, make_information_page, make_treatment]
)
TODAY = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


def address(page: Any, action: str = "change") -> str:
    name = f"admin:{page._meta.app_label}_{page._meta.model_name}_{action}"
    return reverse(name, args=[page.pk] if action in {"change", "delete", "history"} else [])


def filled_in(soup: BeautifulSoup) -> dict[str, Any]:
    """Return what a browser would send when the form is saved as it stands."""
    form = soup.select_one("#content-main form[method=post]")
    assert form is not None
    sent: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if "__prefix__" in name or field.get("type") in {"submit", "file"}:
            continue
        value = value_of(field)
        if value is not None:
            sent[name] = value
    return sent


def value_of(field: Tag) -> Any:
    if field.name == "textarea":
        return field.get_text().removeprefix("\n")
    if field.name == "select":
        chosen = [str(option.get("value", "")) for option in field.select("option[selected]")]
        return chosen if field.has_attr("multiple") else (chosen or [""])[0]
    if field.get("type") == "checkbox":
        return "on" if field.has_attr("checked") else None
    return str(field.get("value", ""))


def save(client: Client, page: Any, **changes: Any) -> None:
    soup = parse(client.get(address(page)).content.decode())
    response = client.post(address(page), filled_in(soup) | changes)
    assert response.status_code == 302, parse(response.content.decode()).select(".errorlist")
    page.refresh_from_db()


# --- dates ----------------------------------------------------------------------------------------


@KINDS
@pytest.mark.parametrize("updated_on", [None, date(2026, 1, 5)])
def test_trivial_save_moves_no_date(
    staff: StaffClient, make: Make, updated_on: date | None
) -> None:
    reviewer = make_practitioner()
    page = make(
        updated_on=updated_on,
        reviewed_by=reviewer,
        reviewed_on=date(2026, 2, 1),
        next_review_due=date(2027, 2, 1),
    )
    published_at = page.published_at
    save(staff("Editor"), page, summary="A spelling mended.")
    assert page.summary == "A spelling mended."
    assert page.updated_on == updated_on
    assert page.published_at == published_at
    assert (page.reviewed_on, page.next_review_due) == (date(2026, 2, 1), date(2027, 2, 1))


@KINDS
def test_ticking_the_box_says_that_readers_are_told_something_new(
    staff: StaffClient, make: Make
) -> None:
    page = make(updated_on=date(2026, 1, 5))
    save(staff("Editor"), page, changes_what_readers_are_told="on")
    assert page.updated_on == date(2026, 7, 1)


def test_box_is_never_ticked_beforehand(staff: StaffClient) -> None:
    client, page = staff("Editor"), make_article()
    save(client, page, changes_what_readers_are_told="on")
    soup = parse(client.get(address(page)).content.decode())
    box = soup.select_one("input[name=changes_what_readers_are_told]")
    assert box is not None
    assert not box.has_attr("checked")


def test_date_of_change_cannot_be_typed(staff: StaffClient) -> None:
    page = make_article(updated_on=date(2026, 1, 5))
    save(staff("Editor"), page, updated_on="2020-01-01", updated_on_0="2020-01-01")
    assert page.updated_on == date(2026, 1, 5)


def test_day_of_change_is_the_clinic_s_own(staff: StaffClient) -> None:
    page = make_article()
    with time_machine.travel(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), tick=False):
        save(staff("Editor"), page, changes_what_readers_are_told="on")
    assert page.updated_on == date(2026, 7, 2)


# --- saving ---------------------------------------------------------------------------------------


@KINDS
def test_mistake_in_the_text_is_named_with_its_line_and_nothing_is_lost(
    staff: StaffClient, make: Make
) -> None:
    client, page = staff("Editor"), make()
    first = page.SECTIONS[0].field
    text = "One.\n\n![](image:1) and [@nobody]\n\nÜmläut & <b>"
    soup = parse(client.get(address(page)).content.decode())
    response = client.post(address(page), filled_in(soup) | {first: text})
    assert response.status_code == 200
    answer = parse(response.content.decode())
    errors = " ".join(each.get_text() for each in answer.select(".errorlist"))
    assert "Line 3: there is no picture number 1." in errors
    assert "Line 3: there is no source with the key “nobody”." in errors
    field = answer.select_one(f"textarea[name={first}]")
    assert field is not None
    assert field.get_text().strip() == text
    before = getattr(page, first)
    page.refresh_from_db()
    assert getattr(page, first) == before


def test_pasted_text_is_cleaned_before_it_is_kept(staff: StaffClient) -> None:
    page = make_article()
    save(staff("Editor"), page, body="Two\u00a0words\u200b<o:p></o:p>\r\nand\x00 more")
    assert page.body == "Two words\nand more"


def test_lists_are_typed_one_a_line(staff: StaffClient) -> None:
    client, page = staff("Editor"), make_condition(also_known_as=["lumbago"])
    soup = parse(client.get(address(page)).content.decode())
    field = soup.select_one("textarea[name=also_known_as]")
    assert field is not None
    assert field.get_text().strip() == "lumbago"
    save(client, page, also_known_as="lumbago\r\n\r\n  Slipped\u00a0disc \r\nlumbago")
    assert page.also_known_as == ["lumbago", "Slipped disc"]


def test_author_as_reviewer_is_refused_at_the_field(staff: StaffClient) -> None:
    person, page, client = make_practitioner(), make_article(), staff("Editor")
    soup = parse(client.get(address(page)).content.decode())
    sent = filled_in(soup) | {"author": str(person.pk), "reviewed_by": str(person.pk)}
    answer = parse(client.post(address(page), sent).content.decode())
    row = answer.select_one(".field-reviewed_by")
    assert row is not None
    assert "Somebody other than the author reviews a page." in row.get_text()


def test_new_page_is_a_draft_unless_a_time_is_given(staff: StaffClient) -> None:
    client = staff("Author")
    add = reverse("admin:pages_informationpage_add")
    sent = filled_in(parse(client.get(add).content.decode()))
    given = {"title": "Fees", "slug": "fees", "summary": "What it costs.", "body": "£60."}
    assert client.post(add, sent | given).status_code == 302
    assert client.get("/fees/").status_code == 200  # for the author
    assert Client().get("/fees/").status_code == 404


@KINDS
def test_address_follows_the_title_of_a_new_page_only(staff: StaffClient, make: Make) -> None:
    client, page = staff("Editor"), make()
    new = client.get(address(page, "add")).content.decode()
    old = client.get(address(page)).content.decode()
    assert "#id_slug" in new
    assert "#id_slug" not in old


@KINDS
def test_page_can_be_seen_from_its_form(staff: StaffClient, make: Make) -> None:
    page = make(published_at=None)
    soup = parse(staff("Editor").get(address(page)).content.decode())
    link = soup.select_one("a.viewsitelink")
    assert link is not None
    response = staff("Editor").get(str(link["href"]), follow=True)
    assert response.status_code == 200


@KINDS
def test_somebody_who_may_only_look_can_open_the_form(
    signed_in: Callable[..., Client], make: Make
) -> None:
    page = make()
    user = make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename=f"view_{page._meta.model_name}"))
    client = signed_in(user)
    response = client.get(address(page))
    assert response.status_code == 200
    assert "changes_what_readers_are_told" not in response.content.decode()
    assert client.post(address(page), {"summary": "x"}).status_code == 403


@KINDS
@pytest.mark.parametrize(
    ("role", "status"),
    [("Author", 403), ("Clinical reviewer", 403), ("Editor", 302), ("Manager", 302)],
)
def test_editors_delete_pages_and_authors_do_not(
    staff: StaffClient, make: Make, role: str, status: int
) -> None:
    page = make()
    response = staff(role).post(address(page, "delete"), {"post": "yes"})
    assert response.status_code == status
    assert type(page).objects.exists() is (status == 403)


@KINDS
@pytest.mark.parametrize("action", ["changelist", "add", "change", "delete", "history"])
def test_reception_does_not_see_pages(staff: StaffClient, make: Make, action: str) -> None:
    assert staff("Reception").get(address(make(), action)).status_code == 403


# --- lists ----------------------------------------------------------------------------------------


def column(client: Client, page: Any, name: str, **query: str) -> list[str]:
    html = client.get(address(page, "changelist"), query).content.decode()
    return [each.get_text() for each in parse(html).select(f"#result_list td.field-{name}")]


@KINDS
@pytest.mark.parametrize(
    ("published_at", "words"),
    [
        (None, "Draft"),
        (TODAY - timedelta(days=1), "Public"),
        (TODAY + timedelta(days=1), "Appears later"),
    ],
)
def test_list_says_what_the_public_sees(
    staff: StaffClient, make: Make, published_at: datetime | None, words: str
) -> None:
    assert column(staff("Author"), make(published_at=published_at), "state") == [words]


@KINDS
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Not reviewed"),
        ({"next_review_due": date(2026, 6, 30)}, "Overdue since 30 Jun 2026"),
        ({"next_review_due": date(2026, 7, 2)}, "Due 2 Jul 2026"),
        (
            {"next_review_due": date(2027, 1, 1), "updated_on": date(2026, 3, 1)},
            "Changed since review",
        ),
    ],
)
def test_list_says_how_the_review_stands(
    staff: StaffClient, make: Make, fields: dict[str, Any], words: str
) -> None:
    if fields:
        fields = {"reviewed_by": make_practitioner(), "reviewed_on": date(2026, 2, 1)} | fields
    assert column(staff("Author"), make(**fields), "review") == [words]


@KINDS
def test_list_is_searched_and_filtered(staff: StaffClient, make: Make) -> None:
    client, draft, public = staff("Author"), make(published_at=None), make(summary="Zebra.")
    assert column(client, draft, "state", q="zebra") == ["Public"]
    assert column(client, public, "state", published_at__isnull="True") == ["Draft"]
    assert column(client, public, "state", q="nothing like it") == []


@KINDS
def test_list_asks_the_same_number_of_questions_for_many_pages(
    staff: StaffClient, make: Make
) -> None:
    client = staff("Author")

    def questions(count: int) -> int:
        for _ in range(count):
            page = make(
                author=make_practitioner(),
                reviewed_by=make_practitioner(),
                reviewed_on=date(2026, 2, 1),
                next_review_due=date(2027, 2, 1),
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(page, "changelist")).status_code == 200
        return len(queries)

    assert questions(1) == questions(7)
