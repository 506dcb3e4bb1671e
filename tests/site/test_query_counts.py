"""A page asks the database the same number of questions for one row as for eight.

Each test builds the same small site twice, with one and with eight of everything that a page of the
kind shows, and compares.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from conditions.models import BodyRegion, Condition
from evidence.models import WarningSign
from practitioners.models import Language, Membership, Practitioner, WorkingDay
from publishing import workflow
from publishing.models import Image, ReviewPolicy, ScheduledChange
from publishing.projection import look_again
from search.upkeep import rebuild
from tests.demo import TODAY
from tests.factories import (
    make_article,
    make_category,
    make_claim,
    make_clinic,
    make_closure,
    make_condition,
    make_enquiry,
    make_faq,
    make_glossary_term,
    make_image,
    make_information_page,
    make_practitioner,
    make_price,
    make_registration,
    make_review,
    make_source,
    make_treatment,
    make_user,
    make_version,
    make_warning_sign,
    publish,
)
from tests.suitability.factories import make_caution
from treatments.models import Treatment

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no check of the texts, which have tests of their own, decide about publishing."""
    monkeypatch.setattr("publishing.checks._checks", [])


@pytest.fixture(autouse=True)
def known_database(db: None) -> None:
    """Have Django find out beforehand what SQLite can do: it asks once a process, by a query."""
    assert connection.features.supports_json_field


