"""Red flags: how phrases are written, found, marked and weakened."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from enquiries.red_flags.matching import HELP, Match, Phrase, match, problem_of
from enquiries.red_flags.seed import seed
from scripts.red_flag_quality import phrases

DEMO = Path(__file__).resolve().parents[2] / "demo"
SADDLE = Phrase(
    key="saddle",
    words='numb* groin|genital*|bottom|buttock*|"between my legs"|saddle',
    level="emergency",
)
CHEST = Phrase(key="chest", words="chest pain*", level="emergency")
BREATH = Phrase(key="breath", words="breathless*", level="emergency")
PEE = Phrase(key="pee", words='"cannot pee"|"cannot wee"', level="emergency")
FEEL = Phrase(key="feel", words='"cannot feel"|"no feeling" legs', level="emergency")
CONTROL = Phrase(key="control", words="control bladder", level="emergency")
STROKE = Phrase(key="stroke", words='"had a stroke"', level="emergency")
NIGHT = Phrase(key="night", words='back "worse at night"', level="urgent", condition="back-pain")
NECK = Phrase(key="neck", words="neck fever*", level="urgent", condition="neck-pain")
EVERY = (SADDLE, CHEST, BREATH, PEE, FEEL, CONTROL, STROKE, NIGHT, NECK)
SEEDED = phrases()
LONG = 40_000


def marked(text: str, found: Match) -> list[str]:
    return [text[start:end] for start, end in found.spans]


def keys(text: str, condition: str = "") -> list[str]:
    return [each.phrase.key for each in match(text, EVERY, condition)]


def only(text: str) -> Match:
    (found,) = match(text, EVERY)
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My bottom has gone numb", ["bottom", "numb"]),
        ("NUMBNESS  between  my\nlegs", ["NUMBNESS", "between  my\nlegs"]),
        ("numbnes in between both the legs", None),
        ("ｎｕｍｂ ｂｏｔｔｏｍ", ["ｎｕｍｂ", "ｂｏｔｔｏｍ"]),
        ("😀 nu\u00admb… my Bottom", ["nu\u00admb", "Bottom"]),
        ("numb\u0301 bottom", ["numb\u0301", "bottom"]),
        ("i get chestpain", ["chestpain"]),
        ("chest pian", ["chest", "pian"]),
        ("so breathles", ["breathles"]),
        ("so braethless", ["braethless"]),
    ],
)
def test_the_words_that_matched_are_marked_where_they_stand_in_the_original(text, words):
    found = match(text, EVERY)
    if words is None:
        assert not found  # “both” says something: a phrase in quotes is fixed
    else:
        assert marked(text, found[0]) == words


@pytest.mark.parametrize(
    "text",
    [
        "I can't pee", "i cant pee", "I can’t pee", "I cannot pee", "I can not pee", "CAN NOT PEE",
        "unable to pee", "I am not able to pee", "haven't been able to pee", "I can hardly wee",
        "can no longer wee", "couldn't wee", "I can't even wee", "carnt wee", "I cant really pee",
    ],
)  # fmt: skip
def test_every_way_to_say_cannot_is_one_word(text):
    found = only(text)
    assert found.phrase is PEE
    assert not found.is_weakened


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no numbness between my legs", "said not to be there"),
        ("I don't have any chest pain", "said not to be there"),
        ("without fever, cough or chest pain", "said not to be there"),
        ("Chest pain: no", "said not to be there"),
        ("Chest pain? None.", "said not to be there"),
        ("I had a stroke ten years ago", "in the past"),
        ("Ten years ago, I had a stroke", "in the past"),
        ("had a stroke in 2019", "in the past"),
        ("last year I had a stroke", "in the past"),
        ("I used to get chest pain", "in the past"),
        ("I had chest pain when I was 20", "in the past"),
        ("history of chest pain", "in the past"),
        ("my mum had a stroke", "about somebody else"),
        ("my friend has a numb bottom", "about somebody else"),
    ],
)
def test_what_is_denied_past_or_somebody_elses_is_found_and_weakened(text, why):
    found = only(text)
    assert found.is_weakened
    assert found.why_weakened == why


@pytest.mark.parametrize(
    "text",
    [
        "not only back ache, I have chest pain",
        "I can't feel my legs",
        "no feeling in my legs",
        "I have no control of my bladder",
        "I don't have control of my bladder",
        "no injury but I have chest pain",
        "No fever. Chest pain though",
        "no fever, chest pain since noon",
        "I don't know why I get chest pain",
        "no idea what this chest pain is",
        "never had chest pain like this",
        "no fever and I have chest pain",
        "chest pain since last night",
        "yesterday I got chest pain",
        "chest pain two days ago",
        "chest pain last week",
        "chest pain started two years ago",
        "I had chest pain in 2019 and now it is back",
        "I had it years ago but now chest pain",
        "I have got used to the chest pain",
        "chest pain when I was walking upstairs",
        "Should I worry about chest pain?",
        "my husband says I have chest pain",
        "my mum has chest pain",
        "I haven't been to the doctor about my chest pain",
        "I didn't call anybody for my chest pain",
        "after surgery last year I am getting chest pain",
        "after surgery last year I have chest pain",
    ],
)
def test_in_doubt_a_mention_counts_in_full(text):
    assert not only(text).is_weakened


def test_a_mention_in_full_outweighs_one_that_is_weakened_and_is_the_one_marked():
    text = "No chest pain at first. Since this morning there is pain, it is in my chest."
    found = only(text)
    assert not found.is_weakened
    assert found.spans[-1] == (text.rindex("chest"), text.rindex("chest") + 5)


def test_the_strongest_come_first():
    text = "No chest pain. Neck and a fever, back worse at night, and my bottom is numb."
    assert keys(text) == ["saddle", "chest", "night", "neck"]
    assert keys(text, "neck-pain")[2:] == ["neck", "night"]


def test_the_chosen_condition_counts_as_said_for_its_own_phrases():
    assert keys("it is worse at night", "back-pain") == ["night"]
    assert keys("it is worse at night") == []
    assert keys("it is worse at night", "neck-pain") == []
    assert keys("my back is worse at night", "neck-pain") == ["night"]


def test_words_far_apart_do_not_match():
    assert (
        keys("My chest is fine. " + "I walk a lot in the hills with friends. " * 3 + "Pain") == []
    )


def test_short_words_and_other_words_are_not_taken_for_misspellings():
    assert keys("a numb button, and a chess pain") == []


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("", "at least one word"),
        ('numb "between my legs', "left open"),
        ("numb |", "both sides"),
        ("| numb", "both sides"),
        ("numb || groin", "both sides"),
        ("nu*mb", "at the end of a word"),
        ("nu*", "at least three letters"),
        ("*", "no letters"),
        ('numb ""', "nothing between"),
        ("numb the", "nearly every message"),
        ("numb " * 500, "shorten"),
    ],
)
def test_a_pattern_that_is_not_well_formed_is_explained(words, part):
    assert part in problem_of(words)
    assert match("numb all over", [Phrase(key="x", words=words, level="urgent")]) == []


def test_the_example_in_the_help_is_well_formed():
    example = HELP.partition("Example: ")[2].partition("\n")[0]
    assert example == SADDLE.words
    assert problem_of(example) == ""
    assert problem_of("numb* “between my legs”|can't") == ""


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from(["", "back-pain", "nowhere"]))
def test_no_text_raises_and_marks_stay_inside_it(text, condition):
    for found in match(text, SEEDED, condition):
        assert found.is_weakened == bool(found.why_weakened)
        assert all(0 <= start < end <= len(text) for start, end in found.spans)
        assert list(found.spans) == sorted(found.spans)


_SAID = "no not never numb groin chest pain can't . , but my mum had ago years or and \n ? 2019 in"


@settings(deadline=None)
@given(st.lists(st.sampled_from(_SAID.split(" ")), max_size=60))
def test_every_order_of_the_words_that_matter_finds_each_phrase_once(words):
    found = [each.phrase.key for each in match(" ".join(words), EVERY)]
    assert len(found) == len(set(found))


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_pattern_raises(words):
    problem = problem_of(words)
    match("numb between my legs", [Phrase(key="x", words=words, level="urgent")])
    assert problem == "" or problem.endswith(".")


@pytest.mark.parametrize(
    "piece",
    ["chest pain ", "no ", "between my ", "a", "'", "no, or ", "my mum had ", "\u0301", "l'"],
)
def test_a_very_long_message_is_read_to_its_end(piece: str) -> None:
    text = (piece * LONG)[:LONG] + ". I cannot feel my legs"
    found = match(text, [Phrase(key="x", words="cannot feel legs", level="urgent")])
    assert [text[start:end] for start, end in found[0].spans][-1] == "legs"


def test_the_seed_is_well_formed():
    rows = seed()
    assert len({row["key"] for row in rows}) == len(rows)
    slugs = {path.stem for path in (DEMO / "conditions").glob("*.md")}
    listed = yaml.safe_load((DEMO / "sources.yaml").read_text(encoding="utf-8"))
    sources = {source["key"] for source in listed}
    for row in rows:
        assert problem_of(row["words"]) == "", row["key"]
        assert row["level"] in {"emergency", "urgent"}
        assert row["condition"] in {"", *slugs}
        assert row["source"] in sources
        assert isinstance(row["awaiting_clinician"], bool)
        assert set(row) == {
            "key", "words", "level", "condition", "sign", "source", "awaiting_clinician",
        }  # fmt: skip


def test_each_sign_has_one_level_and_mark_on_a_condition():
    seen = {}
    for row in seed():
        said = (row["level"], row["source"], row["awaiting_clinician"])
        assert seen.setdefault((row["condition"], row["sign"]), said) == said
