"""The page of the glossary: terms from A to Z, what they mean, who checked them."""

from string import ascii_uppercase

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.exceptions import ValidationError
from django.test import Client

from evidence.models import GlossaryTerm
from evidence.wording_report import site_findings
from pages.content.files import ContentError, read_list
from pages.content.loading import load_content
from publishing.page_checks.prose import syllables
from publishing.page_checks.reading import reading_age
from tests.demo import FOLDER, DemoRows
from tests.factories import (
    make_glossary_term,
    make_information_page,
    make_practitioner,
    make_source,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def glossary(client: Client) -> BeautifulSoup:
    response = client.get("/glossary/")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


def entry(soup: BeautifulSoup, slug: str) -> str:
    """Return what stands below a term."""
    term = soup.find("dt", id=f"term-{slug}")
    assert isinstance(term, Tag)
    return words(term.find_next_sibling("dd"))


def test_terms_stand_under_their_letters_in_order_whatever_their_case(client: Client) -> None:
    for term in ("trial", "Cochrane", "chronic", "4 point scale"):
        make_glossary_term(term)
    found = {
        words(box.h3): [words(each) for each in box.select("dt")]
        for box in glossary(client).select(".letter")
    }
    assert found == {"C": ["chronic", "Cochrane"], "T": ["trial"], "#": ["4 point scale"]}


def test_letters_without_terms_are_plain_text(client: Client) -> None:
    make_glossary_term("trial")
    soup = glossary(client)
    items = soup.select('nav[aria-label="A to Z Navigation"] li')
    assert [words(item) for item in items] == list(ascii_uppercase)
    assert [words(item) for item in items if item.find("a")] == ["T"]
    assert soup.select_one("#letter-t") is not None


def test_entry_says_all_there_is_to_it(client: Client) -> None:
    person = make_practitioner(name="Ash Example")
    source = make_source(title="The word book")
    make_glossary_term(
        "trial", other_forms=["trials", "RCT"], definition="A study.", checked_by=person,
        sources=[source],
    )  # fmt: skip
    said = entry(glossary(client), "trial")
    for part in ("A study.", "Also: trials, RCT.", "The word book"):
        assert part in said
    assert "Checked on 2 June 2026 by Ash Example." in said
    assert "Awaiting" not in said


@pytest.mark.parametrize(
    "fields", [{"awaiting_clinician": True}, {"checked_on": None}, {"checked_by": None}]
)
def test_entry_that_no_clinician_stands_behind_says_so(
    client: Client, fields: dict[str, object]
) -> None:
    make_glossary_term("trial", **fields)
    said = entry(glossary(client), "trial")
    assert "Awaiting a clinician’s confirmation." in said
    assert "Checked on" not in said


def test_hidden_terms_are_not_there(client: Client) -> None:
    make_glossary_term("trial", is_shown=False)
    soup = glossary(client)
    assert soup.find(id="term-trial") is None
    assert "no terms here yet" in words(soup.main)
    assert soup.select(".az") == []


def test_definition_is_words_and_never_markup(client: Client) -> None:
    make_glossary_term("trial", definition="<b>Bold</b> & more.")
    assert "<b>Bold</b> & more." in entry(glossary(client), "trial")


def test_foot_of_every_page_leads_to_it(client: Client) -> None:
    make_information_page()
    soup = BeautifulSoup(client.get("/").content, "html.parser")
    assert soup.select('footer nav a[href="/glossary/"]')


def test_no_page_takes_its_address() -> None:
    with pytest.raises(ValidationError, match="uses /glossary/ itself"):
        make_information_page(slug="glossary").full_clean()


# --- the demonstration ----------------------------------------------------------------------------


def test_every_word_of_the_demonstration_awaits_a_clinician(demo: DemoRows) -> None:
    terms = list(GlossaryTerm.objects.shown())
    assert {term.slug for term in terms} == {row["slug"] for row in read_list(FOLDER / FILE)}
    assert len(terms) >= 25
    assert not any(term.is_confirmed for term in terms)
    for term in terms:
        term.full_clean()


FILE = "glossary.yaml"


def test_every_linked_word_of_the_demonstration_is_used_on_a_page(
    demo: DemoRows, client: Client
) -> None:
    sitewide = "".join(
        client.get(f"/{path.parent.name}/{path.stem}/".replace("/pages/", "/")).content.decode()
        for kind in ("conditions", "articles", "treatments", "pages")
        for path in (FOLDER / kind).glob("*.md")
    )
    unused = [
        term.slug
        for term in GlossaryTerm.objects.linked()
        if f'href="/glossary/#{term.anchor}"' not in sitewide
    ]
    assert unused == []


def test_wording_check_finds_nothing_in_the_demonstrations_definitions(demo: DemoRows) -> None:
    found = [
        (text.name, finding.text)
        for text, finding in site_findings()
        if text.name.startswith("glossary/")
    ]
    assert found == []


def test_definitions_of_the_demonstration_are_easy_to_read(demo: DemoRows) -> None:
    text = " ".join(term.definition for term in GlossaryTerm.objects.all())
    sentences = text.count(".") + text.count("?")
    assert reading_age(len(text.split()), sentences, sum(map(syllables, text.split()))) <= 11


def test_loading_again_leaves_what_staff_wrote(tmp_path, db: None) -> None:
    (tmp_path / FILE).write_text("- {slug: trial, term: trial, definition: A study.}\n")
    assert load_content(tmp_path)["glossary terms"] == 1
    GlossaryTerm.objects.update(definition="Our own words.")
    assert load_content(tmp_path)["glossary terms"] == 0
    assert GlossaryTerm.objects.get().definition == "Our own words."


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{slug: trial, term: trial, definition: No end}", "full stop"),
        ("{slug: trial, term: trial, definition: A study., sources: [none-such]}", "none-such"),
        ("{slug: trial, term: trial, definition: A study., checked_by: nobody}", "nobody"),
        ("{term: trial, definition: A study.}", "slug is missing"),
    ],
)
def test_wrong_entry_is_named_with_its_file(tmp_path, line: str, told: str) -> None:
    (tmp_path / FILE).write_text(f"- {line}\n")
    with pytest.raises(ContentError, match=rf"glossary.yaml.*{told}"):
        load_content(tmp_path)
    assert not GlossaryTerm.objects.exists()
