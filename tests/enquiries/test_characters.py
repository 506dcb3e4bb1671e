"""Characters are counted as a person would count them."""

import pytest

from enquiries.characters import count_characters, has_visible_character


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("pain", 4),
        ("two\r\nlines", 9),
        ("two\nlines", 9),
        ("é", 1),
        ("e\u0301", 1),  # the same letter in two parts
        ("q\u0307\u0323", 1),  # a letter with two marks that has no form of its own
        ("\u0301", 1),  # a mark with nothing to stand on
        ("\n\u0301", 2),
        ("ألم في ظهري", 11),
        ("أَلَم", 3),  # with vowel marks
        ("می\u200cخواهم", 7),  # a joiner that is not seen
        ("नमस्ते", 4),  # vowel signs and a virama go with their letters
        ("👍", 1),
        ("👍🏽", 1),  # skin tone
        ("❤️", 1),  # variation selector
        ("1️⃣", 1),  # keycap
        ("👩‍⚕️", 1),  # joined
        ("👨‍👩‍👧‍👦", 1),
        ("👨‍👩‍👧‍👦👍", 2),
        ("🇬🇧", 1),
        ("🇬🇧🇫🇷", 2),
        ("🇬🇧🇫", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1),  # flag of England
        ("\u202eabc\u202c", 3),  # direction marks
        ("🤕" * 4000, 4000),
    ],
)
def test_counts_what_a_reader_sees(text: str, count: int) -> None:
    assert count_characters(text) == count


@pytest.mark.parametrize(
    ("text", "is_seen"),
    [
        ("a", True), ("?", True), ("🤕", True), ("ع", True), ("\U0001fae9", True), ("\u0378", True),
        ("", False), (" \n\t", False), ("\u200b\u200d\ufeff", False), ("\u202e\u2066", False),
    ],
)  # fmt: skip
def test_knows_a_text_that_shows_nothing(text: str, is_seen: bool) -> None:
    assert has_visible_character(text) is is_seen