class World:
    """A site with `count` of everything around one page of each kind."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.clinic = make_clinic(logo=make_image())
        make_closure(self.clinic, TODAY.date())
        self.sources = [make_source(f"known-{number}") for number in range(count)]
        self.images = [make_image() for _ in range(count)]
        self.treatments = [self.page(make_treatment) for _ in range(count)]
        self.conditions = [self.page(make_condition) for _ in range(count)]
        self.categories = [make_category() for _ in range(count)]
        for condition in self.conditions:
            condition.treatments.set(self.treatments)
            condition.body_regions.set(BodyRegion.objects.all()[:count])
        for treatment in self.treatments:
            for _ in range(count):
                make_price(treatment)
        self.people = [self.person() for _ in range(count)]
        self.articles = [self.article(each) for each in self.categories]
        self.articles += [self.article(self.categories[0]) for _ in range(count)]
        self.pages = [
            make_information_page(menu=menu, **self.text("body"))
            for menu in ("main", "footer", "none")
            for _ in range(count)
        ]
        make_information_page(slug="privacy")
        for page in (self.conditions[0], self.treatments[0], self.articles[0]):
            for number in range(count):
                make_faq(page, answer=f"{self.prose(number)}")
        self.claims = [
            make_claim(condition=condition, treatment=treatment, sources=self.sources)
            for condition in self.conditions
            for treatment in self.treatments[:2]
        ]
        placed = "\n\n".join(f"[claim:{claim.key}]" for claim in self.claims)
        self.placing = make_information_page(body=placed)
        for _ in range(count):
            make_caution(sources=self.sources)
            make_glossary_term(sources=self.sources)

    def prose(self, number: int = 0) -> str:
        """Return a text that cites every source and places every picture."""
        cited = " ".join(f"It says so [@{source.key}]." for source in self.sources)
        placed = "\n\n".join(f"![A knee](image:{image.pk})" for image in self.images)
        return f"## Heading {number}\n\n{cited}\n\n{placed}\n"

    def text(self, *fields: str) -> dict[str, str]:
        return {field: self.prose(number) for number, field in enumerate(fields)}

    def page(self, make: Callable[..., Condition | Treatment]) -> Condition | Treatment:
        model = Condition if make is make_condition else Treatment
        author, reviewer = make_practitioner(), make_practitioner()
        page = make(
            **self.text(*(section.field for section in model.SECTIONS)),
            also_known_as=["lumbago"],
            author=author,
            reviewed_by=reviewer,
            reviewed_on=TODAY.date(),
            next_review_due=TODAY.date().replace(year=2027),
        )
        for level in WarningSign.Level:
            for number in range(self.count):
                make_warning_sign(page, level=level, sign=f"sign {number}", sources=self.sources)
        return page

    def person(self, **fields: object) -> Practitioner:
        person = make_practitioner(photo=make_image(), **fields)
        make_registration(person)
        bodies = ["gosc", "gcc", "gmc", "nmc"][: self.count - 1]
        for body in bodies:
            make_registration(person, body=body, number="1234567")
        for number in range(self.count):
            Membership.objects.create(practitioner=person, body="csp")
            WorkingDay.objects.create(practitioner=person, weekday=number % 7, starts=time(9))
            person.languages.add(Language.objects.get_or_create(name=f"Language {number}")[0])
        person.treatments.set(self.treatments)
        person.conditions.set(self.conditions)
        return person

    def article(self, category: object) -> Article:
        article = make_article(
            category=category,
            lead_image=make_image(),
            lead_image_role="decorative",
            author=make_practitioner(),
            **self.text("body"),
        )
        article.conditions.set(self.conditions)
        article.treatments.set(self.treatments)
        return article


def count_queries(count: int, address: Callable[[World], str], client: Client) -> int:
    """Build a world of that size, ask for the page and return how many queries it took."""
    with transaction.atomic():
        url = address(World(count))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
            assert response.status_code == 200, url
        transaction.set_rollback(True)
    return len(queries)


def searched(address: str) -> str:
    """Have the search know of the pages that were just made."""
    rebuild()
    return address


PUBLIC: dict[str, tuple[Callable[[World], str], int]] = {
    "home": (lambda world: "/", 9),
    "conditions": (lambda world: "/conditions/", 7),
    "condition": (lambda world: world.conditions[0].get_absolute_url(), 20),
    "articles": (lambda world: "/articles/", 7),
    "category": (lambda world: world.categories[0].get_absolute_url(), 8),
    "article": (lambda world: world.articles[0].get_absolute_url(), 12),
    "treatments": (lambda world: "/treatments/", 5),
    "treatment": (lambda world: world.treatments[0].get_absolute_url(), 18),
    "people": (lambda world: "/practitioners/", 11),
    "people, narrowed": (lambda world: "/practitioners/?day=monday&new-patients=yes", 11),
    "person": (lambda world: world.people[0].get_absolute_url(), 13),
    "information": (lambda world: world.pages[0].get_absolute_url(), 8),
    "places claims": (lambda world: world.placing.get_absolute_url(), 7),
    "evidence": (lambda world: "/evidence/", 7),
    "evidence as data": (lambda world: "/evidence/table.json", 3),
    "contact": (lambda world: "/contact/", 10),
    "glossary": (lambda world: "/glossary/", 6),
    "before needling": (lambda world: "/is-needling-suitable/", 7),
    "search": (lambda world: searched("/search/?q=condition+at+length"), 12),
    "health": (lambda world: "/healthz", 6),
}


@pytest.mark.parametrize("kind", PUBLIC)
def test_public_page_asks_no_more_for_eight_rows_than_for_one(client: Client, kind: str) -> None:
    address, most = PUBLIC[kind]
    one = count_queries(1, address, client)
    eight = count_queries(8, address, client)
    assert one == eight
    # So that a page does not grow dearer unseen; raise it when a page shows something new.
    assert one <= most


def begin(world: World) -> World:
    """Give the first page of each kind a history of eight versions, half of which were shown.

    It was reviewed and changed since, says what changed, is long overdue for its review, has a
    draft, and is to be replaced and withdrawn later.
    """
    ReviewPolicy.objects.create(review_months=6)
    people = {role: make_user(role) for role in ("Author", "Manager")}
    for page in pages_of(world):
        with time_machine.travel(datetime(2025, 2, 3, 12, tzinfo=UTC), tick=False):
            make_review(page)
        for number in range(4):
            with time_machine.travel(datetime(2025, 3, 3 + number, 12, tzinfo=UTC), tick=False):
                make_version(page, people["Author"], summary=f"Draft {number}.")
                told = {"summary": f"Public {number}.", "change_note": f"Change {number}."}
                make_version(page, people["Author"], **told)
                publish(page, people["Manager"])
        now = timezone.now()
        make_version(page, people["Author"], summary="Later.", change_note="Later.")
        publish(page, people["Manager"], at=now + timedelta(days=1))
        editor = people["Manager"]
        workflow.withdraw(page, editor, reason="Gone", at=now + timedelta(days=2))
        make_version(page, people["Author"], summary="Only a draft.", note="Not yet")
    return world


def pages_of(world: World) -> list[Any]:
    return [world.conditions[0], world.treatments[0], world.articles[0], world.pages[0]]


@pytest.mark.parametrize("kind", PUBLIC)
def test_history_of_pages_costs_their_readers_no_query(client: Client, kind: str) -> None:
    address, most = PUBLIC[kind]
    assert count_queries(1, lambda world: address(begin(world)), client) <= most


def test_history_that_costs_no_query_is_one_that_readers_see(client: Client) -> None:
    """Otherwise the test above would count the queries of pages without any."""
    for page in pages_of(begin(World(1))):
        page.refresh_from_db()
        assert page.is_published
        assert page.summary == "Public 3."
        assert page.changed_since_review
        assert page.review_is_overdue
        assert len(page.change_notes) == 4
        assert page.withdrawn_at is None or page.withdrawn_at > timezone.now()
        assert ScheduledChange.objects.filter(object_id=page.pk).exists()
        content = client.get(page.get_absolute_url()).content.decode()
        assert "Change 3." in content
        assert "Later." not in content


def test_plans_are_looked_up_by_one_query_and_then_not_for_a_while(client: Client) -> None:
    page = make_article(published_at=None)
    publish(page, at=timezone.now() + timedelta(days=1))
    address = make_article().get_absolute_url()

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    usual = count()
    look_again()
    assert [count(), count(), count()] == [usual + 1, usual, usual]


def test_person_who_left_asks_no_more_for_eight_colleagues_than_for_one(client: Client) -> None:
    def address(world: World) -> str:
        return world.person(leaves_on=TODAY.date().replace(year=2025)).get_absolute_url()

    assert count_queries(1, address, client) == count_queries(8, address, client)


def test_condition_without_people_of_its_own_asks_no_more_for_eight(client: Client) -> None:
    def address(world: World) -> str:
        world.conditions[0].practitioners.clear()
        return world.conditions[0].get_absolute_url()

    assert count_queries(1, address, client) == count_queries(8, address, client)


def count_changelist_queries(count: int, model: str, client: Client) -> int:
    with transaction.atomic():
        World(count)
        for _ in range(count):
            make_enquiry(condition=Condition.objects.first(), owner=make_user("Reception"))
        app, name = model.split(".")
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/admin/{app}/{name}/")
            assert response.status_code == 200, model
        transaction.set_rollback(True)
    return len(queries)


@pytest.mark.parametrize(
    "model",
    [
        "articles.article", "articles.category", "auth.group", "auth.user",
        "conditions.bodyregion", "conditions.condition", "enquiries.enquiry", "evidence.claim",
        "evidence.glossaryterm", "evidence.source", "pages.informationpage",
        "practitioners.language", "practitioners.practitioner",
        "publishing.auditentry", "publishing.image", "suitability.caution", "treatments.treatment",
    ],
)  # fmt: skip
def test_list_for_staff_asks_no_more_for_eight_rows_than_for_one(
    staff: Callable[[str], Client], model: str
) -> None:
    manager = staff("Manager")
    one = count_changelist_queries(1, model, manager)
    assert one == count_changelist_queries(8, model, manager)
    # The worklist counts each of its eight parts; one query finds the sign-in.
    assert one <= (27 if model == "enquiries.enquiry" else 20)


def with_versions(count: int, page: Any) -> Any:
    """Give the page versions, reviews, links and people at work."""
    for number in range(count):
        version = make_version(page, summary=f"Draft {number}.", change_note="Something.")
        workflow.submit(page, version, make_user("Author"))
        make_review(page)
        workflow.share(page, version, make_user("Author"), invited="Dr Outside", days=7)
    return page


@pytest.mark.parametrize("step", ["status", "history", "review", "change", "compare", "delete"])
@pytest.mark.parametrize("make", [make_condition, make_article])
def test_step_of_a_page_asks_no_more_for_eight_versions_than_for_two(
    signed_in: Callable[..., Client], step: str, make: Callable[..., Any]
) -> None:
    user = make_user("Manager")
    make_practitioner(user=user)
    client = signed_in(user)

    def count(versions: int) -> int:
        page = with_versions(versions, make())
        base = f"/admin/{page._meta.label_lower.replace('.', '/')}/{page.pk}/{step}/"
        client.get(base + "?old=1&new=2")  # who is at work is noted once
        with CaptureQueriesContext(connection) as queries:
            assert client.get(base + "?old=1&new=2").status_code == 200
        return len(queries)

    assert count(2) == count(8)


def test_desk_asks_no_more_for_eight_rows_than_for_one(staff: Callable[[str], Client]) -> None:
    manager = staff("Manager")
    address: Callable[[World], str] = lambda world: "/admin/"  # noqa: E731
    one = count_queries(1, address, manager)
    assert one == count_queries(8, address, manager)
    assert Image.objects.count() == 0  # the small sites are gone again
