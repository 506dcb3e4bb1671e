"""A text is taken apart as its readers meet it, and every piece knows its line."""

import pytest

from publishing.page_checks.links_in import links, without_links
from publishing.page_checks.prose import sentences, syllables, words
from publishing.page_checks.text_of import Kind, blocks, pictures, plain

PAGE = """\
## Before you *start*

NICE advises against it [@ng59]. Read
[our page](/conditions/back-pain/ "Title") and **rest**.

!!! warning "Stop if it hurts"
    Tell us at once.
    Nobody will mind.

- first `item`
  that goes on
1. second

| Survey | Found |
|---|---|
| White | 7% |

![A tray of needles](image:3 "One use only.")

Term
:   What it means.

> Somebody said so.

*[NICE]: National Institute for Health and Care Excellence
[^1]: A note.
[site]: https://example.org/

    code is nobody's prose

Underlined
----------
"""


def test_blocks_have_kind_line_and_plain_words() -> None:
    found = [(each.kind.value, each.line, each.text) for each in blocks(PAGE)]
    assert found == [
        ("heading", 1, "Before you start"),
        ("paragraph", 3, "NICE advises against it. Read\nour page and rest."),
        ("title", 6, "Stop if it hurts"),
        ("paragraph", 7, "Tell us at once.\nNobody will mind."),
        ("item", 10, "first item\nthat goes on"),
        ("item", 12, "second"),
        ("row", 14, "Survey   Found"),
        ("row", 16, "White   7%"),
        ("paragraph", 20, "Term"),
        ("item", 21, "What it means."),
        ("paragraph", 23, "Somebody said so."),
        ("abbreviation", 25, "NICE"),
        ("paragraph", 26, "A note."),
        ("heading", 31, "Underlined"),
        ("picture", 18, "A tray of needles"),
        ("picture", 18, "One use only."),
    ]


def test_a_place_in_a_block_leads_to_its_line() -> None:
    block = blocks(PAGE)[1]
    assert block.line_at(block.text.index("our page")) == 4


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a [link](/Back_(anatomy)/) here", "a link here"),
        ("by [name][key] and [both][]", "by name and both"),
        ("see <https://example.org/a_b_c> now", "see  now"),
        ("at https://example.org/path. Then", "at . Then"),
        ("snake_case and _stress_", "snake_case and stress"),
        (r"five \* three \[sic\]", "five * three [sic]"),
        ("fish &amp; chips &#10; tea", "fish & chips   tea"),
        ("a note[^1] and two [@ng59] [@who23].", "a note and two."),
        ("![alt](image:1) words", " words"),
        ("[not a link] and [", "[not a link] and ["),
    ],
)
def test_inline_mark_up_is_taken_away(typed: str, read: str) -> None:
    assert plain(typed) == read


def test_pictures_are_found_with_their_line() -> None:
    text = 'Words.\n\n![decorative](image:12 "A caption.")\n![x](illustration:y)'
    found = [(each.line, each.alt, each.target, each.caption) for each in pictures(text)]
    assert found == [
        (3, "decorative", "image:12", "A caption."),
        (4, "x", "illustration:y", ""),
    ]


def test_links_have_words_address_and_line() -> None:
    text = (
        "See [here](/a/) and [NG59](<https://nice.org.uk/a b>).\n[two\nlines](/b/ 'T') `[x](/no/)`"
        '\n![no](image:1)\n[by name][s] and [nobody][t]\n\n[![drawing](image:1 "C")](/c/)\n'
        "<https://example.org/>\n[@ng59](/d/)\n\n[S]: /s/ 'Title'"
    )
    assert [(each.words, each.address, each.line) for each in links(text)] == [
        ("here", "/a/", 1),
        ("NG59", "https://nice.org.uk/a b", 1),
        ("two\nlines", "/b/", 2),
        ("by name", "/s/", 5),
        ("drawing", "/c/", 7),
        ("https://example.org/", "https://example.org/", 8),
    ]
    rest = without_links(text)
    assert "/a/" not in rest
    assert "/s/" not in rest
    assert rest.count("\n") == text.count("\n")


def test_sentences_end_where_a_reader_pauses() -> None:
    text = "See Dr. Example at 9.30. “It helps!” they said. Why? Because (2021).\nNext, e.g. rest"
    assert [each.text for each in sentences(text)] == [
        "See Dr. Example at 9.30.",
        "“It helps!” they said.",
        "Why?",
        "Because (2021).",
        "Next, e.g. rest",
    ]


def test_what_has_no_word_is_no_sentence() -> None:
    assert list(sentences(" … . ?! ")) == []


def test_words_keep_their_hyphens_and_numbers() -> None:
    assert words("It’s a well-known 3.5 mm, or A&E.") == [
        "It’s", "a", "well-known", "3.5", "mm", "or", "A&E",
    ]  # fmt: skip


# Counted by ear.
SYLLABLES = {
    1: "pain used helped hour hours your sure care cause ease knee the goes guide stretched",
    2: "needle needling table people little before because going being any every muscles wanted "
    "symptoms numbness bladder open quiet diet fever review weakness causes changes stiffness "
    "treatments headache shoulder studies guideline needles diet-free science",
    3: "area clinician evidence exercise medicine idea genitals therapy serious diabetic",
    4: "acupuncture usually temporary anaesthetic diagnosis experience sciatica diabetes",
    5: "recommendation inflammatory university immediately",
    6: "osteoarthritis physiotherapy physiotherapist radiculopathy",
}


def test_syllables_are_right_for_nearly_every_word() -> None:
    counted = {word: number for number, row in SYLLABLES.items() for word in row.split()}
    wrong = {word: syllables(word) for word, true in counted.items() if syllables(word) != true}
    assert len(wrong) <= len(counted) * 0.05, wrong


@pytest.mark.parametrize("odd", ["", "x", "9", "30°", "—", "مرحبا", "שלום", "e" * 60])
def test_odd_words_have_syllables_too(odd: str) -> None:
    assert syllables(odd) >= 0


def test_headings_keep_their_level() -> None:
    found = [each for each in blocks("# One\n#Two\n### Three ###\n##") if each.kind is Kind.HEADING]
    assert [(each.level, each.text) for each in found] == [
        (1, "One"),
        (1, "Two"),
        (3, "Three"),
        (2, ""),
    ]
