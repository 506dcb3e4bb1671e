"""Text that would keep the server busy for minutes, or break the engine, is refused.

Nothing here measures time: without the limits most of these tests would not end.
"""

import pytest
from django.core.exceptions import ValidationError

from publishing.fields import validate_markdown
from publishing.limits import (
    MAX_BLOCK_LINES,
    MAX_CHARACTERS,
    MAX_FOOTNOTE_MARKS,
    MAX_NESTING,
    MAX_OPEN_BRACKETS,
)
from publishing.markdown import mistakes, render, render_document
from tests.publishing.markup import parse, text_of, trouble

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.whole]

NESTED = "\n".join("    " * level + "- a" for level in range(300))
REFUSED = {
    "open brackets": "[" * 10_000,
    "nested brackets": "[" * 10_000 + "]" * 10_000,
    "open pictures": "![" * 10_000,
    "open links": "[a](" * 10_000,
    "links without the end of their title": '[a](b "c) ' * 1_000,
    "nested lists": NESTED,
    "nested lists on one line": "- " * 500 + "a",
    "nested numbered lists": "1. " * 500 + "a",
    "nested quotations": ">" * 10_000 + " a",
    "nested quotations and lists": "> - " * 200 + "a",
    "lists nested in a footnote": "[^1]: " + "- " * 500 + "a",
    "lists nested in a definition": "a\n:   " + "- " * 500 + "a",
    "one megabyte of one letter": "a" * 1_000_000,
    "a book of short paragraphs": "a\n\n" * 50_000,
    "one megabyte of spaces in a line": "a" + " " * 1_000_000 + "b",
    "footnote marks": "[^1]" * 1_000 + "\n\n[^1]: note",
    "headings without an empty line": "# a\n" * 5_000,
    "underlined headings": "a\n---\n" * 5_000,
    "rules": "---\n" * 5_000,
    "definitions without an empty line": "a\n: b\n" * 5_000,
    "abbreviations without an empty line": "*[A]: b\n" * 4_000,
    "emphasis in emphasis": "**a *b " * 2_000 + "c* d** " * 2_000,
}
LAID_OUT = {
    "closing brackets": "]" * 10_000,
    "asterisks": "*" * 10_000,
    "emphasis of every kind": "*__\\*<<\\**" * 3_000,
    "asterisks with letters": "*a" * 10_000,
    "underscores": "_a " * 10_000,
    "backticks": "`" * 10_000,
    "backticks with letters": "`a" * 10_000,
    "growing backticks": " ".join("`" * number for number in range(1, 200)),
    "angle brackets": "<" * 10_000,
    "openings of comments": "<!--" * 5_000,
    "openings of Word comments": "<!--[if " + "<!-- " * 5_000,
    "ampersands": "&#" * 10_000,
    "backslashes": "\\" * 10_000,
    "pipes": "|" * 10_000,
    "paragraphs": "a\n\n" * 10_000,
    "links": "[a](/b)\n\n" * 3_000,
    "one long word": "a" * MAX_CHARACTERS,
    "call-outs": "!!! note\n    a\n\n" * 1_000,
    "abbreviations": "*[A]: b\n\nA " * 2_000,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_excess_is_refused_on_saving_in_one_plain_sentence(text: str) -> None:
    with pytest.raises(ValidationError) as raised:
        validate_markdown(text)
    (message,) = raised.value.messages
    assert message.startswith("Line ")
    assert message.endswith(".")


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_excess_is_shown_as_it_was_typed(text: str) -> None:
    html = render(text)
    assert "This text is shown as it was typed" in html
    assert trouble(html) == []
    paragraphs = parse(html).find_all("p", recursive=False)
    shown = "".join("".join(each.get_text().split()) for each in paragraphs)
    assert shown == "".join(text.split())


@pytest.mark.parametrize("text", LAID_OUT.values(), ids=LAID_OUT.keys())
def test_odd_but_harmless_text_is_laid_out(text: str) -> None:
    assert mistakes(text) == []
    html = render(text)
    assert "This text is shown as it was typed" not in html
    assert trouble(html) == []


def test_excess_is_shown_as_text_and_not_as_html() -> None:
    html = render("<script>alert(1)</script>" + "[" * 100)
    assert trouble(html) == []
    assert "<script>alert(1)</script>" in text_of(html)


@pytest.mark.parametrize("text", [REFUSED["nested lists"], REFUSED["emphasis in emphasis"]])
def test_excess_in_one_part_leaves_the_others_alone(text: str) -> None:
    footnote = "A claim.[^1]\n\n[^1]: Note."
    parts = render_document(
        {"overview": footnote, "causes": text, "self_care": "- walk\n\n" + footnote},
        heading_level=3,
    ).parts
    assert "This text is shown as it was typed" in parts["causes"]
    assert parse(parts["self_care"]).select("li")[0].get_text() == "walk"
    ids = [each["id"] for html in parts.values() for each in parse(html).find_all(id=True)]
    assert len(ids) == len(set(ids)) == 4


@pytest.mark.parametrize(
    ("allowed", "refused", "line"),
    [
        ("a" * MAX_CHARACTERS, "a" * (MAX_CHARACTERS + 1), 1),
        ("a\n" * MAX_BLOCK_LINES, "a\n" * (MAX_BLOCK_LINES + 1), MAX_BLOCK_LINES + 1),
        ("x\n\n" + "[" * MAX_OPEN_BRACKETS, "x\n\n" + "[" * (MAX_OPEN_BRACKETS + 1), 3),
        ("x\n" + "> " * MAX_NESTING + "a", "x\n" + "> " * (MAX_NESTING + 1) + "a", 2),
        ("[^1] " * MAX_FOOTNOTE_MARKS, "[^1] " * (MAX_FOOTNOTE_MARKS + 1), 1),
    ],
)
def test_limit_itself_is_allowed_and_one_more_is_not(allowed: str, refused: str, line: int) -> None:
    assert mistakes(allowed) == []
    assert [mistake.line for mistake in mistakes(refused)] == [line]


def test_brackets_that_are_closed_can_be_many() -> None:
    assert mistakes("[a](/b/) (and so on)\n" * 150) == []


def test_open_brackets_are_counted_anew_after_an_empty_line() -> None:
    assert mistakes(("[" * MAX_OPEN_BRACKETS + "\n\n") * 10) == []


def test_ordinary_long_page_is_far_from_every_limit() -> None:
    page = "\n\n".join(
        ["## Heading", "Words (in brackets), a [link](/x/) and a note.[^1]", "- a\n    - b\n" * 20]
        * 40
    )
    assert mistakes(page + "\n\n[^1]: Note.") == []
