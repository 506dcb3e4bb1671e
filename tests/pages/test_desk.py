"""The desk: what needs doing, for those who may do it, with a way to it that works."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from enquiries.models import OutgoingMail, RedFlag
from evidence.models import Source
from publishing import workflow
from publishing.models import ExternalLink, Page, ReviewPolicy, ScheduledChange, page_key
from tests.demo import DemoRows
from tests.factories import (
    make_article,
    make_clinic,
    make_condition,
    make_enquiry,
    make_information_page,
    make_practitioner,
    make_registration,
    make_review,
    make_reviewer,
    make_source,
    make_treatment,
    make_user,
    make_version,
    make_warning_sign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.whole]


@pytest.fixture(autouse=True)
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no check of the texts, which have tests of their own, decide about publishing."""
    monkeypatch.setattr("publishing.checks._checks", [])


@pytest.fixture(autouse=True)
def red_flags_confirmed(db: None) -> None:
    """As if a clinician had confirmed those that a site starts with."""
    RedFlag.objects.update(awaiting_clinician=False)


def desk(client: Client) -> dict[str, tuple[int, str, bool]]:
    """Return what the desk shows: by its words, how many, where it leads, whether it is urgent."""
    soup = BeautifulSoup(client.get("/admin/").content, "html.parser")
    found = {}
    for item in soup.select(".desk__item"):
        text = item.select_one(".desk__text")
        count = item.select_one(".desk__count")
        assert text is not None
        assert count is not None
        flag = text.select_one(".desk__flag")
        if flag:
            flag.extract()
        words = " ".join(text.get_text(" ").split())
        found[words] = (int(count.get_text()), str(item.a["href"]), flag is not None)
    return found


def reviewed(days: int) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "reviewed_by": make_practitioner(),
        "reviewed_on": today - timedelta(days=400),
        "next_review_due": today + timedelta(days=days),
    }


def test_nothing_to_do_is_said(staff: Callable[[str], Client]) -> None:
    make_clinic()
    response = staff("Manager").get("/admin/")
    assert "Nothing is waiting for you." in response.content.decode()
    assert desk(staff("Manager")) == {}


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (make_article, "articles"),
        (make_condition, "conditions"),
        (make_treatment, "treatments"),
        (make_information_page, "information pages"),
    ],
)
def test_pages_to_see_to_are_counted(
    staff: Callable[[str], Client], make: Callable[..., object], name: str
) -> None:
    make_clinic()
    make(**reviewed(-1))
    make(**reviewed(0))
    make(**reviewed(7))
    make(**reviewed(8))
    make(**reviewed(30), updated_on=timezone.localdate())
    make(**reviewed(31))
    make(**reviewed(40), review_covers_text=False)
    make(published_at=None)
    make(published_at=None, **reviewed(-1))  # a draft is not overdue
    make()
    now = timezone.now()
    make(withdrawn_at=now, **reviewed(-1))
    for hidden in ({}, reviewed(-1), {"published_at": None}):
        make(deleted_at=now, **hidden)
    found = {words: (count, urgent) for words, (count, _, urgent) in desk(staff("Editor")).items()}
    expected = {
        f"{name} overdue for clinical review": (1, True),
        f"{name} due for clinical review within 7 days": (2, False),
        f"{name} due for clinical review within 30 days": (2, False),
        f"{name} changed since their clinical review": (2, False),
        f"{name} that no clinician has reviewed": (1, False),
        f"{name} in draft": (2, False),
    }
    assert found == expected


def listed(client: Client, url: str) -> list[str]:
    """Return the names of the rows of a list."""
    response = client.get(url)
    assert response.status_code == 200, url
    soup = BeautifulSoup(response.content, "html.parser")
    return sorted(row.get_text() for row in soup.select("#result_list tbody th"))


def test_page_that_says_nothing_about_health_needs_no_clinician(
    staff: Callable[[str], Client],
) -> None:
    make_clinic()
    make_information_page(is_about_health=False)
    page = make_information_page()
    editor = staff("Editor")
    count, url, _ = desk(editor)["information pages that no clinician has reviewed"]
    assert count == 1
    assert listed(editor, url) == [str(page)]


