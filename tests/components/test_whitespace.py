"""A page goes out without the indentation of its templates, and with all that somebody typed."""

import pytest

from components.whitespace import without_indentation


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>\n    one\n\n    two\n</p>", "<p>\none\ntwo\n</p>"),
        ("<p>one  two</p>", "<p>one  two</p>"),
        ("<pre>\n  a\n\n  b</pre>\n  <p>", "<pre>\n  a\n\n  b</pre>\n<p>"),
        ("<textarea name='m'>\n  a\n  b</textarea>", "<textarea name='m'>\n  a\n  b</textarea>"),
        ("<script>{\n  a: 1}</script>\n  x", "<script>{\n  a: 1}</script>\nx"),
        ("<style>a{\n  b:c}</style>", "<style>a{\n  b:c}</style>"),
        ("<textarea>a", "<textarea>a"),
        ("", ""),
    ],
)
def test_indentation_goes_and_what_was_typed_stays(html: str, expected: str) -> None:
    assert without_indentation(html) == expected


def test_two_words_never_grow_together() -> None:
    html = "<a>one</a>\n      <a>two</a>"
    assert without_indentation(html).split() == html.split()
