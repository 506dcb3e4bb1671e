"""Whoever checks a page is told of wording that advertising rules do not allow."""

import io

import pytest
from django.core.management import call_command

from articles.models import Article, ArticleFAQ
from evidence.wording_sources import texts
from pages.models import InformationPage
from pages.wording_sources import wording_of
from publishing.checks import Candidate, Finding, Level
from publishing.models import Image
from publishing.snapshots import Draft
from tests.demo import DemoRows
from treatments.models import Treatment

# The clinic's own rules are rows.
pytestmark = pytest.mark.django_db

BREACH = "NICE recommends acupuncture for low back pain, it is proven and completely safe."
FAIR = "Side effects are usually mild. Tell us what worries you."


def found_in(body: str) -> list[Finding]:
    """Return what is found on an information page with the text. The page is not saved."""
    page = InformationPage(title="Our needles", summary="What we do.", body=body)
    return list(wording_of(Candidate(Draft(page))))


def test_three_breaches_in_one_sentence_are_named_with_a_better_one() -> None:
    found = found_in(f"Words.\n\n{BREACH}")
    assert [(each.level, each.field, each.line) for each in found] == [(Level.ERROR, "body", 3)] * 3
    text = " ".join(each.words for each in found)
    for words in ("NICE recommends", "proven", "completely safe"):
        assert words in text
    assert all(each.reason and each.mend for each in found)


def test_a_fair_text_gets_no_warning_and_no_praise() -> None:
    assert found_in(FAIR) == []


def test_the_words_of_the_draft_are_looked_at_wherever_they_stand() -> None:
    page = Article(
        title="We cure back pain",
        summary="We cure back pain.",
        meta_description="We cure back pain.",
        lead_image=Image(pk=1, title="A couch"),
        lead_image_alt="A hand that cures back pain.",
        lead_image_caption="Acupuncture cures back pain.",
        body=FAIR,
    )
    faqs = [
        ArticleFAQ(question="Is it far?", answer=FAIR),
        ArticleFAQ(question="Does it work?", answer=f"Words.\n\n{BREACH}"),
    ]
    found = list(wording_of(Candidate(Draft(page, parts={"faqs": faqs}))))
    places = {(each.field, each.line) for each in found}
    assert {
        ("title", None),
        ("summary", None),
        ("meta_description", None),
        ("lead_image_caption", None),
        ("faq-2", 3),
    } <= places
    assert not {field for field, _ in places} & {"body", "faq-1"}


def test_a_breach_in_a_question_has_the_field_of_its_answer_and_no_line() -> None:
    page = Article(title="Questions", summary="What people ask.")
    faqs = [ArticleFAQ(question="Is it completely safe? It is completely safe.", answer=FAIR)]
    found = list(wording_of(Candidate(Draft(page, parts={"faqs": faqs}))))
    assert {(each.field, each.line) for each in found} == {("faq-1", None)}


def test_a_treatment_s_page_is_read_as_being_about_its_therapy() -> None:
    page = Treatment(name="Dry needling", slug="dry-needling", what_it_is="It is proven to work.")
    assert {each.field for each in wording_of(Candidate(Draft(page)))} == {"what_it_is"}


def test_an_empty_page_has_nothing_to_find() -> None:
    assert found_in("") == []
    assert list(wording_of(Candidate(Draft(Article())))) == []


def test_the_whole_demonstration_passes_the_check(demo: DemoRows) -> None:
    names = [text.name for text in texts()]
    for kind in ("condition/", "treatment/", "article/", "informationpage/", "practitioner/"):
        assert any(name.startswith(kind) for name in names)
    printed = io.StringIO()
    call_command("check_claims", stdout=printed)
    assert " error " not in printed.getvalue()
