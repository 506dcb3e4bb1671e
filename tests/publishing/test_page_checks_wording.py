"""Unfinished, unexplained, long and frightening words are found, and fair text is left alone."""

import pytest

from conditions.models import ConditionWarningSign
from publishing.page_checks.abbreviations import known_abbreviations, unexplained_abbreviations
from publishing.page_checks.frightening import frightening_words, rules
from publishing.page_checks.placeholders import words_to_replace
from publishing.page_checks.reading import hard_sections, reading_age
from publishing.page_checks.sentences import long_paragraphs, long_sentences
from tests.publishing.candidates import article, condition, places, words


@pytest.mark.parametrize(
    "left",
    [
        "TK", "TKTK", "lorem ipsum", "xxx", "XXXX", "TODO", "[insert price]", "[your name]",
        "<insert the date>", "{{ clinic_name }}", "FIXME",
    ],
)  # fmt: skip
def test_a_reminder_stops_the_page(left: str) -> None:
    candidate = article(f"Good words.\n\nIt costs {left} a visit.")
    assert places(words_to_replace, candidate) == [("error", "body", 3)]
    assert words(words_to_replace, candidate) == [left]


def test_to_be_confirmed_has_to_be_accepted() -> None:
    assert places(words_to_replace, article("Prices TBC.")) == [("warning", "body", 1)]


@pytest.mark.parametrize(
    "fair",
    [
        "Asha Example and Dev Placeholder work here.",
        "Todo es posible. A tktk is no word of ours.",
        "[Insert a needle](/treatments/dry-needling/) is a title.",
        "Use the next exit. Exxxxon is a name. TKs",
        "The sample page has an example of a placeholder.",
    ],
)
def test_names_and_ordinary_words_are_no_reminders(fair: str) -> None:
    assert places(words_to_replace, article(fair)) == []


def test_reminders_are_found_in_titles_questions_and_captions() -> None:
    candidate = article("Words.", title="TODO", faqs=[("TK?", "Yes, TK.")])
    assert places(words_to_replace, candidate) == [
        ("error", "title", None),
        ("error", "faq-1", None),
        ("error", "faq-1", 1),
    ]


def test_an_abbreviation_is_named_once_where_it_stands_first() -> None:
    candidate = article("Words.\n\nThe HCPC checks.\n\nThe HCPC again, and TENS.")
    assert places(unexplained_abbreviations, candidate) == [
        ("hint", "body", 3),
        ("hint", "body", 5),
    ]
    assert words(unexplained_abbreviations, candidate) == ["HCPC", "TENS"]


@pytest.mark.parametrize(
    "fair",
    [
        "The Health and Care Professions Council (HCPC) checks. The HCPC again.",
        "The HCPC again. HCPC (Health and Care Professions Council) checks.",
        "The HCPC checks.\n\n*[HCPC]: Health and Care Professions Council",
        "The HCPC is the Health and Care Professions Council.",
        "A TMD panel met. TMD is short for temporomandibular disorder, a name.",
        "The Health and Care Professions Council, or HCPC, checks.",
        "Your GP, the NHS, GPs in the UK, a TV, at 9 PM.",
        "The guideline NG59, table II, type IV, post code AN1 1AA, an X-ray and COVID-19.",
        "DO NOT STOP YOUR MEDICINE BEFORE YOU ASK.",
        "Do NOT stop. It weighs 5 kg at 10 MHz.",
        "[Read the guideline](https://NICE.ORG/ABC/)",
    ],
)
def test_explained_and_known_abbreviations_are_left_alone(fair: str) -> None:
    assert words(unexplained_abbreviations, article(fair)) == []


def test_an_abbreviation_may_be_explained_anywhere_on_the_page() -> None:
    sign = ConditionWarningSign(sign="you have had tuberculosis (TB)")
    candidate = condition(
        overview="NICE says so. Tell us about TB.",
        faqs=[("Who?", "The National Institute for Health and Care Excellence (NICE).")],
        warning_signs=[sign],
    )
    assert words(unexplained_abbreviations, candidate) == []


@pytest.mark.parametrize("short", ["MRI", "OA", "NICE"])
def test_words_of_the_trade_are_not_taken_for_known(short: str) -> None:
    assert short not in known_abbreviations()
    assert words(unexplained_abbreviations, article(f"{short} (see below) helps.")) == [short]


LONG = (
    "This is a sentence of ours that goes on and on for more than twenty words"
    " so that everybody tires of it."
)


