"""An error of the wording check blocks a page, unless a reviewer records evidence held for it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.models import EvidenceHeld, Source
from pages.models import InformationPage
from pages.wording_sources import wording_of
from publishing import workflow
from publishing.checks import Finding, Level, findings_on
from publishing.models import AuditEntry
from publishing.models.append_only import AppendOnlyError
from tests.factories import (
    make_clinic,
    make_information_page,
    make_source,
    make_user,
    make_version,
    publish,
)
from tests.publishing.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

StaffClient = Callable[..., Client]
CLAIM = "Our exercise class is proven to work."
LIST = reverse("admin:evidence_evidenceheld_changelist")
ADD = reverse("admin:evidence_evidenceheld_add")


@pytest.fixture(autouse=True)
def clinic() -> Any:
    return make_clinic()


@pytest.fixture(autouse=True)
def wording_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no other check, each of which has tests of its own, find anything."""
    monkeypatch.setattr("publishing.checks._checks", [wording_of])


def make_page(body: str = f"Come in. {CLAIM} See you.", **fields: Any) -> InformationPage:
    """Make a draft with one error."""
    return make_information_page(body=body, published_at=None, **fields)


def errors(page: InformationPage) -> list[Finding]:
    return findings(page, Level.ERROR)


def findings(page: InformationPage, level: Level) -> list[Finding]:
    version = workflow.latest_version(page)
    return [each for each in findings_on(page, version) if each.level is level]


def record(client: Client, page: InformationPage, **typed: Any) -> Any:
    """Follow the link beside the page's only error, and send its form."""
    (error,) = errors(page)
    sent = {"note": "Trial of our class", "source": make_source().pk} | typed
    return client.post(error.link, sent)


def standing(client: Client) -> list[str]:
    """Return what the list says of each record, newest first."""
    soup = parse(client.get(LIST).content.decode())
    return [cell.get_text() for cell in soup.select("#result_list td.field-standing")]


# --- recording ------------------------------------------------------------------------------------


def test_recorded_evidence_lets_the_page_be_published(staff: StaffClient) -> None:
    page = make_page()
    with pytest.raises(workflow.Refused, match="mended first"):
        publish(page)
    response = record(staff("Clinical reviewer"), page)
    assert response.status_code == 302
    assert errors(page) == []
    (hint,) = findings(page, Level.HINT)
    held = EvidenceHeld.objects.get()
    assert hint.reason.startswith("Evidence held: Trial of our class. Low back pain")
    assert f"Recorded by {held.by_name} on " in hint.reason
    assert hint.link == ""
    assert held.sentence == CLAIM
    assert held.page == page
    publish(page)


def test_the_form_shows_the_sentence_and_takes_only_note_and_source(staff: StaffClient) -> None:
    page = make_page()
    (error,) = errors(page)
    client = staff("Clinical reviewer")
    soup = parse(client.get(error.link).content.decode())
    assert CLAIM in soup.get_text()
    names = {field["name"] for field in soup.select("#content-main [name]")}
    assert {"note", "source"} <= names
    assert not names & {"sentence", "rule", "page", "object_id"}
    record(client, page, sentence="Something else.", rule="cure")
    assert EvidenceHeld.objects.get().sentence == CLAIM


def test_recording_is_an_act_in_the_audit_log(staff: StaffClient) -> None:
    page = make_page()
    record(staff("Clinical reviewer"), page)
    entry = AuditEntry.objects.get(act="added")
    assert str(page) in entry.target
    assert entry.by_name == EvidenceHeld.objects.get().by_name


@pytest.mark.parametrize("typed", [{"note": ""}, {"source": ""}])
def test_note_and_source_are_both_needed(staff: StaffClient, typed: dict[str, str]) -> None:
    page = make_page()
    assert record(staff("Clinical reviewer"), page, **typed).status_code == 200
    assert not EvidenceHeld.objects.exists()


def test_a_source_that_no_longer_stands_is_no_evidence(staff: StaffClient) -> None:
    page = make_page()
    lapsed = make_source(status=Source.Status.LAPSED)
    response = record(staff("Clinical reviewer"), page, source=lapsed.pk)
    assert "Choose one that is current" in response.content.decode()
    assert not EvidenceHeld.objects.exists()


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Author", "Editor", "Reception"])
def test_only_reviewers_record(staff: StaffClient, role: str) -> None:
    page = make_page()
    client = staff(role)
    (error,) = errors(page)
    assert client.get(error.link).status_code == 403
    assert record(client, page).status_code == 403
    assert not EvidenceHeld.objects.exists()


def test_nobody_signed_in_is_asked_to_sign_in(client: Client) -> None:
    (error,) = errors(make_page())
    response = client.get(error.link)
    assert response.status_code == 302
    assert "login" in response.headers["Location"]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"page": "pages.informationpage.999999"},
        {"page": "auth.user.1"},
        {"page": "no.such.1"},
        {"page": "pages.informationpage.-1"},
        {"page": "pages.informationpage.9999999999999999999999"},
        {"page": "\x00." * 50},
    ],
)
def test_an_address_without_a_page_leads_to_the_list(
    staff: StaffClient, query: dict[str, str]
) -> None:
    response = staff("Clinical reviewer").get(ADD, query)
    assert response.status_code == 302
    assert response.headers["Location"] == LIST


