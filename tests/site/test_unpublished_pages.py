"""What is not public yet stands in no list, and only staff who may see it can open it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles.models import Category
from conditions.models import BodyRegion
from pages.models import InformationPage
from publishing import workflow
from tests.factories import (
    make_article,
    make_category,
    make_condition,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
    make_version,
)
from tests.site.crawl import crawl
from tests.site.machines import sitemap

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MAKERS: dict[str, tuple[Callable[..., Any], str]] = {
    "article": (make_article, "title"),
    "condition": (make_condition, "name"),
    "information page": (make_information_page, "title"),
    "treatment": (make_treatment, "name"),
}
STATES = {"draft": None, "future": timedelta(minutes=5)}


def moment(state: str) -> Any:
    if state == "public":
        return timezone.now() - timedelta(days=1)
    offset = STATES[state]
    return None if offset is None else timezone.now() + offset


def make_hidden(state: str) -> list[Any]:
    """Make a small public site, and one hidden row of each kind that everything is related to."""
    public = {"published_at": timezone.now() - timedelta(days=1)}
    hidden = {"published_at": moment(state), "summary": "Zebra."}
    category = make_category()
    make_information_page(slug="privacy", menu=InformationPage.Menu.FOOTER, **public)
    treatment = make_treatment(**public)
    condition = make_condition(**public)
    article = make_article(category=category, **public)
    person = make_practitioner(**public)
    hidden_treatment = make_treatment(name="Zebra therapy", **hidden)
    hidden_condition = make_condition(name="Zebra pain", also_known_as=["zebra ache"], **hidden)
    hidden_article = make_article(title="Zebra article", category=category, **hidden)
    hidden_article_alone = make_article(
        title="Zebra alone", category=make_category(name="Zebra category"), **hidden
    )
    hidden_person = make_practitioner(name="Zebra Person", **hidden)
    hidden_pages = [
        make_information_page(title=f"Zebra {menu}", menu=menu, **hidden)
        for menu in ("main", "footer")
    ]
    for each in (condition, hidden_condition):
        each.treatments.set([treatment, hidden_treatment])
        each.body_regions.set(BodyRegion.objects.filter(slug="knee"))
    for each in (article, hidden_article):
        each.conditions.set([condition, hidden_condition])
        each.treatments.set([treatment, hidden_treatment])
    for each in (person, hidden_person):
        each.conditions.set([condition, hidden_condition])
        each.treatments.set([treatment, hidden_treatment])
    return [
        hidden_treatment,
        hidden_condition,
        hidden_article,
        hidden_article_alone,
        hidden_person,
        *hidden_pages,
    ]


def told_to_machines(client: Client) -> dict[str, str]:
    """Return the files that machines read: the sitemap, the feeds and what stands in each."""
    feeds = ["/changes.atom", "/articles/feed.atom"]
    feeds += [f"{each.get_absolute_url()}feed.atom" for each in Category.objects.all()]
    files = ["/sitemap.xml", *(each.path for each in sitemap(client, "/sitemap.xml")), *feeds]
    return {path: client.get(path).content.decode() for path in files}


@pytest.mark.parametrize("state", STATES)
def test_no_machine_is_told_of_what_is_not_public(client: Client, state: str) -> None:
    hidden = make_hidden(state)
    files = told_to_machines(client)
    assert len(files) > 8
    for path, content in files.items():
        for each in hidden:
            assert f"{each.get_absolute_url()}<" not in content, path
            assert f'{each.get_absolute_url()}"' not in content, path
            assert str(each) not in content, path


@pytest.mark.parametrize("how", ["deleted", "withdrawn"])
def test_no_machine_is_told_of_what_was_taken_away(client: Client, how: str) -> None:
    pages = [each for each in make_hidden("public") if hasattr(each, "live_version_id")]
    before = "".join(told_to_machines(client).values())
    for each in pages:
        assert f"{each.get_absolute_url()}<" in before
        hide(each, how)
    after = "".join(told_to_machines(client).values())
    for each in pages:
        assert f"{each.get_absolute_url()}<" not in after
        assert str(each) not in after


@pytest.mark.parametrize("state", STATES)
def test_no_page_shows_or_links_to_what_is_not_public(state: str) -> None:
    hidden = make_hidden(state)
    visits = crawl()
    assert len(visits) > 10
    for each in hidden:
        assert each.get_absolute_url() not in visits
    for url, visit in visits.items():
        assert visit.status == 200, url
        assert "zebra" not in visit.content.decode().lower(), url


def hide(page: Any, how: str) -> None:
    """Take a public page away from its readers."""
    editor = make_user("Editor")
    if how == "deleted":
        workflow.delete(page, editor)
    else:
        workflow.withdraw(page, editor, reason="Out of date.")


@pytest.mark.parametrize(("how", "answer"), [("deleted", 404), ("withdrawn", 410)])
def test_no_page_shows_or_links_to_what_was_taken_away(
    client: Client, how: str, answer: int
) -> None:
    pages = [each for each in make_hidden("public") if hasattr(each, "live_version_id")]
    assert "zebra" in client.get("/conditions/").content.decode().lower()
    for each in pages:
        assert client.get(each.get_absolute_url()).status_code == 200
        hide(each, how)
    visits = crawl()
    assert len(visits) > 10
    for each in pages:
        assert each.get_absolute_url() not in visits
        response = client.get(each.get_absolute_url())
        assert response.status_code == answer, each
        assert response.headers.get("X-Robots-Tag") == ("noindex" if answer == 410 else None)
        assert "What it" not in response.content.decode(), each  # its text
    for url, visit in visits.items():
        assert visit.status == 200, url
        # The person and the category that it is about are still there.
        words = visit.content.decode().lower()
        for gone in ("zebra therapy", "zebra pain", "zebra ache", "zebra article", "zebra main"):
            assert gone not in words, (url, gone)


@pytest.mark.parametrize("kind", MAKERS)
def test_draft_of_a_public_page_is_shown_at_no_address_of_the_site(
    client: Client, staff: Callable[[str], Client], kind: str
) -> None:
    make, name = MAKERS[kind]
    page = make()
    make_version(page, **{name: "Zebra", "summary": "Zebra."}, slug="zebra", change_note="Zebra.")
    for url, visit in crawl().items():
        assert "zebra" not in visit.content.decode().lower(), url
    before = client.get(page.get_absolute_url())
    assert before.status_code == 200
    # Not even to staff: at its public address a page is the same for everybody.
    assert "zebra" not in staff("Manager").get(page.get_absolute_url()).content.decode().lower()
    moved = page.get_absolute_url().replace(page.slug, "zebra")
    assert client.get(moved).status_code == 404


@pytest.mark.parametrize("kind", MAKERS)
def test_nobody_without_an_account_sees_a_version(client: Client, kind: str) -> None:
    page = MAKERS[kind][0]()
    make_version(page, summary="Zebra.")
    base = f"/admin/{page._meta.label_lower.replace('.', '/')}/{page.pk}/"
    for end in ("preview/", "versions/2/", "versions/2/preview/", "versions/2/export/",
                "compare/?old=1&new=2", "history/", "status/"):  # fmt: skip
        response = client.get(base + end)
        assert response.status_code == 302, end
        assert "zebra" not in response.content.decode().lower()


@pytest.mark.parametrize("state", STATES)
def test_nobody_without_an_account_opens_what_is_not_public(client: Client, state: str) -> None:
    for each in make_hidden(state):
        assert client.get(each.get_absolute_url()).status_code == 404, each


def test_page_appears_at_its_time(client: Client) -> None:
    page = make_article(published_at=timezone.now() + timedelta(hours=1))
    assert client.get(page.get_absolute_url()).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1), tick=False):
        assert client.get(page.get_absolute_url()).status_code == 200
        assert page.title in client.get("/articles/").content.decode()


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor", "Manager"])
@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("state", STATES)
def test_staff_preview_a_hidden_page(
    staff: Callable[[str], Client], role: str, kind: str, state: str
) -> None:
    make, name = MAKERS[kind]
    page = make(published_at=moment(state))
    response = staff(role).get(page.get_absolute_url())
    assert response.status_code == 200
    assert getattr(page, name) in response.content.decode()
    assert "Draft." in response.content.decode()
    # Neither a cache nor a search engine keeps it.
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("kind", MAKERS)
def test_reception_cannot_preview(staff: Callable[[str], Client], kind: str) -> None:
    page = MAKERS[kind][0](published_at=None)
    assert staff("Reception").get(page.get_absolute_url()).status_code == 404


def test_somebody_with_the_permission_but_no_staff_access_cannot_preview(
    signed_in: Callable[[User], Client],
) -> None:
    user = make_user("Editor", is_staff=False)
    page = make_article(published_at=None)
    assert signed_in(user).get(page.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("kind", MAKERS)
def test_public_page_says_nothing_of_drafts_to_staff(
    staff: Callable[[str], Client], kind: str
) -> None:
    page = MAKERS[kind][0]()
    response = staff("Editor").get(page.get_absolute_url())
    assert response.status_code == 200
    assert "Draft." not in response.content.decode()
    assert "X-Robots-Tag" not in response.headers


def test_author_who_is_not_public_yet_is_named_without_a_link(client: Client) -> None:
    author = make_practitioner(published_at=timezone.now() + timedelta(days=1))
    page = make_article(author=author)
    content = client.get(page.get_absolute_url()).content.decode()
    assert author.name in content
    assert author.get_absolute_url() not in content
