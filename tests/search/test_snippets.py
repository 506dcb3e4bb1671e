"""The words that show why a page was found."""

from search.snippets import LETTERS, marked, snippet
from search.words import stems

SOUGHT = set(stems("neck pain"))


def test_words_are_marked_in_whatever_form_they_stand() -> None:
    assert marked("Pains in necks: rest.", SOUGHT) == (
        "<mark>Pains</mark> in <mark>necks</mark>: rest."
    )


def test_nothing_of_a_text_becomes_mark_up() -> None:
    told = marked('<b>neck</b> & "pain" <script>', SOUGHT)
    assert told == (
        "&lt;b&gt;<mark>neck</mark>&lt;/b&gt; &amp; &quot;<mark>pain</mark>&quot; &lt;script&gt;"
    )


def test_summary_is_shown_if_no_line_has_more_of_the_words() -> None:
    assert snippet("About the neck.", "A line.\nNeck again.", SOUGHT).startswith("About the ")


def test_the_line_with_most_of_the_words_is_shown() -> None:
    assert snippet("A summary.", "One neck.\nA neck in pain.\nPain.", SOUGHT) == (
        "A <mark>neck</mark> in <mark>pain</mark>."
    )


def test_long_line_is_cut_around_the_first_word_and_between_words() -> None:
    line = "before " * 60 + "neck pain " + "after " * 60
    told = snippet("A summary.", line, SOUGHT)
    assert "<mark>neck</mark> <mark>pain</mark>" in told
    plain = told.replace("<mark>", "").replace("</mark>", "")
    assert plain.startswith("… before")
    assert plain.endswith("after …")
    assert len(plain) <= LETTERS + 4


def test_a_long_summary_is_shown_whole() -> None:
    summary = "neck " + "word " * 43
    assert snippet(summary, "", SOUGHT) == marked(summary, SOUGHT)