def test_nobody_can_be_led_to_vouch_for_words_the_page_does_not_have(staff: StaffClient) -> None:
    page = make_page()
    (error,) = errors(page)
    make_version(page, body="Come in.")
    client = staff("Clinical reviewer")
    response = client.post(error.link, {"note": "A note", "source": make_source().pk}, follow=True)
    assert "has no such finding" in response.content.decode()
    assert not EvidenceHeld.objects.exists()


def test_records_are_never_changed_or_deleted(staff: StaffClient) -> None:
    page = make_page()
    record(staff("Clinical reviewer"), page)
    held = EvidenceHeld.objects.get()
    for act in (held.save, held.delete, EvidenceHeld.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            act()
    manager = staff("Manager")
    address = reverse("admin:evidence_evidenceheld_change", args=[held.pk])
    assert manager.get(address).status_code == 200
    assert manager.post(address, {"note": "Other"}).status_code == 403
    delete = reverse("admin:evidence_evidenceheld_delete", args=[held.pk])
    assert manager.post(delete, {"post": "yes"}).status_code == 403
    assert held.source.title in manager.get(LIST).content.decode()


# --- lapsing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "Our exercise class is proven to work well.",
        "Our needles are proven to work.",
        "our exercise class is proven to work.",
    ],
)
def test_it_lapses_when_the_sentence_changes(staff: StaffClient, body: str) -> None:
    page = make_page()
    reviewer = staff("Clinical reviewer")
    record(reviewer, page)
    make_version(page, body=f"Come in. {body} See you.")
    assert len(errors(page)) == 1
    assert standing(reviewer) == ["Lapsed: the page no longer has this sentence"]


def test_it_stands_again_when_the_sentence_comes_back(staff: StaffClient) -> None:
    page = make_page()
    reviewer = staff("Clinical reviewer")
    record(reviewer, page)
    make_version(page, body="Nothing here.")
    assert standing(reviewer) == ["Lapsed: the page no longer has this sentence"]
    make_version(page, body=f"Other words around it.\n\n{CLAIM}\n\nMore.")
    assert errors(page) == []
    assert standing(reviewer) == ["Stands"]


def test_mark_up_and_line_breaks_do_not_make_another_sentence(staff: StaffClient) -> None:
    page = make_page()
    record(staff("Clinical reviewer"), page)
    make_version(page, body="Our exercise class is\n**proven** to work.")
    assert errors(page) == []


def test_a_list_item_s_sentence_is_the_one_with_its_lead_in(staff: StaffClient) -> None:
    page = make_page("Acupuncture treats:\n\n- fibromyalgia")
    record(staff("Clinical reviewer"), page)
    assert EvidenceHeld.objects.get().sentence == "Acupuncture treats: fibromyalgia"
    make_version(page, body="Acupuncture cures or treats:\n\n- fibromyalgia")
    assert any("fibromyalgia" in each.words for each in errors(page))


def test_it_counts_for_its_page_and_its_rule_alone(staff: StaffClient) -> None:
    page, other = make_page(), make_page()
    record(staff("Clinical reviewer"), page)
    assert len(errors(other)) == 1
    make_version(page, body=f"{CLAIM} We guarantee results.")
    assert [each.words for each in errors(page)] == ["guarantee"]


def test_the_list_says_when_only_the_public_text_has_the_sentence(staff: StaffClient) -> None:
    page = make_page()
    reviewer = staff("Clinical reviewer")
    record(reviewer, page)
    publish(page)
    page.refresh_from_db()
    make_version(page, body="Nothing here.")
    (told,) = standing(reviewer)
    assert told.startswith("Stands for the public text")


def test_the_page_gone_the_record_stays(staff: StaffClient) -> None:
    page = make_page()
    reviewer = staff("Clinical reviewer")
    record(reviewer, page)
    workflow.delete(page, make_user("Manager"))
    content = reviewer.get(LIST).content.decode()
    assert "A page that is gone" in content
    assert standing(reviewer) == ["Lapsed: the page no longer has this sentence"]


def test_the_list_asks_no_more_for_more_records(staff: StaffClient) -> None:
    reviewer = staff("Clinical reviewer")
    counts = []
    for _ in range(2):
        for _ in range(3):
            record(reviewer, make_page())
        reviewer.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            reviewer.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- what follows ---------------------------------------------------------------------------------


def test_when_its_source_falls_it_has_to_be_accepted(staff: StaffClient) -> None:
    page = make_page()
    record(staff("Clinical reviewer"), page)
    Source.objects.update(status=Source.Status.WITHDRAWN)
    assert errors(page) == []
    (warning,) = findings(page, Level.WARNING)
    assert "no longer current" in warning.reason


def test_the_site_s_command_knows_of_it(
    staff: StaffClient, capsys: pytest.CaptureFixture[str]
) -> None:
    page = make_page()
    with pytest.raises(SystemExit):
        call_command("check_claims")
    record(staff("Clinical reviewer"), page)
    capsys.readouterr()
    call_command("check_claims")
    assert " hint proven " in capsys.readouterr().out


@pytest.mark.parametrize("step", ["change", "status"])
def test_the_link_stands_beside_the_finding(staff: StaffClient, step: str) -> None:
    page = make_page()
    address = reverse(f"admin:pages_informationpage_{step}", args=[page.pk])
    soup = parse(staff("Editor").get(f"{address}?checked=1").content.decode())
    link = soup.select_one(".finding--error a")
    assert link is not None
    assert str(link["href"]).startswith(ADD)
