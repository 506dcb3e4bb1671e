"""A draft can be read by staff who may see it, is never kept by a browser, and by nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client

from tests.factories import (
    make_article,
    make_clinic,
    make_condition,
    make_faq,
    make_information_page,
    make_treatment,
    make_user,
)
from tests.publishing.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Make = Callable[..., Any]
StaffClient = Callable[..., Client]
KINDS = pytest.mark.parametrize(
    "make", [make_article, make_condition, make_information_page, make_treatment]
)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HIDDEN = pytest.mark.parametrize("published_at", [None, NOON + timedelta(hours=1)])


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@KINDS
@HIDDEN
def test_draft_is_not_there_for_visitors(
    client: Client, make: Make, published_at: datetime | None
) -> None:
    assert client.get(make(published_at=published_at).get_absolute_url()).status_code == 404


@KINDS
@HIDDEN
def test_draft_is_not_there_for_reception(
    staff: StaffClient, make: Make, published_at: datetime | None
) -> None:
    page = make(published_at=published_at)
    assert staff("Reception").get(page.get_absolute_url()).status_code == 404


@KINDS
def test_draft_is_not_there_for_somebody_who_is_not_staff(
    signed_in: Callable[..., Client], make: Make
) -> None:
    page = make(published_at=None)
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename=f"view_{page._meta.model_name}"))
    assert signed_in(user).get(page.get_absolute_url()).status_code == 404


@KINDS
@HIDDEN
@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor", "Manager"])
def test_draft_is_shown_to_those_who_write(
    staff: StaffClient, make: Make, published_at: datetime | None, role: str
) -> None:
    page = make(published_at=published_at)
    response = staff(role).get(page.get_absolute_url())
    assert response.status_code == 200
    assert str(page) in response.content.decode()


@KINDS
@HIDDEN
def test_draft_is_kept_by_no_browser_and_no_search_engine(
    staff: StaffClient, make: Make, published_at: datetime | None
) -> None:
    response = staff("Editor").get(make(published_at=published_at).get_absolute_url())
    directives = response.headers["Cache-Control"]
    assert all(each in directives for each in ("no-store", "private", "no-cache"))
    assert response.headers["X-Robots-Tag"] == "noindex"


@KINDS
def test_public_page_sets_no_cookie_and_may_be_found(client: Client, make: Make) -> None:
    response = client.get(make().get_absolute_url())
    assert response.status_code == 200
    assert not response.cookies
    assert "X-Robots-Tag" not in response.headers
    assert "no-store" not in response.headers.get("Cache-Control", "")


@KINDS
def test_public_page_is_the_same_for_staff(client: Client, staff: StaffClient, make: Make) -> None:
    make_clinic()
    address = make().get_absolute_url()
    assert staff("Editor").get(address).content == client.get(address).content


@KINDS
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_page_can_only_be_read(client: Client, make: Make, method: str) -> None:
    assert getattr(client, method)(make().get_absolute_url()).status_code == 405


@KINDS
def test_page_can_be_asked_for_its_head(client: Client, make: Make) -> None:
    response = client.head(make().get_absolute_url())
    assert response.status_code == 200
    assert response.content == b""


def test_page_shows_its_sections_and_answers_rendered(client: Client) -> None:
    page = make_condition(overview="It is *common*.", causes="Many.\n\n## Lifting\n\nHeavy things.")
    make_faq(page, question="Should I rest?", answer="**No.** Keep moving.")
    soup = parse(client.get(page.get_absolute_url()).content.decode())
    assert soup.find("em", string="common") is not None
    assert soup.find("h3", string="Lifting") is not None
    assert soup.find("strong", string="No.") is not None
    assert "Should I rest?" in soup.get_text()
    assert len(soup.find_all("h1")) == 1


def test_preview_in_the_editor_is_the_page(client: Client, staff: StaffClient) -> None:
    text = (
        "## Rest\n\nSee [NICE](https://www.nice.org.uk/).[^1]\n\n!!! do\n    - walk\n\n[^1]: Note."
    )
    page = make_information_page(body=text)
    preview = staff("Editor").post("/staff/markdown/preview/", {"content": text})
    box = parse(preview.content.decode()).select_one(".prose")
    assert box is not None
    shown = parse(client.get(page.get_absolute_url()).content.decode())
    assert box.decode_contents().strip() in shown.decode()


def test_contents_list_says_a_heading_as_it_stands_in_the_text(client: Client) -> None:
    page = make_information_page(body="## Pain & stiffness\n\nText.\n\n## “Wear < tear”\n\nText.")
    soup = parse(client.get(page.get_absolute_url()).content.decode())
    listed = {each["href"]: each.get_text(strip=True) for each in soup.select("nav.contents a")}
    for heading in ("Pain & stiffness", "“Wear < tear”"):
        found = soup.find("h2", string=heading)
        assert found is not None
        assert listed[f"#{found['id']}"] == heading


@pytest.mark.parametrize(
    "heading", ["Menu", "Opening hours", "Maincontent", "Page contents", "Reference 1", "Title"]
)
def test_heading_of_a_text_never_takes_an_address_of_the_page_around_it(
    client: Client, heading: str
) -> None:
    make_clinic()
    page = make_article(body=f"## {heading}\n\nText.\n\n## {heading}\n\nText.")
    soup = parse(client.get(page.get_absolute_url()).content.decode())
    ids = [each["id"] for each in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