def submit(page: Page) -> None:
    workflow.submit(page, workflow.latest_version(page), make_user("Author"))


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (make_article, "articles"),
        (make_condition, "conditions"),
        (make_treatment, "treatments"),
        (make_information_page, "information pages"),
    ],
)
def test_version_is_on_the_desk_of_who_has_to_act_next(
    staff: Callable[[str], Client], make: Callable[..., Page], name: str
) -> None:
    make_clinic()
    make(**reviewed(40))  # waits for nobody
    page = make(**reviewed(40))
    make_version(page, summary="New.", change_note="Something.")
    people = {role: staff(role) for role in ("Author", "Clinical reviewer", "Editor", "Reception")}
    words = {
        f"{name} handed in for clinical review",
        f"{name} sent back with remarks",
        f"{name} approved and waiting to be published",
    }

    def waiting() -> dict[str, set[str]]:
        """Return who finds which items, each of which lists the page and no other."""
        found: dict[str, set[str]] = {}
        for role, client in people.items():
            for item, (count, url, _) in desk(client).items():
                if item in words:
                    assert (count, listed(client, url)) == (1, [str(page)])
                    found.setdefault(item.removeprefix(f"{name} "), set()).add(role)
        return found

    assert waiting() == {}
    submit(page)
    assert waiting() == {"handed in for clinical review": {"Clinical reviewer"}}
    make_review(page, decision="changes", remark="Too strong.")
    assert waiting() == {"sent back with remarks": {"Author", "Editor"}}
    make_version(page, summary="Newer.", change_note="Something.")
    assert waiting() == {}
    submit(page)
    make_review(page)
    assert waiting() == {"approved and waiting to be published": {"Editor"}}
    workflow.publish(page, workflow.latest_version(page), make_user("Editor"),
                     accepts_warnings=True)  # fmt: skip
    assert waiting() == {}


def test_own_work_does_not_wait_for_oneself(signed_in: Callable[[User], Client]) -> None:
    make_clinic()
    reviewer, manager = make_reviewer(), make_reviewer("Manager")
    named = make_article(title="Named", author=reviewer.practitioner, **reviewed(40))
    written = make_article(title="Written", **reviewed(40))
    for page, user in ((named, make_user("Author")), (written, manager)):
        make_version(page, user, summary="New.", change_note="Something.")
        submit(page)
    words = "articles handed in for clinical review"

    def waiting(user: User) -> tuple[int, list[str]]:
        client = signed_in(user)
        count, url, _ = desk(client)[words]
        return count, listed(client, url)

    assert waiting(reviewer) == (1, ["Written"])
    assert waiting(manager) == (1, ["Named"])
    assert waiting(make_reviewer()) == (2, ["Named", "Written"])
    ReviewPolicy.objects.create(single_person_mode=True)
    assert waiting(reviewer) == (2, ["Named", "Written"])


def test_desk_has_no_list_that_nothing_writes(staff: Callable[[str], Client]) -> None:
    make_clinic()
    soup = BeautifulSoup(staff("Editor").get("/admin/").content, "html.parser")
    assert not soup.select("#recent-actions-module")
    assert soup.select(".desk")


def test_version_of_a_deleted_page_waits_for_nobody(staff: Callable[[str], Client]) -> None:
    make_clinic()
    page = make_article(**reviewed(40))
    make_version(page, summary="New.", change_note="Something.")
    submit(page)
    workflow.delete(page, make_user("Editor"))
    assert desk(staff("Manager")) == {}


def test_sign_of_a_deleted_page_awaits_nobody(staff: Callable[[str], Client]) -> None:
    make_clinic()
    condition = make_condition(**reviewed(40))
    make_warning_sign(condition, awaiting_clinician=True)
    workflow.delete(condition, make_user("Editor"))
    assert desk(staff("Manager")) == {}


