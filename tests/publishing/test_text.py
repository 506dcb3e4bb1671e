"""Pasted text loses what a word processor leaves in it, and nothing that can be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.markdown import render
from publishing.text import clean_line, clean_paste, without_surrogates

# The glossary is looked up for every text.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.mark.parametrize(
    ("pasted", "clean"),
    [
        ("two\u00a0words", "two words"),
        ("two\u2009words\u202fhere\u3000now", "two words here now"),
        ("in\u200bvisi\ufeffble\u2060", "invisible"),
        ("hy\u00adphen", "hyphen"),
        ("null\x00 bell\x07 escape\x1b delete\x7f", "null bell escape delete"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\u2028two\u2029three", "one\ntwo\n\nthree"),
        ("half\ud83d a character\udc00", "half a character"),
        ("<p>a<o:p></o:p></p>", "<p>a</p>"),
        ("<o:p>&nbsp;</o:p>Text<w:wrap type='x'/>", "&nbsp;Text"),
        ("before<!--[if gte mso 9]><xml>junk\nmore</xml><![endif]-->after", "beforeafter"),
        ("e\u0301", "é"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_debris_goes(pasted: str, clean: str) -> None:
    assert clean_paste(pasted) == clean


@pytest.mark.parametrize(
    "text", ["5 < 7 > 3", "<b>bold</b>", "<!-- note -->", "<!--[if", "<other:tag>", "👩‍👧 عربي"]
)
def test_what_can_be_seen_stays(text: str) -> None:
    assert clean_paste(text) == text


def test_line_is_one_line_with_single_spaces() -> None:
    assert clean_line("  Mary\u00a0\u00a0Ann\r\n\tO’Neill\x00 ") == "Mary Ann O’Neill"


@given(st.text(st.characters()))
def test_cleaned_text_can_be_stored_and_sent(text: str) -> None:
    cleaned = clean_paste(text)
    assert cleaned.encode().decode() == cleaned
    assert not set(cleaned) & {"\x00", "\r", "\u00a0", "\u200b", "\ufeff"}


@given(st.text(st.characters()))
def test_only_lone_surrogates_are_taken_out(text: str) -> None:
    assert without_surrogates(text) == "".join(
        mark for mark in text if not "\ud800" <= mark <= "\udfff"
    )


def test_renderer_cleans_what_it_is_given() -> None:
    assert render("a\u00a0b\u200bc\x00\ud800<o:p></o:p>") == "<p>a bc</p>"
