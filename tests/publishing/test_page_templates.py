"""The admin's pages around a page: each renders for its people, and says what they come for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from publishing import sharing, work, workflow
from publishing.checks import Finding, Level
from publishing.models import Page, Publication, Review, ShareLink, Version
from tests.factories import make_article, make_practitioner, make_user
from tests.publishing.markup import parse

StaffClient = Callable[..., Client]
SignedIn = Callable[..., Client]

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def at(page: Page, step: str, *args: object) -> str:
    """Return the address of a step of the page."""
    name = f"admin:{page._meta.app_label}_{page._meta.model_name}_{step}"
    return reverse(name, args=[page.pk, *args])


def shown(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return parse(response.content.decode())


def words(soup: Any) -> str:
    return " ".join(soup.get_text(" ").split())


def save(page: Page, user: User, **fields: str) -> Version:
    """Save a version in which some fields are different."""
    before = workflow.latest_version(page)
    data = {**before.data, "fields": before.data["fields"] | fields}
    return workflow.save_draft(page, data, user, change_note="Says it better.")


@pytest.fixture
def page() -> Article:
    """A public page with a newer draft."""
    page = make_article(title="Backs and beds")
    save(page, make_user("Author", first_name="Ann", last_name="Author"), summary="Say it anew.")
    page.refresh_from_db()
    return page


def reviewer() -> User:
    user = make_user("Clinical reviewer")
    make_practitioner(name="Dr Rita Reviewer", user=user)
    return user


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the checks find, in place of the real ones: nothing, unless a test adds to it."""
    found: list[Finding] = []
    monkeypatch.setattr("publishing.checks._checks", [lambda candidate: found])
    return found


# --- the form -------------------------------------------------------------------------------------


def test_form_says_how_the_page_stands_and_where_to_go(page: Article, staff: StaffClient) -> None:
    soup = shown(staff("Editor"), at(page, "change"))
    assert "Public, with unpublished changes." in words(soup)
    links = [str(each["href"]) for each in soup.select(".page-links a")]
    assert at(page, "status") in links
    assert f"{at(page, 'compare')}?old=1&new=2" in links
    assert {at(page, "preview"), at(page, "history")} <= set(links)


def test_form_has_its_own_buttons_above_and_below(page: Article, staff: StaffClient) -> None:
    soup = shown(staff("Editor"), at(page, "change"))
    for row in soup.select(".submit-row"):
        names = [each.get("name") for each in row.select("button")]
        assert names == ["_save", "_continue", "_check", "_preview"]
        assert row.select_one(f'a[href="{at(page, "delete")}"]')
    assert len(soup.select(".submit-row")) == 2
    soup = shown(staff("Author"), at(page, "change"))
    assert not soup.select(f'a[href="{at(page, "delete")}"]')


def test_new_page_has_the_buttons_and_a_place_to_keep_what_is_typed(staff: StaffClient) -> None:
    soup = shown(staff("Author"), reverse("admin:articles_article_add"))
    assert soup.select_one("button[name=_save]")
    kept = soup.select_one("[data-work-url]")
    assert kept is not None
    assert kept["data-work-url"] == reverse("admin:articles_article_new_work")
    assert kept["data-page"] == "articles.article.new"


def test_form_names_colleagues_who_have_the_page_open(page: Article, staff: StaffClient) -> None:
    ben = make_user("Editor", first_name="Ben", last_name="Sample")
    work.open_page(ben, Article, page.pk)
    told = words(shown(staff("Editor"), at(page, "change")))
    assert "Ben Sample has had this page open since" in told
    assert "If you both save, you will be shown both texts." in told


def test_text_from_last_time_is_named_and_can_be_thrown_away(
    page: Article, signed_in: SignedIn
) -> None:
    user = make_user("Editor")
    work.keep(user, Article, page.pk, [("title", "Typed, not saved")])
    client = signed_in(user)
    soup = shown(client, at(page, "change"))
    assert "and had not saved" in words(soup)
    assert soup.select_one("[name=title]")["value"] == "Typed, not saved"  # type: ignore[index]
    button = soup.select_one("button[name=discard]")
    assert button is not None
    form = soup.select_one(f"form#{button['form']}")
    assert form is not None
    assert form["action"] == at(page, "work")
    assert form.select_one("[name=csrfmiddlewaretoken]")
    client.post(str(form["action"]), {"discard": "1"})
    soup = shown(client, at(page, "change"))
    assert soup.select_one("[name=title]")["value"] == "Backs and beds"  # type: ignore[index]
    assert "had not saved" not in words(soup)