def test_dead_links_are_on_the_desk_of_who_sees_them(staff: Callable[[str], Client]) -> None:
    make_clinic()
    ExternalLink.objects.create(address="https://example.org/gone", is_dead=True)
    ExternalLink.objects.create(address="https://example.org/")
    for role, sees in (("Author", False), ("Editor", True), ("Manager", True)):
        found = desk(staff(role))
        assert ("links to other websites that are dead" in found) is sees
        if sees:
            count, url, _ = found["links to other websites that are dead"]
            assert count == 1
            assert staff(role).get(url).status_code == 200


def test_plan_that_failed_is_urgent(staff: Callable[[str], Client]) -> None:
    make_clinic()
    page = make_article(**reviewed(40))
    ScheduledChange.objects.create(due_at=timezone.now(), problem="No room", **page_key(page))
    assert desk(staff("Author")) == {}
    ((words, (count, url, is_urgent)),) = desk(staff("Editor")).items()
    assert words == "planned changes that could not be made: publish them by hand"
    assert (count, is_urgent) == (1, True)
    assert staff("Editor").get(url).status_code == 200


def test_what_is_urgent_comes_first(staff: Callable[[str], Client]) -> None:
    make_clinic()
    make_condition(published_at=None)
    make_treatment(**reviewed(-1))
    make_enquiry(reply_by=timezone.now() - timedelta(hours=1))
    urgent = [is_urgent for _, _, is_urgent in desk(staff("Manager")).values()]
    assert urgent == sorted(urgent, reverse=True)
    assert urgent[0] is True


def test_signs_of_conditions_and_treatments_await_a_clinician(
    staff: Callable[[str], Client],
) -> None:
    make_clinic()
    condition, treatment = make_condition(**reviewed(30)), make_treatment(**reviewed(30))
    make_warning_sign(condition, awaiting_clinician=True)
    make_warning_sign(condition)
    make_warning_sign(treatment, awaiting_clinician=True)
    for role, expected in (("Editor", 2), ("Clinical reviewer", 2), ("Reception", 0)):
        found = desk(staff(role))
        counts = [count for words, (count, *_) in found.items() if "awaiting" in words]
        assert sum(counts) == expected


def test_registrations_are_checked_every_half_year(staff: Callable[[str], Client]) -> None:
    make_clinic()
    today = timezone.localdate()
    for days in (10, 180, 181, 400):
        make_registration(make_practitioner(), checked_on=today - timedelta(days=days))
    gone = make_practitioner(leaves_on=today)
    make_registration(gone, checked_on=today - timedelta(days=400))
    both = make_practitioner()
    make_registration(both, checked_on=today)
    make_registration(both, body="gmc", number="1234567", checked_on=today - timedelta(days=300))
    found = desk(staff("Manager"))
    assert found["people whose registration needs checking"][0] == 3


def test_sources_that_no_longer_stand(staff: Callable[[str], Client]) -> None:
    make_clinic()
    newer = make_source("new")
    make_source("old", status=Source.Status.SUPERSEDED, superseded_by=newer)
    make_source("gone", status=Source.Status.WITHDRAWN)
    found = desk(staff("Editor"))
    assert [count for words, (count, *_) in found.items() if words.startswith("sources")] == [2]


def test_clinic_to_set_up_comes_first_for_who_may(staff: Callable[[str], Client]) -> None:
    assert desk(staff("Manager"))["set of clinic details to enter"] == (
        1,
        "/admin/clinic/clinic/add/",
        True,
    )
    assert desk(staff("Reception")) == {}
    assert desk(staff("Editor")) == {}


