"""Whoever compares two versions sees every change, in words, and nothing else in between."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing import comparing
from publishing.comparing import changed_words, compare, readable, steps, words

# The text that Hypothesis makes up can take a while on a busy machine, which is no fault in ours.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _html(old: Any, new: Any, place: str = "fields.body") -> str:
    part, name = place.split(".")
    (found,) = compare({part: {name: old}}, {part: {name: new}}, {})
    return str(found.html)


def _plain(old: Any, new: Any, place: str = "fields.body") -> str:
    return _read(_html(old, new, place)).get_text()


def _read(html: str) -> BeautifulSoup:
    # Elsewhere the parser makes one space of several.
    return BeautifulSoup(f"<pre>{html}</pre>", "html.parser")


def _side(html: str, gone: str) -> str:
    """Read one side out of the marked text: what is left without the marks and what `gone` has."""
    soup = _read(html)
    for each in soup.select(f"{gone}, .compare__mark"):
        each.decompose()
    return soup.get_text()


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Rest now.", "Rest later.", "Rest [deleted: now][added: later]."),
        ("Rest.", "Rest a lot.", "Rest[added:  a lot]."),
        ("one two three", "one big red three", "one [deleted: two][added: big red] three"),
        ("", "New text.", "[added: New text.]"),
        (None, "New text.", "[added: New text.]"),
        ("Old text.", "", "[deleted: Old text.]"),
        ("Take 2.5 mg.", "Take 25 mg.", "Take [deleted: 2.5][added: 25] mg."),
        ("It helps [@ng59].", "It helps [@cg1].", "It helps [deleted: [@ng59]][added: [@cg1]]."),
        ("[us](/a/) is", "[us](/b/) is", "[us[deleted: ](/a/][added: ](/b/]) is"),
        ("It's not", "It's", "It's[deleted:  not]"),
        ("ab cd ef", "abcd ef", "[deleted: ab cd][added: abcd] ef"),
        ("ab cd", "ab  cd", "ab[deleted: space ][added: space  ]cd"),
        ("ab\ncd", "ab\n\ncd", "ab[deleted: line break\n][added: empty line\n\n]cd"),
        ("One.", "One.\n\nTwo.", "One.\n\n[added: Two.]"),
        ("One.\n\nTwo.", "Two.", "[deleted: One.]\n\nTwo."),
        ("a b c d e x y", "a b c d e p q r", "a b c d e [deleted: x y][added: p q r]"),
        ("red blue pink", "cat dog cow", "[deleted: red blue pink][added: cat dog cow]"),
    ],
)
def test_what_came_and_went_is_marked_in_words(old: str, new: str, shown: str) -> None:
    assert _plain(old, new) == shown


def test_marks_are_elements_too() -> None:
    assert _html("Rest now.", "Rest later.") == (
        'Rest <del><span class="compare__mark">[deleted: </span>now'
        '<span class="compare__mark">]</span></del>'
        '<ins><span class="compare__mark">[added: </span>later'
        '<span class="compare__mark">]</span></ins>.'
    )


def test_everything_is_escaped() -> None:
    html = _html("<script>a</script> & <b>", "<script>b</script> & <i>")
    assert {each.name for each in BeautifulSoup(html, "html.parser").find_all()} == {
        "ins",
        "del",
        "span",
    }
    assert "<script>" not in html
    (found,) = compare({}, {"rows": {"<b>": [{"<i>": "<u>"}]}}, {})
    assert "<i>" not in found.html.lower()
    assert "&lt;u&gt;" in found.html


def test_changed_words_are_told_in_order_without_punctuation() -> None:
    assert changed_words("Rest now, at home.", "Rest later - at work.") == (
        ["now", "home"],
        ["later", "work"],
    )
    assert changed_words("a, b", "a; b") == ([], [])
    assert words("Don’t take 2.5 mg [@ng59] of https://a.example/b/ (or so).") == [
        *["Don’t", "take", "2.5", "mg", "[@ng59]", "of", "https://a.example/b/", "or", "so"]
    ]


# --- paragraphs -----------------------------------------------------------------------------------

LONG = [f"Paragraph {letter} goes on. " + letter * 80 for letter in "abcdefgh"]


def test_unchanged_paragraphs_far_from_a_change_are_counted() -> None:
    new = [*LONG]
    new[4] = new[4].replace("goes on", "ends here")
    shown = _plain("\n\n".join(LONG), "\n\n".join(new))
    assert shown.startswith("… (3 paragraphs unchanged) …\nParagraph d")
    assert "Paragraph e [deleted: goes on][added: ends here]. eeee" in shown
    assert shown.endswith("Paragraph f goes on. " + "f" * 80 + "\n\n… (2 paragraphs unchanged) …\n")


def test_single_paragraph_left_out_is_one() -> None:
    assert "(1 paragraph unchanged)" in _plain("\n\n".join(LONG[:3]), "\n\n".join([*LONG[:2], "c"]))


def test_short_paragraphs_are_not_worth_leaving_out() -> None:
    assert "unchanged" not in _plain("a\n\nb\n\nc\n\nd", "a\n\nb\n\nc\n\ne")


def test_each_of_many_changed_paragraphs_is_compared_by_word() -> None:
    old = "\n\n".join(
        f"Number {at} of these. " + " ".join(f"{at}w{each}" for each in range(20))
        for at in range(100)
    )
    shown = _plain(old, old.replace("of these", "of those"))
    assert shown.count("of [deleted: these][added: those].") == 100


def test_unrelated_texts_are_shown_one_after_the_other() -> None:
    old = " ".join(f"{'ab'[at % 2]}{at % 9}" for at in range(13_000))
    new = " ".join(f"{'ba'[at % 2]}{at % 7}" for at in range(13_000))
    (step,) = steps(old, new)
    assert (step.removed, step.added) == (old, new)
    assert _plain(old, new) == f"[deleted: {old}][added: {new}]"


def test_work_is_bounded_for_many_equal_paragraphs_too() -> None:
    old, new = "a\n\nb\n\n" * 6_000, "b\n\na\n\n" * 6_000
    found = [(each.removed, each.added) for each in steps(old, new) if not each.kept]
    assert found == [(old.strip(), new.strip())]


def test_ends_that_are_the_same_need_no_search() -> None:
    middle = "\n\n".join(LONG * 400)
    found = steps(f"{middle}\n\nold end\n\n{middle}", f"{middle}\n\nnew end\n\n{middle}")
    assert [(each.removed, each.added) for each in found if not each.kept] == [("old", "new")]


# --- other values ---------------------------------------------------------------------------------

ASHA = {"pk": 3, "text": "Asha Example"}
BEN = {"pk": 4, "text": "Ben Example"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (False, "no"),
        (None, "nothing"),
        ([], "nothing"),
        ({}, "nothing"),
        (0, "0"),
        (7.5, "7.5"),
        (ASHA, "Asha Example"),
        ({"pk": 9}, "number 9"),
        (["a", 2, True, None], "a\n2\nyes\nnothing"),
        ([ASHA, BEN], "Asha Example\nBen Example"),
        (
            [{"question": "Why?", "is_shown": False, "by": ASHA}, {"question": "", "by": None}],
            "Question: Why?\nIs shown: no\nBy: Asha Example\n\nQuestion: nothing\nBy: nothing",
        ),
        (
            [{"sources": [BEN, ASHA], "words": ["b", "a"]}],
            "Sources: Asha Example; Ben Example\nWords: b; a",
        ),
        ({"a": {"b": 1}}, "A: B: 1"),
    ],
)
def test_value_is_laid_out_as_text(value: Any, text: str) -> None:
    assert readable(value) == text


@pytest.mark.parametrize(
    ("place", "old", "new", "shown"),
    [
        ("fields.f", False, True, "[deleted: no][added: yes]"),
        ("fields.f", 100, 90, "[deleted: 100][added: 90]"),
        ("fields.f", None, ASHA, "[deleted: nothing][added: Asha Example]"),
        ("fields.f", ASHA, BEN, "[deleted: Asha][added: Ben] Example"),
        ("fields.f", ASHA, ASHA | {"pk": 5}, "Asha Example (number [deleted: 3][added: 5])"),
        ("fields.f", 1, "1", '[added: "]1[added: "]'),
        ("fields.f", "a\x00", "a\x01", '"a\\[deleted: u0000][added: u0001]"'),
        ("many.f", [BEN], [BEN, ASHA], "[added: Asha Example]\nBen Example"),
        ("many.f", [ASHA], [], "[deleted: Asha Example][added: nothing]"),
        ("rows.f", [], [{"q": "a", "position": 0}], "[deleted: nothing][added: Q: a]"),
        (
            "rows.f",
            [{"q": "a", "position": 1}, {"q": "b", "position": 0}],
            [{"q": "a", "position": 1}, {"q": "c", "position": 0}],
            "Q: [deleted: b][added: c]\n\nQ: a",
        ),
    ],
)
def test_values_are_compared_as_they_are_laid_out(
    place: str, old: Any, new: Any, shown: str
) -> None:
    assert _plain(old, new, place) == shown


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {}),
        ({"fields": {}}, {}),
        ({}, {"fields": {"a": "", "b": None, "c": []}}),
        ({"many": {"t": [ASHA, BEN]}}, {"many": {"t": [BEN, ASHA]}}),
        ({"fields": {"a": ASHA}}, {"fields": {"a": ASHA | {"text": "Asha Married"}}}),
        ({"rows": {"a": [{"q": 1, "position": 0}]}}, {"rows": {"a": [{"q": 1, "position": 4}]}}),
    ],
)
def test_what_reads_the_same_is_no_difference(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert compare(old, new, {}) == compare(new, old, {}) == []


def test_places_come_in_the_order_of_their_labels_then_by_name() -> None:
    new = {"rows": {"faqs": [{"q": "a"}]}, "fields": {"z": 1, "also_known_as": ["b"], "title": "c"}}
    labels = {"fields.title": "Title", "fields.gone": "Gone", "rows.faqs": "Questions"}
    assert [(each.place, each.label) for each in compare({}, new, labels)] == [
        ("fields.title", "Title"),
        ("rows.faqs", "Questions"),
        ("fields.also_known_as", "Also known as"),
        ("fields.z", "Z"),
    ]


def test_text_that_cannot_be_sent_or_turns_others_round_is_made_visible() -> None:
    shown = _plain("a b c", "a b c \ud800 \x00 \u202e d")
    assert shown == "a b c[added:  \ufffd \ufffd \ufffd d]"
    assert shown.encode()


# --- whatever is typed ----------------------------------------------------------------------------

PARAGRAPHS = st.lists(
    st.sampled_from(
        ["a b c d e", "a b x d e", "f", "- g\n- h", " ", "عربي نص", "<b>", "&amp;", "["]
    )
)
TEXTS = st.one_of(
    PARAGRAPHS.map("\n\n".join), st.text(st.characters()), st.text("ab \n.", max_size=80)
)


@UNHURRIED
@given(TEXTS, TEXTS)
def test_steps_hold_both_texts_to_the_letter(old: str, new: str) -> None:
    found = steps(old, new)
    assert "".join(each.kept + each.removed for each in found) == old
    assert "".join(each.kept + each.added for each in found) == new


def _shown(text: str) -> str:
    # What a page cannot hold is shown as a mark of its own, and a browser's line ends are newlines.
    seen = comparing._UNSEEN.sub("\ufffd", text.replace("\r\n", "\n"))
    return _read(re.sub("[&<>]", lambda found: f"&#{ord(found[0])};", seen)).get_text()


@UNHURRIED
@given(TEXTS, TEXTS)
def test_both_sides_can_be_read_out_of_the_html(old: str, new: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "SHORT", 1_000_000)
        found = compare({"fields": {"a": old}}, {"fields": {"a": new}}, {})
    if old == new:
        assert found == []
    elif _shown(old) != _shown(new):
        assert _side(found[0].html, "ins") == _shown(old)
        assert _side(found[0].html, "del") == _shown(new)
    assert all(each.html.encode() for each in found)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
SNAPSHOTS = st.dictionaries(
    st.sampled_from(["fields", "many", "rows", "odd"]),
    st.one_of(JSON, st.dictionaries(st.sampled_from(["a", "b", "position", "a.b"]), JSON)),
)


@UNHURRIED
@given(SNAPSHOTS, SNAPSHOTS)
def test_odd_snapshots_are_compared(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = compare(old, new, {"fields.a": "A"})
    assert all(each.html and each.html.encode() for each in found)
    assert compare(old, old, {}) == []