def test_form_with_mistakes_keeps_its_state_and_buttons(page: Article, staff: StaffClient) -> None:
    client = staff("Editor")
    response = client.post(at(page, "change"), {"title": ""})
    soup = parse(response.content.decode())
    assert soup.select(".errornote")
    assert "Public, with unpublished changes." in words(soup)
    kept = soup.select_one("[data-work-url]")
    assert kept is not None
    assert (kept["data-work-url"], kept["data-version"]) == (at(page, "work"), "2")


def test_finding_without_a_field_of_its_own_stands_above_the_form(
    page: Article, staff: StaffClient, checks: list[Finding]
) -> None:
    checks.append(Finding(Level.WARNING, "faq-1", "cures", "Nobody can promise that."))
    checks.append(Finding(Level.HINT, "summary", "anew", "An old word."))
    soup = shown(staff("Editor"), at(page, "change") + "?checked=1")
    above = words(soup.select_one(".page-notice .findings"))
    assert above == "Check this: Question 1: “cures”. Nobody can promise that."
    assert "An old word." in words(soup.select_one(".field-summary .findings"))


# --- the list -------------------------------------------------------------------------------------


def test_list_leads_those_who_may_delete_to_deleted_pages(
    page: Article, staff: StaffClient
) -> None:
    address = reverse("admin:articles_article_deleted")
    assert shown(staff("Editor"), reverse("admin:articles_article_changelist")).select(
        f'a[href="{address}"]'
    )
    assert not shown(staff("Author"), reverse("admin:articles_article_changelist")).select(
        f'a[href="{address}"]'
    )


# --- how a page stands ----------------------------------------------------------------------------


def test_status_offers_an_author_to_hand_in_and_not_to_publish(
    page: Article, staff: StaffClient
) -> None:
    soup = shown(staff("Author"), at(page, "status"))
    assert "Public since" in words(soup)
    form = soup.select_one(f'form[action="{at(page, "submit")}"]')
    assert form is not None
    assert form.select_one("[name=version]")["value"] == "2"  # type: ignore[index]
    assert not soup.select(f'form[action="{at(page, "publish")}"]')
    assert not soup.select(f'form[action="{at(page, "withdraw")}"]')


def test_status_tells_an_editor_what_publishing_waits_for(
    page: Article, staff: StaffClient, checks: list[Finding]
) -> None:
    soup = shown(staff("Editor"), at(page, "status"))
    assert "No clinician has approved this version yet" in words(soup)
    assert not soup.select(f'form[action="{at(page, "publish")}"]')


def test_status_asks_a_manager_for_a_reason_without_review(
    page: Article, staff: StaffClient, checks: list[Finding]
) -> None:
    soup = shown(staff("Manager"), at(page, "status"))
    assert soup.select_one("textarea[name=unreviewed_reason]")
    assert "Europe/London" in words(soup)


def test_status_asks_to_accept_warnings_only_if_there_are_any(
    page: Article, signed_in: SignedIn, checks: list[Finding]
) -> None:
    client = signed_in(make_user("Manager"))
    assert not shown(client, at(page, "status")).select("[name=accepts_warnings]")
    checks.append(Finding(Level.WARNING, "body", "cures", "Nobody can promise that."))
    soup = shown(client, at(page, "status"))
    assert soup.select("[name=accepts_warnings]")
    assert "Nobody can promise that." in words(soup.select_one("#publish-step .findings"))


def test_status_has_no_way_to_publish_what_has_to_be_mended(
    page: Article, staff: StaffClient, checks: list[Finding]
) -> None:
    checks.append(Finding(Level.ERROR, "body", "cures", "Nobody can promise that."))
    soup = shown(staff("Manager"), at(page, "status"))
    assert "1 thing to mend first" in words(soup.select_one("#publish-step"))
    assert not soup.select(f'form[action="{at(page, "publish")}"]')


def test_status_shows_remarks_by_heading(page: Article, staff: StaffClient) -> None:
    workflow.review(
        page,
        workflow.latest_version(page),
        reviewer(),
        decision=Review.Decision.CHANGES,
        remarks=[{"heading": "Summary", "text": "Say for whom."}],
    )
    soup = shown(staff("Author"), at(page, "status"))
    remark = soup.select_one(".contents__part")
    assert remark is not None
    assert words(remark) == "Summary Say for whom."
    assert "Dr Rita Reviewer" in words(soup)