def test_everybody_sees_their_own_work(staff: Callable[[str], Client]) -> None:
    make_clinic()
    make_article(published_at=None)
    make_enquiry(received_at=timezone.now())  # with an older one, jobs that never ran are late
    make_registration(make_practitioner(), checked_on=timezone.localdate() - timedelta(days=400))
    assert list(desk(staff("Author"))) == ["articles in draft"]
    assert len(desk(staff("Reception"))) == 1
    assert "enquir" in next(iter(desk(staff("Reception"))))
    assert desk(staff("Manager")).keys() == {
        "articles in draft",
        "people whose registration needs checking",
        *desk(staff("Reception")),
    }


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor", "Reception", "Manager"])
def test_every_item_leads_to_a_page_that_opens(
    demo: DemoRows, staff: Callable[[str], Client], role: str
) -> None:
    today = timezone.localdate()
    for make in (make_article, make_condition, make_treatment, make_information_page):
        make(**reviewed(-1), updated_on=today)
        make(published_at=None)
        make()
    enquiry = make_enquiry(reply_by=timezone.now() - timedelta(hours=1), urgency=3)
    OutgoingMail.objects.create(
        enquiry=enquiry, kind="notification", state="failed", message_id="<1@example.org>"
    )
    make_enquiry(suspected_spam=True)
    make_registration(make_practitioner(), checked_on=today - timedelta(days=400))
    client = staff(role)
    items = desk(client)
    assert items
    for words, (_, url, _) in items.items():
        response = client.get(url)
        # A query that the list does not understand is answered by a redirect to "?e=1".
        assert response.status_code == 200, (words, url)


def test_items_that_name_a_filter_show_exactly_what_they_count(
    staff: Callable[[str], Client],
) -> None:
    make_clinic()
    for make in (make_article, make_condition, make_treatment, make_information_page):
        make(published_at=None)
        make(published_at=None)
        make(**reviewed(30))
    client = staff("Editor")
    drafts = {words: each for words, each in desk(client).items() if words.endswith("in draft")}
    assert len(drafts) == 4
    for words, (count, url, _) in drafts.items():
        soup = BeautifulSoup(client.get(url).content, "html.parser")
        assert len(soup.select("#result_list tbody tr")) == count == 2, words


def test_demonstrations_awaiting_signs_stand_on_the_desk(
    demo: DemoRows, staff: Callable[[str], Client]
) -> None:
    found = desk(staff("Editor"))
    awaiting = [each for words, each in found.items() if "awaiting" in words]
    assert awaiting
    assert awaiting[0][0] > 0
    response = staff("Editor").get(awaiting[0][1])
    cells = BeautifulSoup(response.content, "html.parser").select("td.field-signs_awaiting")
    assert cells
    assert all(int(cell.get_text()) > 0 for cell in cells)


@pytest.mark.parametrize(
    ("words", "make", "fields"),
    [
        ("overdue for clinical review", make_condition, reviewed),
        ("overdue for clinical review", make_treatment, reviewed),
        ("that no clinician has reviewed", make_article, None),
        ("that no clinician has reviewed", make_condition, None),
    ],
)
def test_reviews_to_do_are_listed_where_the_item_leads(
    staff: Callable[[str], Client],
    words: str,
    make: Callable[..., object],
    fields: Callable[[int], dict[str, object]] | None,
) -> None:
    make_clinic()
    make(**reviewed(30))
    make(published_at=None)
    due = make(**fields(-1)) if fields else make()
    client = staff("Editor")
    (found,) = [each for item, each in desk(client).items() if item.endswith(words)]
    soup = BeautifulSoup(client.get(found[1]).content, "html.parser")
    assert [row.get_text() for row in soup.select("#result_list tbody th")] == [str(due)]
    assert found[0] == 1


@pytest.mark.parametrize(
    ("make", "name"), [(make_condition, "conditions"), (make_treatment, "treatments")]
)
def test_pages_with_signs_to_confirm_are_listed_where_the_item_leads(
    staff: Callable[[str], Client], make: Callable[..., object], name: str
) -> None:
    make_clinic()
    page, other = make(**reviewed(30)), make(**reviewed(30))
    make_warning_sign(page, awaiting_clinician=True)
    make_warning_sign(page, awaiting_clinician=True)
    make_warning_sign(other)
    client = staff("Editor")
    count, url, _ = desk(client)[f"warning signs of {name} awaiting a clinician’s confirmation"]
    assert count == 2
    soup = BeautifulSoup(client.get(url).content, "html.parser")
    assert [row.get_text() for row in soup.select("#result_list tbody th")] == [str(page)]
