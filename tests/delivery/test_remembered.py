"""What many pages share is worked out once, and again as soon as it would come out otherwise."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clinic.models import Clinic
from conditions.views import ConditionDetailView
from delivery.remembered import remembered
from publishing import workflow
from tests.delivery.conftest import Site
from tests.factories import (
    make_article,
    make_claim,
    make_clinic,
    make_condition,
    make_faq,
    make_glossary_term,
    make_information_page,
    make_practitioner,
    make_registration,
    make_source,
    make_treatment,
    make_version,
    make_warning_sign,
    publish,
)

# The limit for a page that is rendered for somebody; an address that nothing is kept for.
MOST_QUERIES = 5
UNKNOWN = "?from=somewhere"


def queries_of(site: Site, path: str) -> int:
    """Return how many queries the page costs when the framework renders it."""
    with CaptureQueriesContext(connection) as asked:
        assert site.get(f"{path}{UNKNOWN}").status == 200
    return len(asked)


@pytest.fixture
def pages(site: Site) -> dict[str, Any]:
    """A page of each kind, with everything that a page may show."""
    make_clinic(name="Demo Clinic")
    make_information_page(title="About us", menu="main")
    source = make_source("ng59")
    make_glossary_term("Evidence")
    treatment = make_treatment(name="Dry needling")
    condition = make_condition(
        name="Back pain", overview="What the evidence says [@ng59].", evidence="Words."
    )
    condition.treatments.add(treatment)
    make_claim("one", sources=[source], condition=condition)
    make_faq(condition, question="How long?", answer="Weeks [@ng59].")
    make_warning_sign(condition, sources=[source])
    person = make_practitioner(name="Asha Example")
    make_registration(person)
    person.conditions.add(condition)
    person.treatments.add(treatment)
    article = make_article(title="About needles", author=person)
    for subjects, subject in ((article.conditions, condition), (article.treatments, treatment)):
        subjects.add(subject)
    make_article(title="More about needles").conditions.add(condition)
    return {"condition": condition, "treatment": treatment, "article": article}


@pytest.mark.parametrize("kind", ["condition", "treatment", "article"])
def test_page_rendered_for_somebody_costs_few_queries(
    site: Site, pages: dict[str, Any], kind: str
) -> None:
    path = pages[kind].get_absolute_url()
    first = queries_of(site, path)
    assert queries_of(site, path) <= MOST_QUERIES < first


def test_a_new_version_is_shown_to_whoever_comes_by_another_address(site: Site) -> None:
    article = make_article(body="Before.", author=make_practitioner())
    workflow.adopt(article)
    path = f"{article.get_absolute_url()}{UNKNOWN}"
    assert "Before." in site.get(path).text
    make_version(article, change_note="Something.", body="After that.")
    publish(article)
    assert "After that." in site.get(path).text


def test_the_frame_follows_the_clinic_and_the_menus(site: Site, pages: dict[str, Any]) -> None:
    path = f"{pages['article'].get_absolute_url()}{UNKNOWN}"
    assert "About us" in site.get(path).text
    Clinic.objects.update(name="Another Clinic")
    assert site.get(path).text.count("Another Clinic") > 1
    page = make_information_page(title="Where to park", menu="footer")
    assert "Where to park" in site.get(path).text
    page.delete()
    assert "Where to park" not in site.get(path).text


def test_a_draft_is_read_anew_each_time(site: Site) -> None:
    """Its parts are written without any page being told: no page shows them."""
    page = make_condition(published_at=None)
    make_faq(page, question="Asked first?", answer="Yes.")
    assert _faqs(page) == ["Asked first?"]
    make_faq(page, question="Asked second?", answer="Yes.")
    assert _faqs(page) == ["Asked first?", "Asked second?"]


def _faqs(page: Any) -> list[str]:
    view = ConditionDetailView()
    view.object = page
    return [faq.question for faq in view.faqs()]


def test_what_a_transaction_has_written_is_not_kept_if_it_is_undone(site: Site) -> None:
    make_clinic(name="Kept Clinic")
    with transaction.atomic():
        Clinic.objects.update(name="Undone Clinic")
        assert remembered("name", _name) == "Undone Clinic"
        transaction.set_rollback(True)
    assert remembered("name", _name) == "Kept Clinic"


def test_in_a_transaction_nothing_kept_is_taken(site: Site) -> None:
    make_clinic(name="Before")
    assert remembered("name", _name) == "Before"
    with transaction.atomic():
        Clinic.objects.update(name="After")
        assert remembered("name", _name) == "After"
    assert remembered("name", _name) == "After"


def test_switched_off_everything_is_worked_out_each_time(site: Site, settings: Any) -> None:
    settings.PAGE_CACHE_MEGABYTES = 0
    worked = []
    for _ in range(2):
        remembered("work", lambda: worked.append(1))
    assert len(worked) == 2


def test_a_fault_is_not_kept(site: Site) -> None:
    def fail() -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  (any will do)
        remembered("fault", fail)
    assert remembered("fault", lambda: "mended") == "mended"


def _name() -> str:
    return Clinic.objects.get().name