def test_status_says_what_is_planned_and_lets_an_editor_call_it_off(
    page: Article, staff: StaffClient
) -> None:
    workflow.withdraw(
        page, make_user("Editor"), reason="Out of date", at=timezone.now() + timedelta(days=2)
    )
    assert "The page is withdrawn on" in words(shown(staff("Author"), at(page, "status")))
    client = staff("Editor")
    form = shown(client, at(page, "status")).select_one(f'form[action="{at(page, "cancel")}"]')
    assert form is not None
    planned = form.select_one("[name=publication]")["value"]  # type: ignore[index]
    client.post(str(form["action"]), {"publication": planned})
    assert not Publication.objects.of(page).standing().filter(kind="withdraw").exists()


def test_status_gives_the_address_of_a_link_in_a_field_with_a_label(
    page: Article, staff: StaffClient
) -> None:
    link = workflow.share(
        page, workflow.latest_version(page), make_user("Editor"), invited="Dr Outside", days=7
    )
    soup = shown(staff("Editor"), at(page, "status"))
    field = soup.select_one("input[readonly]")
    assert field is not None
    assert str(field["value"]).endswith(sharing.address_of(link))
    assert "Dr Outside" in words(soup.select_one(f'label[for="{field["id"]}"]'))


@pytest.mark.parametrize(
    ("step", "told", "target"),
    [
        ("share", {"days": "14"}, "share-invited"),
        ("withdraw", {"when": "now"}, "withdraw-reason"),
        ("publish", {"when": "later"}, "publish-step"),
    ],
)
def test_refused_step_is_summed_up_with_links_to_its_fields(
    page: Article, staff: StaffClient, step: str, told: dict[str, str], target: str
) -> None:
    response = staff("Manager").post(at(page, step), {"version": "2", **told})
    assert response.status_code == 422
    soup = parse(response.content.decode())
    assert words(soup.title).startswith("Error: ")
    assert soup.select(f'.error-summary a[href="#{target}"]')
    assert soup.select_one(f"#{target}")


def test_no_page_of_a_step_has_an_id_twice(page: Article, staff: StaffClient) -> None:
    for step in ("change", "status", "history", "delete"):
        soup = shown(staff("Manager"), at(page, step))
        ids = [each["id"] for each in soup.select("[id]")]
        assert sorted(ids) == sorted(set(ids)), step


def test_no_page_of_a_step_has_script_or_style_in_it(page: Article, staff: StaffClient) -> None:
    for step in ("change", "status", "history", "delete"):
        soup = shown(staff("Manager"), at(page, step))
        assert not soup.select("style, [style], [onclick], [onsubmit], [onchange]"), step
        assert not [each for each in soup.select("script:not([src])") if not each.get("type")], step


# --- review ---------------------------------------------------------------------------------------


def test_review_shows_the_changes_and_a_remark_for_each_heading(
    page: Article, signed_in: SignedIn
) -> None:
    soup = shown(signed_in(reviewer()), at(page, "review"))
    assert soup.select_one(f'a[href="{at(page, "version_preview", 2)}"]')
    assert soup.select(".compare ins")
    assert not soup.select_one("details.remark[open]")
    assert "You confirm that you read the whole page." in words(soup)


def test_review_with_mistakes_keeps_remarks_open(page: Article, signed_in: SignedIn) -> None:
    told = {"version": "2", "remark_0": "Too long."}
    response = signed_in(reviewer()).post(at(page, "review"), told)
    assert response.status_code == 422
    soup = parse(response.content.decode())
    assert words(soup.title).startswith("Error: ")
    assert "Too long." in words(soup.select_one("details.remark[open] textarea"))


def test_review_says_why_somebody_cannot(page: Article, signed_in: SignedIn) -> None:
    soup = shown(signed_in(make_user("Clinical reviewer")), at(page, "review"))
    assert "joined to your practitioner profile" in words(soup)
    assert not soup.select("[name=decision]")


# --- history --------------------------------------------------------------------------------------


def test_history_lists_versions_and_compares_two(page: Article, staff: StaffClient) -> None:
    soup = shown(staff("Author"), at(page, "history"))
    assert "Readers see this" in words(soup)
    assert [each["value"] for each in soup.select("[name=old]")] == ["2", "1"]
    assert "Ann Author" in words(soup)
    changed = shown(staff("Author"), at(page, "compare") + "?old=1&new=2")
    assert "[added:" in words(changed.select_one(".compare"))


def test_old_version_can_be_read_and_brought_back(page: Article, staff: StaffClient) -> None:
    client = staff("Editor")
    soup = shown(client, at(page, "version", 1))
    assert "What it says in a line." in words(soup.select_one("dl"))
    form = soup.select_one(f'form[action="{at(page, "version_restore", 1)}"]')
    assert form is not None
    client.post(str(form["action"]))
    assert workflow.latest_version(page).number == 3
    assert not shown(client, at(page, "version", 3)).select("#restore-heading")


