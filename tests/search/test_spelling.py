"""Which word somebody meant."""

import pytest

from search.spelling import Speller, sound

WORDS = {
    "sciatica": 5, "acupuncture": 20, "arthritis": 6, "osteoarthritis": 4, "physiotherapy": 9,
    "physio": 3, "rheumatoid": 2, "chiropractor": 2, "back": 12, "pain": 40, "neck": 8, "knee": 4,
    "need": 30, "hand": 6, "headache": 7, "tendon": 5, "plantar": 2, "table": 1,
}  # fmt: skip
NAMES = set(WORDS) - {"need", "table"}


@pytest.fixture
def speller() -> Speller:
    return Speller(WORDS, NAMES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("siatica", "sciatica"),
        ("cyatica", "sciatica"),
        ("acupunture", "acupuncture"),
        ("accupuncture", "acupuncture"),
        ("artheritis", "arthritis"),
        ("pysio", "physio"),
        ("fisio", "physio"),
        ("rumatoid", "rheumatoid"),
        ("chiropracter", "chiropractor"),
        ("nee", "knee"),
        ("headake", "headache"),
        ("kneck", "neck"),
        ("hedache", "headache"),
        ("plantur", "plantar"),
        ("pian", "pain"),
    ],
)
def test_mistakes_are_mended(speller: Speller, typed: str, meant: str) -> None:
    assert speller.correct(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "p", "pa", "12", "b12", "asdfgh", "pizza", "xzxzxzxz", "x" * 40, "勝手"]
)
def test_what_is_like_nothing_is_left(speller: Speller, typed: str) -> None:
    assert speller.correct(typed) == ""


def test_a_name_is_meant_before_an_ordinary_word() -> None:
    assert Speller({"kneel": 9, "knees": 1}, {"knees"}).correct("kneez") == "knees"


def test_an_ordinary_word_is_not_guessed_by_its_letters_alone(speller: Speller) -> None:
    assert speller.correct("tabke") == ""


@pytest.mark.parametrize(
    ("one", "other"), [("knee", "nee"), ("physio", "fisio"), ("psoas", "soas"), ("wrist", "rist")]
)
def test_what_sounds_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_two_words_written_as_one_are_parted(speller: Speller) -> None:
    assert speller.split("backpain") == ("back", "pain")
    assert speller.split("backpaint") is None
    assert speller.split("pain") is None


def test_without_words_nothing_is_guessed() -> None:
    assert Speller({}, ()).correct("sciatica") == ""
