"""The demonstration's claims: every condition, for and against, within the rules."""

import pytest
from django.test import Client

from conditions.models import Condition
from evidence.models import Claim, Source
from evidence.page_checks import advice_left_out, sources_that_fell
from evidence.page_rules import dated_source, help_box, pictures_by_name
from evidence.wording import check_text
from evidence.wording_report import report
from evidence.wording_sources import texts
from pages.content.files import read_list
from pages.content.loading import load_content
from pages.page_kinds import PAGE_KINDS
from publishing import snapshots
from publishing.checks import Candidate
from tests.demo import FOLDER, DemoRows
from tests.site.test_every_page import CONDITIONS

pytestmark = [pytest.mark.any_database, pytest.mark.whole]

CHECKS = (advice_left_out, sources_that_fell, help_box, dated_source, pictures_by_name)
ROWS = read_list(FOLDER / "claims.yaml")


@pytest.fixture(autouse=True)
def loaded(demo: DemoRows) -> None:
    """Every test here looks at the demonstration."""


def test_every_entry_was_loaded_as_it_says() -> None:
    claims = {claim.key: claim for claim in Claim.objects.prefetch_related("sources")}
    assert claims.keys() == {row["key"] for row in ROWS}
    for row in ROWS:
        claim = claims[row["key"]]
        assert claim.sentence == row["sentence"]
        assert {source.key for source in claim.sources.all()} == set(row["sources"])
        assert claim.is_public is row.get("public", True)
        assert claim.checked_on
        assert claim.checked_by
        claim.full_clean()


@pytest.mark.parametrize("slug", sorted(CONDITIONS))
def test_every_condition_shows_its_claims(client: Client, slug: str) -> None:
    condition = Condition.objects.get(slug=slug)
    shown = Claim.objects.shown().filter(condition=condition).count()
    assert shown
    html = client.get(condition.get_absolute_url()).content.decode()
    assert html.count('<span class="claim">') == shown
    assert "[claim:" not in html


def test_every_sentence_passes_the_wording_check() -> None:
    found = [
        (text.name, finding.kind, finding.text)
        for text in texts()
        if text.name.startswith("claim/")
        for finding in check_text(text.text, therapy=text.therapy)
    ]
    assert found == []


def test_what_is_withdrawn_lapsed_or_replaced_is_there_for_staff_alone() -> None:
    hidden = Claim.objects.filter(is_public=False)
    statuses = {source.status for claim in hidden for source in claim.sources.all()}
    assert statuses == set(Source.Status.values) - {Source.Status.CURRENT}
    assert all(claim.note for claim in hidden)
    for claim in hidden:
        assert not claim.sources.current().exists()


def test_guidelines_speak_for_and_against() -> None:
    directions = set(Claim.objects.shown().values_list("direction", flat=True))
    assert directions >= {
        "recommends",
        "consider",
        "may-be-offered",
        "do-not-offer",
        "inconclusive",
    }
    against = Claim.objects.shown().filter(direction="do-not-offer")
    assert {claim.condition.slug for claim in against} == {
        "back-pain", "sciatica", "osteoarthritis",
    }  # fmt: skip


def test_pages_of_the_demonstration_leave_nothing_out() -> None:
    found = [
        (str(page), finding.reason, finding.words)
        for model in PAGE_KINDS
        for page in model.objects.all()
        for check in CHECKS
        for finding in check(Candidate(snapshots.read(page, snapshots.take(page))))
    ]
    assert found == []


def test_the_whole_site_has_no_error_and_no_warning() -> None:
    found = [
        (group.severity, owner.name, place, finding.text)
        for group in report()
        for owner in group.owners
        for place, _, finding in owner.findings
    ]
    assert found == []


def test_loading_again_changes_nothing() -> None:
    Claim.objects.filter(key=ROWS[0]["key"]).update(sentence="Edited by staff.")
    assert "claims" not in load_content(FOLDER)
    assert Claim.objects.get(key=ROWS[0]["key"]).sentence == "Edited by staff."


def test_table_has_every_public_claim(client: Client) -> None:
    found = client.get("/evidence/table.json").json()["claims"]
    assert len(found) == Claim.objects.shown().count()
    assert {row["condition"] for row in found} == set(
        Condition.objects.values_list("name", flat=True)
    )
