"""A claim is worded once, rests on sources that stand, and is refused where it would mislead."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from evidence.identifiers import DOI, PMID
from evidence.models import Claim, Source
from publishing.models import AuditEntry
from tests.factories import (
    make_claim,
    make_condition,
    make_practitioner,
    make_source,
    make_treatment,
    make_user,
)
from tests.publishing.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ADD_SOURCE = reverse("admin:evidence_source_add")
ADD_CLAIM = reverse("admin:evidence_claim_add")
LEDGER = reverse("admin:evidence_claim_changelist")


def shown() -> list[str]:
    return [claim.key for claim in Claim.objects.shown().in_reading_order()]


# --- what readers may see -------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["superseded", "withdrawn", "lapsed"])
def test_claim_is_hidden_when_its_last_current_source_falls(status: str) -> None:
    first, last = make_source("first"), make_source("last")
    make_claim("held", sources=[first, last])
    for source, expected in ((first, ["held"]), (last, [])):
        Source.objects.filter(pk=source.pk).update(status=status)
        assert shown() == expected
    Source.objects.filter(pk=last.pk).update(status="current")
    assert shown() == ["held"]


def test_draft_and_claim_without_a_source_are_for_staff_alone() -> None:
    make_claim("draft", is_public=False)
    make_claim("bare", sources=[])
    assert shown() == []


def test_guidelines_stand_first_then_place_then_the_latest_check() -> None:
    review = make_source("review", kind="systematic-review")
    fallen = make_source("fallen", status="withdrawn")
    make_claim("study-old", sources=[review], checked_on=date(2025, 1, 1))
    make_claim("study-new", sources=[review], checked_on=date(2026, 1, 1))
    make_claim("study-first", sources=[review], checked_on=date(2024, 1, 1), position=0)
    make_claim("study-last", sources=[review], checked_on=date(2026, 9, 1), position=5)
    make_claim("fallen-guideline", sources=[review, fallen], checked_on=date(2026, 2, 1))
    make_claim("against", direction="do-not-offer", checked_on=date(2020, 1, 1))
    make_claim("for", direction="recommends", checked_on=date(2021, 1, 1))
    assert shown() == [
        "for", "against", "fallen-guideline", "study-new", "study-old", "study-first", "study-last",
    ]  # fmt: skip


def test_making_public_asks_for_a_current_source() -> None:
    claim = make_claim(is_public=False, sources=[make_source(status="lapsed")])
    with pytest.raises(ValidationError, match="at least one source that is current"):
        claim.make_public()
    claim.refresh_from_db()
    assert not claim.is_public
    claim.sources.add(make_source())
    claim.make_public()
    assert shown() == [claim.key]


def test_claim_says_what_it_is_about() -> None:
    claim = Claim(key="x", condition=make_condition(), sentence="A sentence.", direction="consider")
    with pytest.raises(ValidationError, match="Choose a treatment, or say in words"):
        claim.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        claim.save()


def test_sentence_is_one_line() -> None:
    claim = make_claim(sentence="One\n\n# two \t three.")
    claim.full_clean()
    assert claim.sentence == "One # two three."


def test_what_is_due_is_what_nobody_checked_or_whose_day_has_come() -> None:
    make_claim("never", checked_on=None)
    make_claim("today", next_check_on=date(2026, 6, 1))
    make_claim("later", next_check_on=date(2026, 6, 2))
    make_claim("without-a-day")
    with time_machine.travel(date(2026, 6, 1)):
        assert [claim.key for claim in Claim.objects.due()] == ["never", "today"]
        assert {claim.key: claim.is_due for claim in Claim.objects.all()} == {
            "never": True, "today": True, "later": False, "without-a-day": False,
        }  # fmt: skip


# --- a source is entered once ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "typed", "kept"),
    [
        (DOI, "https://doi.org/10.1136/bmj-2023-076227", "10.1136/bmj-2023-076227"),
        (DOI, " HTTP://DX.DOI.ORG/10.1136/BMJ-2023 ", "10.1136/BMJ-2023"),
        (DOI, "doi: 10.1136/ bmj-2023\u00a0", "10.1136/bmj-2023"),
        (DOI, "10.1136/\u200bbmj", "10.1136/bmj"),
        (DOI, "１０.1136/bmj", "10.1136/bmj"),
        (PMID, "PMID: 27092807", "27092807"),
        (PMID, "https://pubmed.ncbi.nlm.nih.gov/27092807/", "27092807"),
        (PMID, "270 928 07", "27092807"),
        (PMID, "", ""),
    ],
)
def test_identifier_is_kept_in_one_form(scheme: Any, typed: str, kept: str) -> None:
    assert scheme.normalise(typed) == kept


@pytest.mark.parametrize(
    "malformed",
    [
        "10.1/x",
        "bmj-2023",
        "10.1136",
        "10.1136/",
        "11.1136/x",
        "10.1136/bmј",
        "10." + "9" * 1_000_000,
    ],
)
def test_malformed_doi_says_what_one_looks_like(malformed: str) -> None:
    source = make_source()
    source.doi = malformed
    with pytest.raises(ValidationError) as refused:
        source.full_clean()
    assert "10.1136/bmj-2023-076227" in " ".join(refused.value.message_dict["doi"])


def form_of_source(**changes: str) -> dict[str, str]:
    return {
        "key": "second",
        "kind": "guideline",
        "title": "Low back pain",
        "body": "NICE",
        "status": "current",
    } | changes


@pytest.mark.parametrize(
    ("name", "kept", "typed"),
    [
        ("doi", "10.1136/bmj-2023", "https://doi.org/10.1136/BMJ-2023"),
        ("doi", "10.1136/BMJ-2023", " 10.1136/bmj-2023"),
        ("pmid", "27092807", "PMID 27092807"),
    ],
)
def test_same_publication_twice_is_refused_and_the_first_offered(
    staff: Callable[..., Client], name: str, kept: str, typed: str
) -> None:
    first = make_source("first", **{name: kept})
    response = staff("Author").post(ADD_SOURCE, form_of_source(**{name: typed}))
    assert Source.objects.count() == 1
    (errors,) = parse(response.content.decode()).select(f".field-{name} .errorlist")
    link = errors.select_one("a")
    assert link is not None
    assert link["href"] == reverse("admin:evidence_source_change", args=[first.pk])
    assert "[@first]" in errors.get_text()


def test_source_may_be_saved_again_with_its_own_number(staff: Callable[..., Client]) -> None:
    source = make_source("own", doi="10.1136/bmj-2023")
    address = reverse("admin:evidence_source_change", args=[source.pk])
    form = form_of_source(doi="10.1136/bmj-2023", title="New")
    assert staff("Author").post(address, form).status_code == 302
    source.refresh_from_db()
    assert source.title == "New"


def test_two_sources_without_a_number_are_no_twins(staff: Callable[..., Client]) -> None:
    make_source("first", nice="")
    assert staff("Author").post(ADD_SOURCE, form_of_source()).status_code == 302


def test_title_in_the_offer_cannot_run(staff: Callable[..., Client]) -> None:
    make_source("first", doi="10.1136/x", title="<script>alert(1)</script>")
    response = staff("Author").post(ADD_SOURCE, form_of_source(doi="10.1136/x"))
    assert "<script>alert(1)" not in response.content.decode()


def test_source_keeps_who_checked_it_and_when_next(staff: Callable[..., Client]) -> None:
    person = make_practitioner()
    form = form_of_source(checked_by=str(person.pk), next_check_on="2027-01-05")
    assert staff("Author").post(ADD_SOURCE, form).status_code == 302
    source = Source.objects.get()
    assert (source.checked_by, source.next_check_on) == (person, date(2027, 1, 5))


# --- chains of newer sources ----------------------------------------------------------------------


def superseded(source: Source, by: Source) -> Source:
    source.status, source.superseded_by = Source.Status.SUPERSEDED, by
    return source


@pytest.mark.parametrize("length", [1, 2, 3, 20])
def test_circle_of_newer_sources_is_refused(length: int) -> None:
    chain = [make_source(f"s{number}") for number in range(length)]
    for older, newer in pairwise(chain):
        superseded(older, newer).save()
    with pytest.raises(ValidationError) as refused:
        superseded(chain[-1], chain[0]).full_clean()
    message = refused.value.message_dict["superseded_by"][0]
    assert ("by itself" in message) == (length == 1)
    assert "circle" in message or length == 1


def test_circle_made_behind_the_form_does_not_hang() -> None:
    one, two, three = make_source("one"), make_source("two"), make_source("three")
    superseded(one, two).save()
    superseded(two, one).save()
    with pytest.raises(ValidationError, match="circle"):
        superseded(three, one).full_clean()


def test_chain_that_ends_is_fine() -> None:
    oldest, old, new = make_source("oldest"), make_source("old"), make_source("new")
    superseded(old, new).save()
    superseded(oldest, old).full_clean()


# --- the admin ------------------------------------------------------------------------------------


def form_of_claim(**changes: Any) -> dict[str, Any]:
    return {
        "key": "back-nice",
        "intervention": "Exercise",
        "sentence": "NICE says that exercise can be considered.",
        "direction": "consider",
        "country": "UK",
        "position": "0",
    } | changes


def test_claim_is_added_by_an_author_and_audited(staff: Callable[..., Client]) -> None:
    condition, treatment, source = make_condition(), make_treatment(), make_source()
    form = form_of_claim(
        condition=condition.pk, treatment=treatment.pk, sources=[source.pk], is_public="on"
    )
    assert staff("Author").post(ADD_CLAIM, form).status_code == 302
    assert shown() == ["back-nice"]
    assert AuditEntry.objects.filter(act="added", target__startswith="claim").exists()


@pytest.mark.parametrize("status", ["", "withdrawn"])
def test_claim_cannot_be_public_without_a_current_source(
    staff: Callable[..., Client], status: str
) -> None:
    sources = [make_source(status=status).pk] if status else []
    form = form_of_claim(condition=make_condition().pk, sources=sources, is_public="on")
    response = staff("Author").post(ADD_CLAIM, form)
    (errors,) = parse(response.content.decode()).select(".field-sources .errorlist")
    assert "current" in errors.get_text()
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"intervention": ""}, {"sentence": "a" * 401}, {"direction": "cures"}, {"key": "no good"}],
)
def test_mistake_in_a_claim_is_refused(staff: Callable[..., Client], changes: Any) -> None:
    form = form_of_claim(condition=make_condition().pk) | changes
    response = staff("Author").post(ADD_CLAIM, form)
    assert parse(response.content.decode()).select(".errorlist")
    assert not Claim.objects.exists()


def test_key_of_a_claim_stays(staff: Callable[..., Client]) -> None:
    claim = make_claim("first")
    address = reverse("admin:evidence_claim_change", args=[claim.pk])
    form = form_of_claim(key="other", condition=claim.condition_id)
    assert staff("Author").post(address, form).status_code == 302
    claim.refresh_from_db()
    assert claim.key == "first"


def test_ledger_says_how_claims_stand_and_finds_what_is_due(staff: Callable[..., Client]) -> None:
    make_claim("good", checked_on=date(2026, 6, 1), next_check_on=date(2099, 1, 1))
    make_claim("fallen", sources=[make_source(status="lapsed")])
    make_claim("draft", is_public=False, checked_on=None)
    client = staff("Editor")

    def states(**query: str) -> dict[str, str]:
        soup = parse(client.get(LEDGER, query).content.decode())
        rows = soup.select("#result_list tbody tr")
        return {
            row.select_one("th").get_text(): row.select_one(".field-state").get_text()  # type: ignore[union-attr]
            for row in rows
        }

    assert states() == {
        "good": "Public",
        "fallen": "Hidden: no current source left",
        "draft": "Draft, due for re-checking",
    }
    assert list(states(checking="due")) == ["draft"]
    assert list(states(state="fallen")) == ["fallen"]
    assert list(states(state="shown")) == ["good"]
    assert list(states(state="draft")) == ["draft"]
    assert len(states(state="nonsense")) == 3


def test_sources_due_are_found(staff: Callable[..., Client]) -> None:
    make_source("due", next_check_on=date(2020, 1, 1))
    make_source("later", next_check_on=date(2099, 1, 1))
    address = reverse("admin:evidence_source_changelist")
    soup = parse(staff("Author").get(address, {"checking": "due"}).content.decode())
    assert [each.get_text() for each in soup.select("#result_list tbody th")] == ["due"]


def test_reception_sees_no_claims_and_a_reviewer_changes_none(
    staff: Callable[..., Client],
) -> None:
    claim = make_claim()
    assert staff("Reception").get(LEDGER).status_code == 403
    address = reverse("admin:evidence_claim_change", args=[claim.pk])
    reviewer = staff("Clinical reviewer")
    assert reviewer.get(address).status_code == 200
    assert reviewer.post(address, form_of_claim()).status_code == 403
    assert make_user("Author").has_perm("evidence.change_claim")
