"""The demonstration's files hold what the issue asks for, and all of it reaches the site."""

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles.models import Article, Category
from clinic.models import Clinic
from conditions.models import Condition, ConditionWarningSign
from evidence.citations import cited_keys
from evidence.models import Source, WarningSign
from pages.content.files import read_folder
from pages.models import InformationPage
from practitioners.models import Practitioner
from publishing.models import Page
from tests.demo import FOLDER, TODAY, DemoRows
from tests.site.test_every_page import CONDITIONS, INFORMATION, TREATMENTS
from treatments.models import Treatment, TreatmentWarningSign

pytestmark = [pytest.mark.any_database, pytest.mark.whole]

PAGE_KINDS = (Article, Condition, InformationPage, Treatment)
FICTIONAL = re.compile(r"(?:Example|Sample|Specimen|Demo|Placeholder)$")


@pytest.fixture(autouse=True)
def loaded(demo: DemoRows) -> None:
    """Every test here looks at the demonstration."""


def all_pages() -> list[Page]:
    return [page for kind in PAGE_KINDS for page in kind.objects.all()]


def slugs(model: type[Page]) -> set[str]:
    return set(model.objects.published().values_list("slug", flat=True))


def test_the_twelve_conditions_are_there() -> None:
    assert slugs(Condition) == CONDITIONS


def test_the_six_treatments_are_there() -> None:
    assert slugs(Treatment) == TREATMENTS


def test_the_information_pages_are_there() -> None:
    assert slugs(InformationPage) >= INFORMATION


def test_every_file_became_a_public_page() -> None:
    for folder, model in (
        ("articles", Article), ("conditions", Condition), ("pages", InformationPage),
        ("treatments", Treatment),
    ):  # fmt: skip
        assert slugs(model) == {file.slug for file in read_folder(FOLDER / folder)}
    listed = set(Practitioner.objects.listed().values_list("slug", flat=True))
    assert listed == {file.slug for file in read_folder(FOLDER / "practitioners")}


def test_there_are_twelve_articles_in_four_categories() -> None:
    assert Article.objects.published().count() >= 12
    used = Category.objects.filter(articles__in=Article.objects.published()).distinct()
    assert used.count() >= 4


@pytest.mark.parametrize("slug", sorted(file.slug for file in read_folder(FOLDER / "articles")))
def test_articles_have_500_to_1200_words(client: Client, slug: str) -> None:
    soup = BeautifulSoup(client.get(f"/articles/{slug}/").content, "html.parser")
    body = soup.select_one(".columns__main > .prose")
    assert body is not None
    words = len(body.get_text(" ").split())
    assert 500 <= words <= 1200


def test_six_fictional_people_of_four_professions() -> None:
    people = list(Practitioner.objects.listed())
    assert len(people) == 6
    professions = {
        re.split(r" and |,", person.professional_title)[0].strip().lower() for person in people
    }
    assert len(professions) >= 4
    for person in people:
        assert FICTIONAL.search(person.name), person.name
        for registration in person.registrations.all():
            assert set(re.sub(r"[^\d]", "", registration.number)) <= {"0"}, person.name


@pytest.mark.parametrize("slug", sorted(CONDITIONS))
def test_conditions_are_complete_in_every_section(slug: str) -> None:
    condition = Condition.objects.get(slug=slug)
    texts = condition.body_texts()
    assert [section.heading for section in Condition.SECTIONS if section.field not in texts] == []
    assert condition.faqs.count() >= 1
    assert condition.body_regions.exists()
    levels = set(condition.warning_signs.values_list("level", flat=True))
    assert levels == set(WarningSign.Level.values)


@pytest.mark.parametrize("slug", sorted(TREATMENTS))
def test_treatments_are_complete(slug: str) -> None:
    treatment = Treatment.objects.get(slug=slug)
    needed = {"what_it_is", "what_happens", "side_effects", "not_suitable", "course_length",
              "evidence"}  # fmt: skip
    assert needed <= treatment.body_texts().keys()
    assert treatment.prices.exists()
    assert treatment.practitioners.listed().exists()


def test_needling_treatments_say_how_they_differ() -> None:
    for slug in ("medical-acupuncture", "dry-needling"):
        assert Treatment.objects.get(slug=slug).differences


def test_every_cited_source_exists() -> None:
    texts = [text for page in all_pages() for text in page.body_texts().values()]
    with_questions = [page for page in all_pages() if hasattr(page, "faqs")]
    texts += [faq.answer for page in with_questions for faq in page.faqs.all()]
    cited = cited_keys(texts)
    assert len(cited) > 20
    assert cited - set(Source.objects.values_list("key", flat=True)) == set()


def test_no_page_shows_that_a_source_or_a_picture_is_missing(client: Client) -> None:
    for page in all_pages():
        content = client.get(page.get_absolute_url()).content.decode()
        assert "[source needed]" not in content, page
        assert "Picture missing" not in content, page
        assert "[@" not in content, page


def test_every_confirmed_warning_sign_names_a_source() -> None:
    for model in (ConditionWarningSign, TreatmentWarningSign):
        assert list(model.objects.filter(sources=None, awaiting_clinician=False)) == []


def test_warning_signs_complete_the_sentence_of_their_card() -> None:
    for model in (ConditionWarningSign, TreatmentWarningSign):
        for sign in model.objects.all():
            assert not sign.sign.endswith("."), sign
            assert sign.sign[0].islower() or sign.sign.split()[0].isupper(), sign


def test_every_article_has_a_picture_that_is_described_and_captioned() -> None:
    for article in Article.objects.all():
        assert article.lead_image, article
        assert article.lead_image_alt_text, article
        assert article.lead_image_caption, article


def test_everything_passes_the_checks_of_the_admin() -> None:
    for page in all_pages():
        page.full_clean()
    for person in Practitioner.objects.all():
        person.full_clean()
        for part in (*person.registrations.all(), *person.memberships.all()):
            part.full_clean()
    Clinic.current().full_clean()


def test_clinical_pages_are_reviewed_by_somebody_other_than_their_author() -> None:
    for page in [*Condition.objects.all(), *Treatment.objects.all(), *Article.objects.all()]:
        assert page.author, page
        assert page.reviewed_by, page
        assert page.author != page.reviewed_by, page
        assert page.reviewed_on <= TODAY.date() < page.next_review_due, page


def test_clinic_is_open_on_weekdays_and_closed_on_bank_holidays() -> None:
    clinic = Clinic.current()
    assert clinic.is_demonstration
    assert {row.weekday for row in clinic.opening_hours.all()} >= {0, 1, 2, 3, 4}
    assert date(2026, 12, 25) in clinic.calendar().closed


def test_awaiting_signs_are_shown_to_readers_all_the_same(client: Client) -> None:
    awaiting = ConditionWarningSign.objects.filter(awaiting_clinician=True)
    assert awaiting
    for sign in awaiting:
        soup = BeautifulSoup(client.get(sign.condition.get_absolute_url()).content, "html.parser")
        shown = [item.get_text(strip=True) for item in soup.select(f".care-card--{sign.level} li")]
        assert sign.sign in shown
    for treatment_sign in TreatmentWarningSign.objects.filter(awaiting_clinician=True):
        content = client.get(treatment_sign.treatment.get_absolute_url()).content.decode()
        assert treatment_sign.sign in content
