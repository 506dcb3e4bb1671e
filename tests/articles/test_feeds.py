"""The feeds of articles: valid Atom, with entries that keep their ids and tell their true dates."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.feeds import ARTICLES_SHOWN
from publishing import workflow
from tests.factories import (
    make_article,
    make_category,
    make_clinic,
    make_practitioner,
    make_user,
)
from tests.site.machines import ATOM, SITE, feed_entries, parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ALL = "/articles/feed.atom"
DAY = datetime(2025, 3, 1, 12, tzinfo=UTC)


def titles(client: Client, path: str = ALL) -> list[str]:
    return [entry["title"] for entry in feed_entries(client, path)]


def test_articles_stand_newest_first_with_what_they_say(client: Client) -> None:
    make_clinic()
    author = make_practitioner(name="Asha Writer")
    old = make_article(published_at=DAY, summary="Less < more & “quoted”.", author=author)
    new = make_article(published_at=DAY + timedelta(days=1))
    found = feed_entries(client, ALL)
    assert [entry["title"] for entry in found] == [new.title, old.title]
    assert found[1]["link"] == f"{SITE}{old.get_absolute_url()}"
    assert found[1]["summary"] == "Less < more & “quoted”."
    assert [entry["author/a:name"] for entry in found] == ["", "Asha Writer"]
    feed = parse(client, ALL)
    assert feed.findtext("a:title", "", ATOM) == "Fernhill Clinic: articles"
    assert feed.findtext("a:author/a:name", "", ATOM) == "Fernhill Clinic"


def test_category_has_a_feed_of_its_own(client: Client) -> None:
    make_clinic()
    category = make_category(name="Pain", slug="pain", summary="About pain.")
    own = make_article(category=category)
    other = make_article()
    path = "/articles/category/pain/feed.atom"
    assert titles(client, path) == [own.title]
    assert set(titles(client)) == {own.title, other.title}
    feed = parse(client, path)
    assert feed.findtext("a:title", "", ATOM) == "Fernhill Clinic: Pain: articles"
    assert feed.findtext("a:subtitle", "", ATOM) == "About pain."
    assert client.get("/articles/category/no-such/feed.atom").status_code == 404


def test_what_is_not_public_is_absent_and_comes_at_its_time(client: Client) -> None:
    user = make_user("Manager")
    make_article(title="Draft", published_at=None)
    make_article(title="Later", published_at=timezone.now() + timedelta(hours=1))
    workflow.withdraw(make_article(title="Gone"), user, reason="Old.")
    workflow.delete(make_article(title="Deleted"), user)
    assert titles(client) == []
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert titles(client) == ["Later"]


def test_addresses_are_the_site_s_own_whatever_name_was_asked_for(client: Client) -> None:
    make_article()
    content = client.get(ALL, headers={"host": "testserver"}).content.decode()
    assert SITE in content
    assert "testserver" not in content


def test_entry_keeps_its_id_when_address_title_and_date_change(client: Client) -> None:
    page = make_article()
    other = make_article()
    before = {entry["title"]: entry["id"] for entry in feed_entries(client, ALL)}
    old_title = page.title
    page.title, page.slug, page.published_at = "New words", "new-address", DAY
    page.save()
    after = {entry["title"]: entry["id"] for entry in feed_entries(client, ALL)}
    assert after == {"New words": before[old_title], other.title: before[other.title]}


@pytest.mark.parametrize(
    ("updated_on", "told"),
    [
        (None, DAY),
        (DAY.date(), DAY),
        (date(2025, 2, 1), DAY),  # it was changed before it was published anew
        (date(2025, 7, 2), datetime(2025, 7, 1, 23, tzinfo=UTC)),  # the day begins in London
    ],
)
def test_entry_tells_when_readers_last_saw_a_change(
    client: Client, updated_on: date | None, told: datetime
) -> None:
    make_article(published_at=DAY, updated_on=updated_on)
    [entry] = feed_entries(client, ALL)
    assert datetime.fromisoformat(entry["published"]) == DAY
    assert datetime.fromisoformat(entry["updated"]) == told
    feed = parse(client, ALL)
    assert datetime.fromisoformat(feed.findtext("a:updated", "", ATOM)) == told


@pytest.mark.parametrize("path", [ALL, "/articles/category/pain/feed.atom", "/changes.atom"])
def test_feed_that_has_not_changed_is_not_sent_again(client: Client, path: str) -> None:
    """Not even one without entries, which has no date of its own."""
    category = make_category(slug="pain")
    for _ in range(2):
        first = client.get(path)
        with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
            again = client.get(path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        workflow.adopt(make_article(category=category))
        assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_feed_is_sent_again_when_its_newest_entry_is_withdrawn_or_renamed(client: Client) -> None:
    page, newest = make_article(published_at=DAY), make_article()
    first = client.get(ALL)
    workflow.withdraw(newest, make_user("Manager"), reason="Old.")
    asked = {"if-none-match": first["ETag"]}
    second = client.get(ALL, headers=asked)
    assert second.status_code == 200
    type(page).objects.filter(pk=page.pk).update(title="Other words")
    assert client.get(ALL, headers={"if-none-match": second["ETag"]}).status_code == 200
    # Asked by date alone, it is always sent: no date of an entry tells of what went.
    since = {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert client.get(ALL, headers=since).status_code == 200


def test_character_that_xml_cannot_hold_does_not_break_the_feed(client: Client) -> None:
    author = make_practitioner(name="A\x0bB")
    make_article(title="One\x0btwo", summary="Three\x1ffour", author=author)
    [entry] = feed_entries(client, ALL)
    assert (entry["title"], entry["summary"]) == ("One two", "Three four")
    assert entry["author/a:name"] == "A B"


def test_feed_is_as_long_as_it_may_be_and_costs_the_same(client: Client) -> None:
    author = make_practitioner()
    make_article(author=author)
    with CaptureQueriesContext(connection) as few:
        assert len(titles(client)) == 1
    for _ in range(ARTICLES_SHOWN):
        make_article(author=make_practitioner())
    with CaptureQueriesContext(connection) as many:
        assert len(titles(client)) == ARTICLES_SHOWN
    assert len(many) == len(few)


def test_feed_is_read_only_and_sets_no_cookie(client: Client) -> None:
    assert client.post(ALL).status_code == 405
    assert client.head(ALL).status_code == 200
    assert not client.get(ALL).cookies
