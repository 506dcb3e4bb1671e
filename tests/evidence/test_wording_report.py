"""The report on the whole site: every finding, by severity and page, with a way to mend it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.models import EvidenceHeld
from evidence.wording import check_text
from publishing import workflow
from publishing.models.history import page_key
from tests.factories import (
    LONG_AGO,
    make_article,
    make_clinic,
    make_condition,
    make_faq,
    make_information_page,
    make_practitioner,
    make_source,
    make_treatment,
    make_user,
)
from tests.publishing.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

StaffClient = Callable[..., Client]
REPORT = reverse("admin:evidence_wording_report")


@pytest.fixture(autouse=True)
def clinic() -> Any:
    return make_clinic()


def read(client: Client) -> dict[str, list[tuple[str, str]]]:
    """Return the report: by heading, each page's link and the findings on it."""
    soup = parse(client.get(REPORT).content.decode())
    found: dict[str, list[tuple[str, str]]] = {}
    for section in soup.select("#content-main section"):
        heading = section.h2.get_text() if section.h2 else ""
        found[heading] = [
            (str(title.a["href"]) if title.a else "", " ".join(items.get_text(" ").split()))
            for title, items in zip(section.select("h3"), section.select("ul"), strict=True)
        ]
    return found


def test_findings_stand_by_severity_and_page_with_links_to_the_forms(staff: StaffClient) -> None:
    page = make_information_page(body="Words.\n\nWe cure you.", published_at=None)
    person = make_practitioner(profile="We are the best clinic.")
    article = make_article(title="Proven to work", summary="We cure you.")
    make_faq(article, question="Does it work?", answer="Fine.\n\nResults are guaranteed.")
    found = read(staff("Editor"))
    assert list(found) == ["Mend these (4)", "Check these (1)"]
    errors = dict(found["Mend these (4)"])
    page_form = reverse("admin:pages_informationpage_change", args=[page.pk]) + "?checked=1"
    assert "Body, line 3: “cure”." in errors[page_form]
    told = errors[reverse("admin:articles_article_change", args=[article.pk]) + "?checked=1"]
    assert "Summary, line 1: “cure”." in told
    assert "Faq1, line 3:" in told
    ((address, words),) = found["Check these (1)"]
    assert address == reverse("admin:practitioners_practitioner_change", args=[person.pk])
    assert "“best”" in words


def test_finding_nothing_is_not_praise(staff: StaffClient) -> None:
    content = staff("Author").get(REPORT).content.decode()
    assert "It found nothing." in content
    assert "does not mean that the site complies" in content


def test_evidence_held_stands_apart(staff: StaffClient) -> None:
    page = make_information_page(body="It is proven to work.")
    (found,) = check_text(page.body)
    EvidenceHeld.objects.create(
        **page_key(page),
        rule=found.rule_id,
        sentence=found.sentence,
        note="Own trial",
        source=make_source(),
        at=LONG_AGO,
        by_name="Rita Reviewer",
    )
    ((_, words),) = read(staff("Editor"))["Evidence held (1)"]
    assert "Own trial." in words
    assert "Rita Reviewer" in words


def test_deleted_pages_are_left_out(staff: StaffClient) -> None:
    page = make_information_page(body="We cure you.", published_at=None)
    workflow.delete(page, make_user("Manager"))
    assert read(staff("Editor")) == {}


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor", "Manager"])
def test_those_who_read_content_read_the_report(staff: StaffClient, role: str) -> None:
    assert staff(role).get(REPORT).status_code == 200


def test_nobody_else_reads_it(staff: StaffClient, client: Client) -> None:
    assert staff("Reception").get(REPORT).status_code == 403
    assert client.get(REPORT).status_code == 302


@pytest.mark.parametrize("name", ["evidenceheld", "clinicrule", "ruleseverity"])
def test_the_lists_lead_to_it(staff: StaffClient, name: str) -> None:
    content = staff("Manager").get(reverse(f"admin:evidence_{name}_changelist")).content.decode()
    assert REPORT in content


def test_the_number_of_queries_does_not_grow(staff: StaffClient) -> None:
    client = staff("Editor")
    counts = []
    for _ in range(2):
        for make in (make_article, make_condition, make_treatment):
            make_faq(make(summary="We cure you."))
        make_information_page(body="We cure you.")
        make_practitioner(profile="We cure you.")
        client.get(REPORT)
        with CaptureQueriesContext(connection) as asked:
            client.get(REPORT)
        counts.append(len(asked))
    assert counts[0] == counts[1]
