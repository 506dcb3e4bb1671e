"""A claim placed by its key prints its sentence and references, and never misleads a reader."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from conditions.models import Condition
from evidence.citations import references
from evidence.models import Claim, Source
from evidence.page_checks import advice_left_out, sources_that_fell
from evidence.placed_claims import claims_used, expand_claims, kept_words, placed_keys
from publishing.checks import Candidate, Level, findings_in
from publishing.fields import validate_markdown
from publishing.markdown import mistakes, render, render_document
from publishing.snapshots import Draft
from tests.factories import (
    make_article,
    make_claim,
    make_condition,
    make_source,
    make_treatment,
)
from tests.publishing.markup import parse, text_of, trouble

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SENTENCE = "NICE advises the NHS not to offer acupuncture for low back pain."


def back(**fields: Any) -> Claim:
    return make_claim("back", sentence=SENTENCE, sources=[make_source("ng59")], **fields)


# --- in Markdown ----------------------------------------------------------------------------------


def test_claim_prints_its_sentence_with_its_reference_before_the_full_stop() -> None:
    back()
    html = render("[claim:back]")
    assert text_of(html) == "NICE advises the NHS not to offer acupuncture for low back pain [1]."
    assert trouble(html) == []


def test_numbers_are_shared_with_citations() -> None:
    one, two = make_source("one"), make_source("two")
    make_claim("both", sentence="Both say so.", sources=[one, two])
    document = render_document(
        {"a": "First [@two]. [claim:both]", "b": "[claim:BOTH] And [@one]."}, heading_level=3
    )
    assert text_of(document.parts["a"]) == "First [1]. Both say so [2] [1]."
    assert text_of(document.parts["b"]) == "Both say so [2] [1]. And [2]."
    assert references(document) == [two, one]
    ids = [each["id"] for each in parse(document.parts["a"]).select("sup[id]")]
    assert ids == ["citation-1", "citation-2"]


def test_sentence_without_a_full_stop_gets_none() -> None:
    make_claim("bare", sentence="Is it safe?", sources=[make_source()])
    assert text_of(render("[claim:bare]")) == "Is it safe? [1]"


@pytest.mark.parametrize(
    "sentence",
    [
        "*Not* bold & <b>no</b> mark-up [x](/y/).",
        "[@ng59] [claim:back]",
        "Кириллица и 中文.",
        "a" * 400,
    ],
)
def test_nothing_in_a_sentence_is_mark_up(sentence: str) -> None:
    make_claim("odd", sentence=sentence, sources=[make_source("ng59")])
    html = render("Words [claim:odd]")
    assert trouble(html) == []
    assert text_of(html).replace(" [1]", "") == f"Words {sentence}"


@pytest.mark.parametrize(
    "wrapped",
    ["**[claim:back]**", "- [claim:back]", "| a |\n|---|\n| [claim:back] |", "> [claim:back]"],
)
def test_claim_stands_wherever_text_does(wrapped: str) -> None:
    back()
    assert "not to offer acupuncture for low back pain [1]." in text_of(render(wrapped))


def test_claim_in_code_stays_code() -> None:
    back()
    assert text_of(render("Write `[claim:back]`.")) == "Write [claim:back]."


def test_claims_take_one_query_and_citations_another(django_assert_num_queries: Any) -> None:
    for number in range(4):
        make_claim(f"c{number}", sources=[make_source(), make_source()])
    make_source("other")
    placed = " ".join(f"[claim:c{number}]" for number in range(4))
    glossary = 1
    with django_assert_num_queries(1 + glossary):
        render_document({"a": placed, "b": placed}, heading_level=2)
    with django_assert_num_queries(2 + glossary):
        render_document({"a": placed, "b": f"{placed} [@other]"}, heading_level=2)
    with django_assert_num_queries(glossary):
        render("Nothing of the kind [claim] [claim:] claim:c1.")
        assert mistakes("Nothing.") == []


# --- what is refused, and what is left out --------------------------------------------------------


def test_unknown_and_hidden_claims_are_mistakes_with_their_lines() -> None:
    back()
    make_claim("draft", is_public=False)
    make_claim("fallen", sources=[make_source(status="withdrawn")])
    text = "[claim:back]\n\n[claim:nowhere]\n\n- [claim:draft]\n- [claim:fallen] [claim:DRAFT]"
    assert [each.line for each in mistakes(text)] == [3, 5, 6, 6]
    words = [each.message for each in mistakes(text)]
    assert "no claim with the key “nowhere”" in words[0]
    assert "not public" in words[1]
    assert "no current source left" in words[2]
    with pytest.raises(ValidationError, match="Line 3"):
        validate_markdown(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[claim:gone]", ""),
        ("- [claim:gone]", ""),
        ("Before. [claim:gone] After.", "Before. After."),
        ("- [claim:gone]\n- kept", "kept"),
        ("> **[claim:gone]**\n\nAfter.", "After."),
        ("*[claim:gone]* tail [claim:gone]", "tail"),
        ("One.\n\n[claim:gone]\n\n[claim:none] Two.", "One. Two."),
    ],
)
def test_claim_withdrawn_since_leaves_nothing_to_misread(text: str, left: str) -> None:
    make_claim("gone", is_public=False)
    html = render(text)
    assert text_of(html) == left
    assert "claim" not in html
    assert not [each for each in parse(html).select("p, li, ul, em") if not each.get_text().strip()]


def test_claim_withdrawn_while_a_draft_uses_it_is_an_error_of_the_page() -> None:
    claim = back()
    page = make_article(body="Words.\n\n[claim:back]")
    candidate = Candidate(Draft(page))
    assert not [each for each in findings_in(candidate) if "claim" in each.reason.lower()]
    Claim.objects.filter(pk=claim.pk).update(is_public=False)
    found = [each for each in findings_in(candidate) if "claim" in each.reason.lower()]
    assert [(each.level, each.field, each.line) for each in found] == [(Level.ERROR, "body", 3)]


@pytest.mark.parametrize(
    "odd",
    [
        "[claim:" + "a" * 61 + "]", "[claim:]", "[claim: back]", "[claim:bаck]", "[claim:back",
        "\\[claim:back]", "[Claim:back]",
    ],
)  # fmt: skip
def test_what_is_no_claim_stays_text(odd: str) -> None:
    back()
    assert "acupuncture" not in render(f"Words {odd} words")
    assert mistakes(f"Words {odd} words") == []


def test_a_megabyte_is_refused_in_a_moment_and_places_nothing() -> None:
    back()
    text = "[claim:back] " * 80_000
    assert [each.line for each in mistakes(text)] == [1]
    assert len(placed_keys([text])) == 1
    assert len(expand_claims("[claim:" * 150_000)) == 7 * 150_000


@given(text=st.text(alphabet="[]claim:bk@ng59*_`>-| \n\\аβ中", max_size=200))
def test_no_text_breaks_the_page_or_the_expansion(text: str) -> None:
    # No claim or source is there, so whatever is placed leads nowhere.
    assert trouble(render(text)) == []
    assert expand_claims(text).count("\n") == text.count("\n")


# --- for those who read texts, and for old versions -----------------------------------------------


def test_expansion_shows_the_words_with_their_citation_on_the_same_line(
    django_assert_num_queries: Any,
) -> None:
    back()
    make_claim("draft", is_public=False)
    text = "One.\n\n- [claim:BACK] Two [claim:draft][claim:none]."
    with django_assert_num_queries(1):
        expanded = expand_claims(text)
    assert expanded == f"One.\n\n- {SENTENCE[:-1]} [@ng59]. Two ."
    with django_assert_num_queries(0):
        assert expand_claims("None at all [@ng59].") == "None at all [@ng59]."


def test_old_version_keeps_the_words_it_had() -> None:
    claim = back()
    kept = claims_used(["Words [claim:back]", "[claim:none]"])
    assert kept == {"back": SENTENCE}
    Claim.objects.filter(pk=claim.pk).update(sentence="New words.", is_public=False)
    with kept_words(kept):
        assert text_of(render("[claim:back]")).endswith("acupuncture for low back pain [1].")
    claim.sources.clear()
    claim.delete()
    with kept_words(kept):
        assert text_of(render("[claim:back]")) == SENTENCE
    assert text_of(render("[claim:back]")) == ""


# --- the condition's page -------------------------------------------------------------------------


def read(client: Client, page: Any) -> BeautifulSoup:
    response = client.get(page.get_absolute_url())
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_condition_shows_its_claims_for_and_against_guidelines_first(client: Client) -> None:
    condition = make_condition(evidence="An introduction [@intro].", session="After [@study].")
    make_source("intro")
    study = make_source("study", kind="randomised-trial")
    make_claim("for", condition=condition, sentence="A trial is for it.", sources=[study],
               checked_on=date(2026, 10, 1))  # fmt: skip
    make_claim("against", condition=condition, sentence="NICE is against it.",
               sources=[make_source("ng59")], direction="do-not-offer",
               checked_on=date(2026, 9, 2))  # fmt: skip
    make_claim("draft", condition=condition, sentence="A draft.", is_public=False)
    make_claim("fallen", condition=condition, sentence="A fallen one.",
               sources=[make_source(status="lapsed")])  # fmt: skip
    make_claim("other", sentence="Another condition.")
    soup = read(client, condition)
    section = soup.select_one("#evidence").parent  # type: ignore[union-attr]
    assert "An introduction [1]." in text_of(str(section))
    assert [text_of(str(item)) for item in section.select("li")] == [  # type: ignore[union-attr]
        "NICE is against it [2]. Checked on 2 September 2026.",
        "A trial is for it [3]. Checked on 1 October 2026.",
    ]
    # One numbering for the whole page, in reading order.
    after = soup.select_one("#session").parent  # type: ignore[union-attr]
    assert "After [3]." in text_of(str(after))
    assert len(soup.select("[id^=reference-]")) == 3
    targets = {each["id"] for each in soup.find_all(id=True)}
    assert all(str(link["href"])[1:] in targets for link in soup.select("a[href^='#']"))


@pytest.mark.parametrize(("words", "claims"), [("", 1), ("Words.", 0), ("", 0)])
def test_section_is_there_if_it_has_words_or_claims(
    client: Client, words: str, claims: int
) -> None:
    condition = make_condition(evidence=words, causes="Why.", session="How.")
    for _ in range(claims):
        make_claim(condition=condition)
    soup = read(client, condition)
    anchors = [each["id"] for each in soup.select(".columns__main h2[id]")]
    expected = bool(words or claims)
    assert ("evidence" in anchors) is expected
    assert bool(soup.select("nav.contents a[href='#evidence']")) is expected
    if expected:
        assert anchors.index("causes") < anchors.index("evidence") < anchors.index("session")
    assert bool(soup.select(".claims li")) is bool(claims)


def test_many_claims_are_all_shown_with_a_constant_number_of_queries(
    client: Client, django_assert_num_queries: Any
) -> None:
    condition, counts = make_condition(), []
    for number in (1, 249):
        for _ in range(number):
            make_claim(condition=condition, sources=[make_source()])
        with django_assert_num_queries(100, exact=False) as queries:
            soup = read(client, condition)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(soup.select(".claims li")) == 250
    assert "[claim:" not in soup.get_text()


def test_texts_of_a_condition_hold_claims_only_for_its_view() -> None:
    condition = make_condition(evidence="Words.")
    make_claim(condition=condition)
    assert list(condition.body_texts()) == ["overview", "evidence"]
    assert "[claim:" in condition.claims_text()


# --- checks of a page -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("It works [@old].", [1]),
        ("It was replaced [@old].", []),
        ("Fine [@new].\n\nOne.\nTwo [@old].\n\nThis has since lapsed.", [3]),
        ("Fine [@new].", []),
        ("No source.", []),
    ],
)
def test_citing_what_no_longer_stands_without_saying_so_is_a_warning(
    text: str, lines: list[int]
) -> None:
    make_source("new")
    make_source("old", status="lapsed")
    page = make_article(body=text)
    found = list(sources_that_fell(Candidate(Draft(page))))
    assert [(each.level, each.line) for each in found] == [(Level.WARNING, n) for n in lines]


def advised_against() -> tuple[Condition, Any, Claim, Source]:
    source = make_source("ng59")
    condition = make_condition(name="Back pain", also_known_as=["lumbago"])
    treatment = make_treatment(name="Medical acupuncture", also_known_as=["acupuncture"])
    claim = make_claim(
        "against", condition=condition, treatment=treatment, sources=[source],
        direction="do-not-offer", sentence=SENTENCE,
    )  # fmt: skip
    return condition, treatment, claim, source


def left_out(page: Any, **many: list[Any]) -> list[Any]:
    return list(advice_left_out(Candidate(Draft(page, many=many))))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Acupuncture relieves back pain.", 1),
        ("Acupuncture may ease lumbago. Acupuncture helps back pain.", 1),
        ("Acupuncture relieves back pain.\n\n[claim:against]", 0),
        ("Acupuncture relieves back pain. NICE says no [@ng59].", 0),
        ("Acupuncture does not relieve back pain.", 0),
        ("Does acupuncture help back pain?", 0),
        ("Exercise helps back pain.", 0),
        ("Acupuncture is a treatment with needles.", 0),
    ],
)
def test_page_that_leaves_advice_out_is_warned_once(text: str, count: int) -> None:
    condition, treatment, _, _ = advised_against()
    page = make_article(body=text)
    found = left_out(page, conditions=[condition], treatments=[treatment])
    assert [each.level for each in found] == [Level.WARNING] * count
    assert all(SENTENCE in each.reason and "[claim:against]" in each.mend for each in found)


def test_advice_is_asked_for_on_the_pages_of_the_condition_and_of_the_treatment() -> None:
    condition, treatment, _, _ = advised_against()
    condition.how_we_help = "Acupuncture eases the pain."
    treatment.what_it_is = "It relieves back pain."
    assert len(left_out(condition)) == 1
    assert len(left_out(treatment)) == 1
    treatment.what_it_is = "It relieves headaches."
    assert left_out(treatment) == []


@pytest.mark.parametrize(
    "change",
    [{"direction": "consider"}, {"is_public": False}, {"sources": "review"}],
)
def test_only_public_guidelines_against_it_are_asked_for(change: dict[str, Any]) -> None:
    condition, _, claim, source = advised_against()
    if "sources" in change:
        Source.objects.filter(pk=source.pk).update(kind="systematic-review")
    else:
        Claim.objects.filter(pk=claim.pk).update(**change)
    condition.how_we_help = "Acupuncture eases the pain."
    assert left_out(condition) == []


def test_page_about_several_conditions_has_to_name_the_one() -> None:
    condition, treatment, _, _ = advised_against()
    page = make_article(body="Acupuncture relieves headaches.")
    both = [condition, make_condition(name="Headaches")]
    assert left_out(page, conditions=both, treatments=[treatment]) == []


def test_page_about_nothing_in_particular_asks_no_database(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    page = make_article(body="Acupuncture relieves back pain.")
    with django_assert_num_queries(0):
        assert left_out(page) == []