# --- two people, one page -------------------------------------------------------------------------


def test_collision_shows_both_texts_and_asks(page: Article, staff: StaffClient) -> None:
    client = staff("Editor")
    form = shown(client, at(page, "change")).select_one("form#article_form")
    assert form is not None
    told = {
        str(each["name"]): str(each.get("value", "")) or each.get_text()
        for each in form.select("input[name]:not([type=checkbox]), textarea[name]")
    }
    told["category"] = str(page.category_id)
    save(page, make_user("Author", first_name="Tom", last_name="Other"), summary="Theirs.")
    response = client.post(at(page, "change"), told | {"summary": "Mine.", "_save": "1"})
    soup = parse(response.content.decode())
    picks = soup.select('[name="pick-fields.summary"]')
    assert [each["value"] for each in picks] == ["theirs", "mine"]
    assert {"Theirs.", "Mine."} <= {words(each) for each in soup.select(".contents__lines")}
    assert "Tom Other saved version 3" in words(soup)
    kept = soup.select_one("[name=kept]")["value"]  # type: ignore[index]
    client.post(at(page, "merge"), {"kept": kept, "pick-fields.summary": "mine"})
    assert workflow.latest_version(page).data["fields"]["summary"] == "Mine."


# --- deleting -------------------------------------------------------------------------------------


def test_deleting_shows_what_leads_to_the_page_and_can_be_undone(
    page: Article, staff: StaffClient
) -> None:
    make_article(title="Leads there", body=f"Read [this]({page.get_absolute_url()}).")
    client = staff("Editor")
    asked = words(shown(client, at(page, "delete")))
    assert "Leads there links to it in its text" in asked
    assert "30 days" in asked
    client.post(at(page, "delete"))
    soup = shown(client, reverse("admin:articles_article_deleted"))
    assert "Backs and beds" in words(soup)
    client.post(str(soup.select_one("main form")["action"]))  # type: ignore[index]
    page.refresh_from_db()
    assert page.deleted_at is None


# --- people from outside --------------------------------------------------------------------------


@pytest.fixture
def link(page: Article) -> ShareLink:
    """A link to the newest version."""
    return workflow.share(
        page, workflow.latest_version(page), make_user("Editor"), invited="Dr Outside", days=7
    )


def test_link_shows_the_version_and_leads_to_the_form(link: ShareLink, client: Client) -> None:
    soup = shown(client, sharing.address_of(link))
    assert "Say it anew." in words(soup)
    notice = soup.select_one(".inset--draft")
    assert notice is not None
    assert "for Dr Outside to read" in words(notice)
    form = notice.select_one("a")
    assert form is not None
    soup = shown(client, str(form["href"]))
    assert soup.select_one("[name=registration]")
    assert not client.cookies


def test_outside_decision_is_asked_for_again_with_its_mistakes(
    link: ShareLink, client: Client
) -> None:
    address = sharing.address_of(link) + "review/"
    response = client.post(address, {"remark_1": "Say for whom.", "name": "Dr Outside"})
    assert response.status_code == 422
    soup = parse(response.content.decode())
    assert words(soup.title).startswith("Error: ")
    assert "Say for whom." in words(soup.select_one("[name=remark_1]"))
    for each in soup.select(".error-summary a"):
        assert soup.select_one(str(each["href"]))


def test_outside_decision_is_confirmed_with_what_was_recorded(
    link: ShareLink, client: Client
) -> None:
    told = {
        "decision": "changes",
        "remark_1": "Say for whom.",
        "name": "Dr Outside",
        "registration": "GMC 1234567",
    }
    response = client.post(sharing.address_of(link) + "review/", told)
    soup = parse(response.content.decode())
    told_back = words(soup.select_one("main"))
    assert "Thank you for your review" in told_back
    for each in ("Changes asked for", "Dr Outside, GMC 1234567", "Summary Say for whom."):
        assert each in told_back
    assert not soup.select("main form")
    assert soup.select_one("meta[name=robots]")["content"] == "noindex, nofollow"  # type: ignore[index]


def test_address_of_a_link_is_shown_to_those_who_make_links_alone(staff: Any) -> None:
    page = make_article()
    version = workflow.latest_version(page)
    workflow.share(page, version, make_user("Author"), invited="Dr Outside", days=7)
    status = f"/admin/articles/article/{page.pk}/status/"
    assert "/shared/" in staff("Author").get(status).content.decode()
    assert "/shared/" not in staff("Clinical reviewer").get(status).content.decode()