def test_a_long_sentence_is_named_by_its_first_words() -> None:
    candidate = article(f"Short.\n\nShort. {LONG}")
    assert places(long_sentences, candidate) == [("hint", "body", 3)]
    assert words(long_sentences, candidate) == ["This is a sentence of ours that"]


def test_only_the_longest_sentences_of_a_section_are_named() -> None:
    text = "\n\n".join([LONG, LONG[:-1] + " us.", LONG[:-1] + " us all.", LONG])
    found = list(long_sentences(article(text)))
    assert [finding.line for finding in found] == [1, 3, 5]
    assert "4 long sentences" in found[0].reason


def test_a_long_paragraph_is_named_and_a_list_is_none() -> None:
    listed = "- One. Two. Three. Four."
    candidate = article(f"One. Two. Three. Four.\n\nOne. Two. Three.\n\n{listed}")
    assert places(long_paragraphs, candidate) == [("hint", "body", 1)]


def test_the_formula_gives_the_age_of_a_grade() -> None:
    # 100 words, 5 sentences, 150 syllables: 0.39 × 20 + 11.8 × 1.5 − 15.59 = grade 9.91
    assert reading_age(100, 5, 150) == pytest.approx(14.91)


HARD = (
    "Contraindications necessitate multidisciplinary consideration of pharmacological interactions."
    " Musculoskeletal rehabilitation incorporates individualised therapeutic exercise prescription."
)


def test_a_hard_section_names_its_two_hardest_sentences() -> None:
    easy = "We ask how you are. You tell us. We look at your back, and then we talk. "
    (found,) = hard_sections(condition(overview=easy * 5, causes=f"{easy}\n\n{HARD} " * 4))
    assert (found.level.value, found.field, found.line) == ("hint", "causes", 3)
    assert found.words.startswith("Contraindications necessitate")
    assert "“Contraindications" in found.reason or "“Musculoskeletal" in found.reason


def test_addresses_headings_and_citations_do_not_make_a_text_hard() -> None:
    easy = (
        "We ask how you are [@multidisciplinary-consideration]. You [tell](/pharmacological/) us."
    )
    heading = "## Musculoskeletal rehabilitation contraindications"
    text = "\n\n".join([heading, easy] * 10)
    assert list(hard_sections(article(text))) == []


def test_a_few_words_are_not_judged() -> None:
    assert list(hard_sections(article(HARD))) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("It is wear and tear.", "wear and tear"),
        ("It is wear-and-tear of the knee.", "wear-and-tear"),
        ("Your knee is bone on bone.", "bone on bone"),
        ("Your spine is CRUMBLING.", "CRUMBLING"),
        ("Degenerative changes are seen.", "Degenerative"),
        ("The joint is worn out.", "worn out"),
        ("A slipped\ndisc hurts.", "slipped\ndisc"),
        ("There is damage to your joints.", "damage to your joints"),
        ("Your pelvis is out of alignment.", "out of alignment"),
    ],
)
def test_a_frightening_word_is_found_with_a_kinder_one(said: str, found: str) -> None:
    (finding,) = frightening_words(article(f"Words.\n\n{said}"))
    assert (finding.words, finding.field, finding.line) == (found, "body", 3)
    assert finding.mend.startswith("Try: ")


@pytest.mark.parametrize(
    "fair",
    [
        "You may have been told it is “wear and tear”. It is not so simple.",
        'People say "bone on bone" for it.',
        "Some say ‘worn out’, and it isn’t.",
        "You may hear the words degenerative or crumbling.",
        "Another term, the word degeneration, frightens people.",
        "You have a damaged or replaced heart valve.",
        "Treatment slows joint damage in rheumatoid arthritis.",
        "Pain does not mean that there is tissue damage.",
        "Degenerative cervical myelopathy needs a hospital.",
        "Wear loose clothes. We tear open the packet.",
    ],
)
def test_a_word_told_or_a_medical_fact_is_left_alone(fair: str) -> None:
    assert words(frightening_words, article(fair)) == []


def test_the_other_names_of_a_condition_frighten_nobody() -> None:
    names = ["wear and tear", "slipped disc"]
    candidate = condition(
        also_known_as=names,
        overview="A slipped disc can hurt.",
        causes="It is wear and tear.",
    )
    assert words(frightening_words, candidate) == ["wear and tear"]


def test_frightening_words_are_found_in_questions_too() -> None:
    candidate = article("Words.", faqs=[("Is my spine crumbling?", "No.")])
    assert places(frightening_words, candidate) == [("warning", "faq-1", None)]


def test_every_rule_has_a_kinder_word_and_a_reason() -> None:
    for rule in rules():
        assert rule.terms
        assert rule.kinder
        assert rule.reason.endswith(".")
