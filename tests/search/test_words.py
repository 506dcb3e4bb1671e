"""What counts as the same word."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from search.words import LONGEST_WORD, plain, stem, stems, words_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("headache", "headaches"),
        ("stretch", "stretches"),
        ("therapy", "therapies"),
        ("anaesthetic", "anesthetics"),
        ("oedema", "edema"),
        ("diarrhoea", "diarrhea"),
        ("specialise", "specializes"),
        ("mobilisation", "mobilization"),
        ("colour", "colors"),
        ("centre", "center"),
        ("disc", "disks"),
        ("foot", "feet"),
        ("gardener’s", "gardener's"),
        ("gardeners", "gardener's"),
        ("Ménière’s", "menieres"),
        ("CRÈME", "creme"),
        ("tumour", "tumors"),
        ("hurting", "hurts"),
        ("aching", "ache"),
    ],
)
def test_forms_of_a_word_are_one_word(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("back", "neck"), ("four", "for"), ("hour", "whore"), ("hip", "hop"), ("nerve", "nervous")],
)
def test_other_words_stay_others(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_words_are_found_where_they_stand() -> None:
    text = "Don’t ‘rest’ – it’s   the gardener's!"
    assert [text[word.start : word.end] for word in words_in(text)] == [
        "Don’t", "rest", "it’s", "the", "gardener's",
    ]  # fmt: skip
    assert [word.plain for word in words_in(text)] == ["dont", "rest", "it", "the", "gardener"]
    assert [word.is_stop_word for word in words_in(text)] == [True, False, True, True, False]


@pytest.mark.parametrize("text", ["", " ", "???", "\x00\x07", "🦴🦴", "'", "_ _", "\ud800"])
def test_what_has_no_word_has_none(text: str) -> None:
    assert list(words_in(text)) == []


def test_what_is_too_long_is_no_word() -> None:
    assert stems("x" * LONGEST_WORD) == ["x" * LONGEST_WORD]
    assert stems("x" * (LONGEST_WORD + 1)) == []
    # Each letter becomes two.
    assert stems("ß" * LONGEST_WORD) == []


def test_other_scripts_are_words() -> None:
    assert [word.plain for word in words_in("боль в спине 背痛")] == ["боль", "в", "спине", "背痛"]


def test_stem_of_a_short_word_is_left_alone() -> None:
    assert stem("toe") == "toe"
    assert plain("Toe’s") == "toe"


@pytest.fixture
def hasty_switching() -> Iterator[None]:
    """Let the threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty_switching")
def test_words_that_many_search_for_at_once_have_the_stems_that_they_have_alone() -> None:
    starts = ("physio", "muscul", "gener", "acupunctur", "mobil")
    ends = ("ational", "iveness", "ingly", "edly", "ation", "ically", "ments")
    words = [start + end for start in starts for end in ends]
    alone = [stem(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda _: [stem(word) for word in words], range(60)))
    assert all(each == alone for each in together)
