"""What is changed and committed stands on the very next page, and nothing else is rendered anew."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from clinic.models import Clinic, Closure, OpeningHours
from conditions.models import Condition
from delivery import changes
from delivery.models import Change
from enquiries.models import Enquiry
from evidence.models import Claim, GlossaryTerm
from practitioners.models import Practitioner, Registration
from publishing import redirects, workflow
from tests.delivery.conftest import Site
from tests.factories import (
    make_article,
    make_category,
    make_claim,
    make_clinic,
    make_closure,
    make_condition,
    make_enquiry,
    make_faq,
    make_information_page,
    make_practitioner,
    make_registration,
    make_review,
    make_treatment,
    make_user,
    make_version,
    publish,
)
from visits import tally


def published(page: Any, **changed: str) -> None:
    """Give the page a new version and publish it, as an editor does."""
    make_version(page, change_note="Something.", **changed)
    publish(page)


def test_published_change_stands_on_the_next_page(site: Site) -> None:
    article = make_article(author=make_practitioner(), title="Before", published_at=None)
    workflow.adopt(article)
    published(article, title="Before")
    assert "Before" in site.get(article.get_absolute_url()).text
    published(article, title="After that")
    assert "After that" in site.get(article.get_absolute_url()).text
    assert "After that" in site.get("/articles/").text


def test_draft_makes_no_page_out_of_date(site: Site) -> None:
    article = make_article(author=make_practitioner())
    workflow.adopt(article)
    site.get(article.get_absolute_url())
    make_version(article, make_user("Author"), title="Only a draft")
    assert not site.renders(article.get_absolute_url())


def test_withdrawn_page_is_gone_from_its_address_and_from_lists(site: Site) -> None:
    article = make_article(author=make_practitioner(), title="Going away")
    workflow.adopt(article)
    addresses = ["/", "/articles/", "/articles/feed.atom"]
    for each in addresses:
        assert "Going away" in site.get(each).text
    assert site.get(article.get_absolute_url()).status == 200
    workflow.withdraw(article, make_user("Manager"), reason="Out of date")
    assert site.get(article.get_absolute_url()).status == 410
    for each in addresses:
        assert "Going away" not in site.get(each).text


def test_publishing_a_page_renders_it_and_what_shows_it_and_not_the_site(site: Site) -> None:
    condition, other = make_condition(name="Back pain"), make_condition(name="Neck pain")
    category, another = make_category(), make_category()
    article = make_article(author=make_practitioner(), title="Old title", category=category)
    article.conditions.add(condition)
    near, far = (
        make_article(author=make_practitioner(), category=category),
        make_article(author=make_practitioner(), category=another),
    )
    far.conditions.add(other)
    for page in (article, near, far):
        workflow.adopt(page)
    every = [page.get_absolute_url() for page in (condition, other, article, near, far)]
    for each in every:
        site.get(each)
    assert not any(site.renders(each) for each in every)
    published(article, title="New title")
    anew = [each for each in every if site.renders(each)]
    assert anew == [page.get_absolute_url() for page in (condition, article, near)]
    assert "New title" in site.get(condition.get_absolute_url()).text


def test_new_article_comes_up_wherever_it_belongs(site: Site) -> None:
    condition, treatment = make_condition(), make_treatment()
    near = make_article(author=make_practitioner(), category=make_category())
    near.conditions.add(condition)
    addresses = [page.get_absolute_url() for page in (condition, treatment, near)]
    addresses += ["/", "/articles/", near.category.get_absolute_url(), "/sitemap.xml"]
    for each in addresses:
        site.get(each)
    fresh = make_article(
        author=make_practitioner(), title="Quite fresh", category=near.category, published_at=None
    )
    fresh.conditions.add(condition)
    fresh.treatments.add(treatment)
    workflow.adopt(fresh)
    for each in addresses:
        site.get(each)
    published(fresh, title="Quite fresh")
    for each in addresses[:-1]:
        assert "Quite fresh" in site.get(each).text, each


CHANGES: dict[str, Callable[[Condition], object]] = {
    "clinic": lambda page: Clinic.objects.update(telephone="01632 960999"),
    "hours": lambda page: OpeningHours.objects.create(
        clinic=Clinic.objects.get(), weekday=6, opens=time(9), closes=time(12)
    ),
    "closure": lambda page: make_closure(
        Clinic.objects.get(), timezone.localdate() + timedelta(days=2)
    ),
    "claim": lambda page: make_claim(condition=page, sentence="A claim that is new here."),
    "claim, by a query": lambda page: Claim.objects.update(sentence="Worded anew."),
    "person": lambda page: make_practitioner(name="Nell New").conditions.add(page),
    "registration": lambda page: make_registration(Practitioner.objects.get()),
    "question, by hand": lambda page: make_faq(page, question="Is it new?"),
    "menu": lambda page: make_information_page(title="Brand new page", menu="footer"),
    "by SQL": lambda page: connection.cursor().execute(
        "UPDATE conditions_condition SET summary = 'By hand.' WHERE id = %s", [page.pk]
    ),
    "in bulk": lambda page: Closure.objects.bulk_create(
        [
            Closure(
                clinic=Clinic.objects.get(),
                name="In bulk",
                starts_on=timezone.localdate(),
                ends_on=timezone.localdate(),
            )
        ]
    ),
    "review": lambda page: make_review(page),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_any_change_of_what_pages_show_is_on_the_next_page(site: Site, kind: str) -> None:
    make_clinic()
    page = make_condition(name="Back pain")
    make_claim(condition=page)
    make_practitioner().conditions.add(page)
    workflow.adopt(page)
    address = page.get_absolute_url()
    before = site.get(address).text
    assert not site.renders(address)
    CHANGES[kind](page)
    assert site.renders(address), kind
    if kind != "review":  # of the words that stood there already
        assert site.get(address).text != before


NO_CHANGES: dict[str, Callable[[], object]] = {
    "enquiry": make_enquiry,
    "enquiry erased": lambda: Enquiry.objects.all().delete(),
    "counts": lambda: (tally.record("/"), tally.flush()),
    "session": lambda: make_user("Author"),
    "redirect": lambda: redirects.add("/was-here/", "/articles/"),
}


@pytest.mark.parametrize("kind", NO_CHANGES)
def test_what_no_page_shows_makes_none_out_of_date(site: Site, kind: str) -> None:
    make_clinic()
    page = make_condition().get_absolute_url()
    make_enquiry()
    site.get(page)
    NO_CHANGES[kind]()
    assert not site.renders(page)


def test_every_table_that_no_page_shows_is_there() -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    named = changes._UNSEEN + changes._SEEN_ALL_THE_SAME
    no_longer = [each for each in named if not any(name.startswith(each) for name in tables)]
    assert no_longer == []


def test_what_is_rolled_back_has_changed_nothing(site: Site) -> None:
    make_clinic(telephone="01632 960001")
    page = make_condition().get_absolute_url()
    site.get(page)
    with transaction.atomic():
        Clinic.objects.update(telephone="01632 960999")
        transaction.set_rollback(True)
    assert not site.renders(page)
    with transaction.atomic():
        with transaction.atomic():
            Clinic.objects.update(telephone="01632 960998")
            transaction.set_rollback(True)
        Clinic.objects.update(telephone="01632 960777")
    assert "01632 960777" in site.get(page).text


def test_page_begun_before_a_change_is_not_kept_after_it(site: Site) -> None:
    make_clinic(telephone="01632 960001")
    page = make_condition().get_absolute_url()
    framework = site.application._application

    def slow(environ: Any, start_response: Any) -> Any:
        result = framework(environ, start_response)
        Clinic.objects.update(telephone="01632 960999")  # while it was being made
        site.application._application = framework
        return result

    site.application._application = slow
    site.get(page)
    assert "01632 960999" in site.get(page).text


def test_another_process_of_the_machine_hears_at_once(site: Site) -> None:
    other = Site()
    article = make_article(author=make_practitioner(), title="Before")
    workflow.adopt(article)
    address = article.get_absolute_url()
    assert "Before" in site.get(address).text
    assert "Before" in other.get(address).text
    published(article, title="After that")
    assert "After that" in other.get(address).text
    assert "After that" in site.get(address).text


def test_another_machine_hears_by_the_database(site: Site) -> None:
    page = make_condition().get_absolute_url()
    site.get(page)
    listener = changes.Listener()
    Change.objects.create(tags=["condition that is not shown"], board="elsewhere")
    listener.look()
    assert not site.renders(page)
    Change.objects.create(tags=["everything"], board="elsewhere")
    assert not site.renders(page)
    listener.look()
    assert site.renders(page)
    listener.look()
    assert not site.renders(page)


def test_one_transaction_tells_once(site: Site) -> None:
    clinic = make_clinic()
    Change.objects.all().delete()
    with transaction.atomic():
        for number in range(5):
            make_closure(clinic, timezone.localdate() + timedelta(days=number))
        GlossaryTerm.objects.update(is_shown=True)
    assert Change.objects.count() == 1


def test_old_changes_are_forgotten(site: Site) -> None:
    Change.objects.all().delete()
    Change.objects.create(tags=["x"], board="x", at=timezone.now() - timedelta(days=2))
    Change.objects.create(tags=["x"], board="x")
    assert changes.forget_old_changes() == 1
    assert Change.objects.count() == 1


# --- what time alone changes ----------------------------------------------------------------------


def test_planned_change_takes_effect_at_its_second(site: Site) -> None:
    start = datetime(2026, 11, 20, 10, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        article = make_article(author=make_practitioner(), title="Before")
        workflow.adopt(article)
        make_version(article, title="After that", change_note="x")
        at = start + timedelta(hours=1)
        publish(article, at=at)
        for each in (article.get_absolute_url(), "/articles/"):
            assert "Before" in site.get(each).text
        clock.move_to(at - timedelta(seconds=1))
        for each in (article.get_absolute_url(), "/articles/"):
            assert "After that" not in site.get(each).text
        clock.move_to(at)
        for each in (article.get_absolute_url(), "/articles/"):
            assert "After that" in site.get(each).text


def test_open_now_is_never_stale(site: Site) -> None:
    friday = datetime(2026, 11, 20, 8, 59, 59, tzinfo=UTC)  # the clocks are on Greenwich time
    with time_machine.travel(friday, tick=False) as clock:
        make_clinic()
        page = make_condition().get_absolute_url()
        assert "Opens today at 9am" in site.get(page).text
        clock.move_to(friday + timedelta(seconds=1))
        assert "Open now until 5pm" in site.get(page).text
        assert not site.renders(page)
        clock.move_to(friday.replace(hour=17, minute=0, second=0))
        assert "Open now" not in site.get(page).text


def test_day_changes_at_the_clinics_midnight(site: Site) -> None:
    evening = datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC)  # a second before midnight in summer
    with time_machine.travel(evening, tick=False) as clock:
        page = make_condition().get_absolute_url()
        site.get(page)
        assert not site.renders(page)
        clock.move_to(evening + timedelta(seconds=1))
        assert site.renders(page)


def test_notice_goes_at_its_time(site: Site) -> None:
    now = datetime(2026, 11, 20, 10, tzinfo=UTC)
    with time_machine.travel(now, tick=False) as clock:
        ends = now + timedelta(minutes=5)
        make_clinic(urgent_notice="Our telephone is down.", urgent_notice_ends_at=ends)
        assert "telephone is down" in site.get("/").text
        clock.move_to(ends)
        assert "telephone is down" not in site.get("/").text


def test_person_comes_and_goes_on_time(site: Site) -> None:
    now = datetime(2026, 11, 20, 10, tzinfo=UTC)
    with time_machine.travel(now, tick=False) as clock:
        make_practitioner(name="Nell New", published_at=now + timedelta(minutes=5))
        make_practitioner(name="Len Leaver", leaves_on=now.date() + timedelta(days=1))
        assert "Nell New" not in site.get("/practitioners/").text
        clock.move_to(now + timedelta(minutes=5))
        assert "Nell New" in site.get("/practitioners/").text
        assert "Len Leaver" in site.get("/practitioners/").text
        clock.move_to(now + timedelta(days=1))
        assert "Len Leaver" not in site.get("/practitioners/").text


def test_registration_that_is_removed_is_gone(site: Site) -> None:
    person = make_practitioner()
    make_registration(person)
    assert "PH" in site.get(person.get_absolute_url()).text
    Registration.objects.all().delete()
    assert site.renders(person.get_absolute_url())
