"""The sitemap: what is public now, with true dates, in files of bounded size."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pages.sitemaps import SiteSitemap
from publishing import workflow
from tests.factories import (
    make_article,
    make_category,
    make_claim,
    make_condition,
    make_image,
    make_information_page,
    make_practitioner,
    make_registration,
    make_treatment,
    make_user,
)
from tests.site.machines import SITE, Entry, sitemap, whole_sitemap

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MAKERS = [make_article, make_condition, make_treatment, make_information_page]
SECTIONS = {
    make_article: "articles",
    make_condition: "conditions",
    make_treatment: "treatments",
    make_information_page: "information",
    make_practitioner: "practitioners",
}


def dated(client: Client) -> dict[str, str]:
    return {entry.path: entry.lastmod for entry in whole_sitemap(client)}


@pytest.mark.parametrize("make", SECTIONS)
def test_public_page_stands_in_its_section_alone(client: Client, make: Any) -> None:
    page = make()
    path = f"/sitemap-{SECTIONS[make]}.xml"
    assert [each.path for each in sitemap(client, path)] == [page.get_absolute_url()]
    assert path in [each.path for each in sitemap(client, "/sitemap.xml")]
    assert [each.path for each in whole_sitemap(client)].count(page.get_absolute_url()) == 1


def test_index_leaves_out_sections_without_pages(client: Client) -> None:
    assert [each.path for each in sitemap(client, "/sitemap.xml")] == ["/sitemap-pages.xml"]


def test_addresses_are_the_site_s_own_whatever_name_was_asked_for(client: Client) -> None:
    make_article()
    for path in ("/sitemap.xml", "/sitemap-articles.xml"):
        content = client.get(path, headers={"host": "testserver"}).content.decode()
        assert SITE in content
        assert "testserver" not in content


@pytest.mark.parametrize("make", SECTIONS)
def test_draft_is_not_listed_and_comes_at_its_time(client: Client, make: Any) -> None:
    draft = make(published_at=None)
    later = make(published_at=timezone.now() + timedelta(hours=1))
    listed = dated(client)
    assert draft.get_absolute_url() not in listed
    assert later.get_absolute_url() not in listed
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        listed = dated(client)
    assert later.get_absolute_url() in listed
    assert draft.get_absolute_url() not in listed


@pytest.mark.parametrize("make", MAKERS)
def test_withdrawn_and_deleted_pages_are_not_listed(client: Client, make: Any) -> None:
    pages = [make(), make()]
    user = make_user("Manager")
    workflow.withdraw(pages[0], user, reason="Old.")
    workflow.delete(pages[1], user)
    listed = dated(client)
    assert [page for page in pages if page.get_absolute_url() in listed] == []


@pytest.mark.parametrize(
    ("published", "updated", "reviewed", "told"),
    [
        (date(2025, 3, 1), None, None, "2025-03-01"),
        (date(2025, 3, 1), date(2025, 4, 2), None, "2025-04-02"),
        (date(2025, 3, 1), date(2025, 4, 2), date(2025, 5, 3), "2025-05-03"),
        (date(2025, 3, 1), date(2025, 6, 2), date(2025, 5, 3), "2025-06-02"),
        (date(2025, 7, 1), date(2025, 6, 2), date(2025, 5, 3), "2025-07-01"),
    ],
)
@pytest.mark.parametrize("make", MAKERS)
def test_date_is_the_last_one_that_readers_see(
    client: Client, make: Any, published: date, updated: Any, reviewed: Any, told: str
) -> None:
    review: dict[str, Any] = {}
    if reviewed:
        review = {
            "reviewed_on": reviewed,
            "reviewed_by": make_practitioner(),
            "next_review_due": reviewed + timedelta(days=365),
        }
    moment = datetime(published.year, published.month, published.day, 12, tzinfo=UTC)
    page = make(published_at=moment, updated_on=updated, **review)
    assert dated(client)[page.get_absolute_url()] == told
    index = {each.path: each.lastmod for each in sitemap(client, "/sitemap.xml")}
    assert index[f"/sitemap-{SECTIONS[make]}.xml"] == told


def test_day_of_publication_is_the_clinic_s(client: Client) -> None:
    """Half past midnight in London, in summer, is still yesterday in UTC."""
    page = make_article(published_at=datetime(2025, 6, 30, 23, 30, tzinfo=UTC))
    assert dated(client)[page.get_absolute_url()] == "2025-07-01"


def test_list_has_the_date_of_its_newest_page_and_home_none(client: Client) -> None:
    category, other = make_category(), make_category()
    old = {"published_at": datetime(2025, 3, 1, 12, tzinfo=UTC)}
    new = {"published_at": datetime(2025, 4, 2, 12, tzinfo=UTC)}
    make_article(category=category, **old)
    make_article(category=other, **new)
    make_article(category=category, published_at=None, updated_on=date(2025, 5, 5))
    make_condition(**old)
    listed = dated(client)
    assert listed[category.get_absolute_url()] == "2025-03-01"
    assert listed[other.get_absolute_url()] == "2025-04-02"
    assert listed["/articles/"] == "2025-04-02"
    assert listed["/conditions/"] == "2025-03-01"
    assert [listed[path] for path in ("/", "/treatments/", "/contact/")] == ["", "", ""]


def test_evidence_table_has_the_date_of_its_last_check(client: Client) -> None:
    make_claim(checked_on=date(2026, 6, 1))
    make_claim(checked_on=date(2026, 7, 1), is_public=False)
    make_claim(checked_on=date(2026, 8, 1), condition=make_condition(published_at=None))
    assert dated(client)["/evidence/"] == "2026-06-01"


def test_profile_has_the_date_of_the_last_look_into_the_register(client: Client) -> None:
    person = make_practitioner()
    assert dated(client)[person.get_absolute_url()] == "2025-01-06"
    make_registration(person, checked_on=date(2026, 6, 1))
    make_registration(person, body="gosc", number="12345", checked_on=date(2026, 7, 1))
    assert dated(client)[person.get_absolute_url()] == "2026-07-01"


def test_somebody_who_left_and_a_category_without_articles_are_not_listed(client: Client) -> None:
    left = make_practitioner(leaves_on=timezone.localdate())
    empty = make_category()
    make_article(category=empty, published_at=None)
    listed = dated(client)
    assert left.get_absolute_url() not in listed
    assert empty.get_absolute_url() not in listed


def one(client: Client, section: str) -> Entry:
    [entry] = sitemap(client, f"/sitemap-{section}.xml")
    return entry


def test_lead_pictures_and_portraits_are_named_in_full(
    client: Client, settings: LazySettings
) -> None:
    image = make_image()
    make_article(lead_image=image, lead_image_role="decorative")
    make_practitioner(photo=image)
    make_condition()
    assert one(client, "articles").images == (f"{SITE}{image.fallback('full').address}",)
    assert one(client, "practitioners").images == (f"{SITE}{image.fallback('portrait').address}",)
    assert one(client, "conditions").images == ()
    settings.MEDIA_URL = "https://pictures.example/"
    [address] = one(client, "articles").images
    assert address.startswith("https://pictures.example/images/")


def test_files_are_paged_and_list_every_page_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SiteSitemap, "limit", 2)
    days = [datetime(2025, 3, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4, 5)]
    pages = [make_condition(published_at=day) for day in days]
    files = [each for each in sitemap(client, "/sitemap.xml") if "-conditions" in each.address]
    assert [each.path.removeprefix("/sitemap-conditions.xml") for each in files] == [
        "", "?p=2", "?p=3",
    ]  # fmt: skip
    # Each file has its own date, so that only what changed is fetched again.
    assert [each.lastmod for each in files] == ["2025-03-02", "2025-03-04", "2025-03-05"]
    listed = [entry.path for file in files for entry in sitemap(client, file.path)]
    assert listed == [page.get_absolute_url() for page in pages]


@pytest.mark.parametrize(
    "path",
    [
        "/sitemap-conditions.xml?p=2",
        "/sitemap-conditions.xml?p=0",
        "/sitemap-conditions.xml?p=two",
        "/sitemap-conditions.xml?p=-1",
        "/sitemap-no-such.xml",
    ],
)
def test_file_that_is_not_there_is_not_found(client: Client, path: str) -> None:
    make_condition()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-articles.xml", "/sitemap-pages.xml"])
def test_more_pages_cost_no_more_queries_and_no_text_is_read(client: Client, path: str) -> None:
    def ask() -> CaptureQueriesContext:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return queries

    for make in SECTIONS:
        make()
    few = ask()
    for make in SECTIONS:
        for _ in range(5):
            make()
    many = ask()
    assert len(many) == len(few)
    assert [each["sql"] for each in many if '"body"' in each["sql"]] == []


def test_file_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    make_article()
    for path in ("/sitemap.xml", "/sitemap-articles.xml"):
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        again = client.get("/sitemap-articles.xml", headers={"if-none-match": tag})
    assert again.status_code == 304  # the day of asking is no date of a page
    make_article()
    assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_sitemap_travels_compressed(client: Client) -> None:
    for _ in range(5):
        make_article()
    response = client.get("/sitemap-articles.xml", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
