"""What versions keep of claims, and what a page's status says of evidence that changed."""

from collections.abc import Callable

import pytest
from django.test import Client

from evidence.change_once import source_changed
from evidence.models import Claim, Source
from publishing import attention
from publishing.checks import findings_on
from publishing.workflow import latest_version
from tests.factories import (
    make_article,
    make_claim,
    make_clinic,
    make_condition,
    make_review,
    make_source,
    make_version,
)

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]
OLD, NEW = "NICE says nothing of needles", "NICE advises against needles"


def text_at(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_old_version_keeps_the_words_it_had_and_readers_see_the_new_ones(
    staff: Staff, client: Client
) -> None:
    make_clinic()
    claim = make_claim("needles", sentence=OLD)
    page = make_article(body="[claim:needles]")
    assert latest_version(page).kept == {"claims": {"needles": OLD}}
    Claim.objects.filter(pk=claim.pk).update(sentence=NEW)
    make_version(page, summary="A second version.")

    base = f"/admin/articles/article/{page.pk}/versions"
    author = staff("Author")
    first = text_at(author, f"{base}/1/preview/")
    assert OLD in first
    assert NEW not in first
    assert OLD in text_at(author, f"{base}/1/")
    assert NEW in text_at(author, f"{base}/2/preview/")
    assert NEW in text_at(client, page.get_absolute_url())


def test_condition_keeps_the_claims_that_it_shows() -> None:
    condition = make_condition()
    make_claim("exercise", condition=condition, sentence=OLD)
    assert latest_version(condition).kept == {"claims": {"exercise": OLD}}


def test_page_without_claims_keeps_nothing() -> None:
    assert latest_version(make_article()).kept == {}


def test_status_says_that_evidence_changed_until_a_review(staff: Staff) -> None:
    make_clinic()
    source = make_source("ng59")
    page = make_article(body="It says so [@ng59].")
    latest_version(page)
    assert attention.reasons(page) == []
    source.status = Source.Status.WITHDRAWN
    source.save()
    source_changed(source, before=Source.Status.CURRENT)
    (reason,) = attention.reasons(page)
    assert "ng59" in reason
    status = f"/admin/articles/article/{page.pk}/status/"
    assert "Needs a clinical review" in text_at(staff("Editor"), status)
    make_review(page)
    assert attention.reasons(page) == []


def test_wording_check_reads_the_sentence_of_a_claim() -> None:
    make_claim("cure", sentence="Acupuncture cures arthritis.")
    page = make_article(body="First.\n\n[claim:cure]")
    found = [each for each in findings_on(page, latest_version(page)) if "cures" in each.words]
    assert [(each.field, each.line) for each in found] == [("body", 3)]
