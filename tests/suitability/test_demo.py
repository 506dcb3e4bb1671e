"""The demonstration's questions: loaded from their file, confirmed, in plain words, and linked."""

import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from evidence.wording_report import site_findings
from pages.content.files import ContentError, read_list
from pages.content.loading import load_content
from publishing.page_checks.prose import syllables
from publishing.page_checks.reading import reading_age
from suitability.models import Caution
from tests.demo import FOLDER, DemoRows
from tests.suitability.factories import ADDRESS, answered

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
FILE = "needling-cautions.yaml"


def test_every_entry_is_asked_and_confirmed_and_rests_on_sources(demo: DemoRows) -> None:
    entries = {row["key"] for row in read_list(FOLDER / FILE)}
    asked = Caution.objects.shown().prefetch_related("sources")
    assert {caution.key for caution in asked} == entries
    assert len(entries) >= 15
    assert not Caution.objects.to_confirm().exists()
    for caution in asked:
        assert [source.is_current for source in caution.sources.all()], caution.key
        caution.full_clean()
    assert {caution.if_yes for caution in asked} == set(Caution.Action)


def test_wording_check_finds_nothing_in_them(demo: DemoRows) -> None:
    found = [
        (text.name, finding.text)
        for text, finding in site_findings()
        if text.name.startswith("caution/")
    ]
    assert found == []


def test_words_are_easy_to_read(demo: DemoRows) -> None:
    """Read one after the other, as on the page: one long name alone would decide a sentence."""
    texts = [text for each in Caution.objects.all() for text in (each.question, each.advice)]
    words = " ".join(texts).split()
    sentences = sum(text.count(".") + text.count("?") for text in texts)
    assert reading_age(len(words), sentences, sum(map(syllables, words))) <= 12


@pytest.mark.parametrize("slug", ["dry-needling", "medical-acupuncture"])
def test_needling_treatments_lead_to_the_page(demo: DemoRows, client: Client, slug: str) -> None:
    page = BeautifulSoup(client.get(f"/treatments/{slug}/").content, "html.parser")
    links = page.select(f'main a[href="{ADDRESS}"]')
    assert [link.get_text(strip=True) for link in links] == ["Is needling suitable for me?"]


def test_all_answers_to_all_questions_get_a_page(demo: DemoRows, client: Client) -> None:
    for answer in ("yes", "no", "not-sure"):
        assert client.post(ADDRESS, answered(answer)).status_code == 200


def test_loading_again_leaves_what_staff_have_changed(demo: DemoRows) -> None:
    Caution.objects.filter(key="diabetes").update(question="Do you have sugar?")
    Caution.objects.filter(key="lungs").delete()
    assert load_content(FOLDER)["cautions on needling"] == 1
    assert Caution.objects.get(key="diabetes").question == "Do you have sugar?"
    assert Caution.objects.get(key="lungs").sources.exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("question: Do you have diabetes?", "question: Diabetes"),
        ("question: Do you have diabetes?", ""),
        ("key: diabetes\n", "key: diabetes\n  awaiting_clinician: perhaps\n"),
    ],
)
def test_wrong_entry_is_named(tmp_path: Path, demo: DemoRows, before: str, after: str) -> None:
    text = (FOLDER / FILE).read_text(encoding="utf-8")
    assert before in text
    shutil.copytree(FOLDER, tmp_path / "demo")
    (tmp_path / "demo" / FILE).write_text(text.replace(before, after), encoding="utf-8")
    Caution.objects.all().delete()
    with pytest.raises(ContentError, match=r"needling-cautions\.yaml, diabetes"):
        load_content(tmp_path / "demo")
    assert not Caution.objects.exists()
