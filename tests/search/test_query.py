"""What is made of what somebody typed."""

from collections.abc import Mapping, Sequence

import pytest

from search.query import MAX_WORDS, Query, understand
from search.spelling import Speller
from search.words import stem


class Lexicon:
    """A site of a hundred pages with a few words."""

    words: Mapping[str, int] = {
        "sciatica": 4, "pain": 60, "ache": 10, "back": 20, "headache": 8, "neck": 10, "fees": 3,
        "price": 2, "who": 1, "are": 1, "you": 1,
    }  # fmt: skip

    def entries_with(self, stems: Sequence[str]) -> Mapping[str, int]:
        known = {stem(word): times for word, times in self.words.items()}
        return {each: known[each] for each in stems if each in known}

    def size(self) -> int:
        return 100

    def correct(self, word: str) -> str:
        return Speller(self.words, self.words).correct(word)

    def split(self, word: str) -> tuple[str, str] | None:
        return Speller(self.words, self.words).split(word)


def asked(typed: str) -> Query:
    return understand(typed, Lexicon())


def test_rare_words_weigh_more_than_common_ones() -> None:
    sciatica, pain = asked("sciatica pain").terms
    assert sciatica.weight > pain.weight > 0


def test_small_words_are_left_out() -> None:
    assert asked("what is the sciatica?").terms == asked("sciatica").terms


def test_other_words_of_the_same_meaning_count_less_than_the_word() -> None:
    (term,) = asked("back ache").terms[1:]
    assert term.stems["ach"] == 1
    assert 0 < term.stems["pain"] < 1


def test_a_common_word_in_the_place_of_a_rare_one_counts_for_little() -> None:
    rare = asked("ache").terms[0].stems["pain"]
    common = asked("pain").terms[0].stems["ach"]
    assert rare < common < 1


def test_mistakes_are_mended_and_told_with_the_rest_as_it_was_typed() -> None:
    query = asked("My SIATICA, at night")
    assert query.corrected == "My sciatica, at night"
    assert stem("sciatica") in query.stems


def test_what_is_right_is_not_mended() -> None:
    assert asked("sciatica pain").corrected == ""


@pytest.mark.parametrize("typed", ["head ache", "headache", "headaches"])
def test_words_written_apart_find_the_one_word(typed: str) -> None:
    query = asked(typed)
    assert stem("headache") in query.stems
    assert query.corrected == ""


def test_words_written_as_one_are_parted() -> None:
    assert asked("backpain").corrected == "back pain"


def test_a_word_that_no_page_has_weighs() -> None:
    query = asked("sciatica pizzeria")
    assert [bool(term.stems) for term in query.terms] == [True, False]


def test_words_that_no_page_has_alone_look_for_nothing() -> None:
    query = asked("asdfgh qwerty")
    assert query.terms == ()
    assert query.stems == []


def test_small_words_alone_are_looked_for_and_never_mended() -> None:
    assert asked("who are you").stems == ["are", "who", "you"]
    assert asked("how do i") == Query("how do i")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        '"',
        "*",
        "back* NEAR/2 (pain",
        "'; DROP TABLE x; --",
        "🦴",
        "\x00",
        "back:pain",
        "^",
    ],
)
def test_no_sign_is_taken_for_a_command(typed: str) -> None:
    assert all(each.isalnum() for each in asked(typed).stems)


def test_a_long_text_is_read_from_its_beginning() -> None:
    assert len(asked("sciatica " * 100).terms) == MAX_WORDS
    assert asked("x" * 199 + " sciatica").stems == []
