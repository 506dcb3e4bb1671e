"""No text may break or hang the check."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.wording import check_text, patterns
from evidence.wording.units import FORMATS

PIECES = st.sampled_from(
    ["cure", "safe", "no", "not", ",", ".", "?", "!", ":", ";", "-", "*", "**", "[", "]", "(", ")",
     "<", ">", "<b>", "</b>", "<!--", "-->", "&nbsp;", "&#", "|", "\n", "\n\n", "#", "---", "```",
     "acupuncture", "NICE", "sciatica", "“", "”", "\u200b", "Ω", "ش", "針", "don't", "without",
     "side", "effects", "★", "£4", "before and after", "short-term", "best treatment",
     "a:", "{alt:", "![", "](", "\\", "\n- ", "\n## ", "\n| "]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map(" ".join),
                  st.lists(PIECES, max_size=60).map("".join))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, form=st.sampled_from(FORMATS))
def test_any_text_gives_findings_within_it(text, form):
    findings = check_text(text, format=form)
    assert findings == sorted(findings)
    for finding in findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
        assert finding.line >= 1
        assert finding.column >= 1


def work(text, monkeypatch):
    """Count the attempts to match a pattern."""
    count = 0
    match = patterns._match

    def counting(*args):
        nonlocal count
        count += 1
        return match(*args)

    with monkeypatch.context() as patch:
        patch.setattr(patterns, "_match", counting)
        check_text(text)
    return count


@pytest.mark.parametrize(
    "piece",
    ["no not no side ", "cure", "pain, ", "acupuncture for sciatica and ", "<!--", "![", "](",
     "<a ", "treat acupuncture help with ", "針", "- x\n", "| a ", "&amp", "★", "£4 half price ",
     "before and after ", "best treatment for migraine ", "![](a/b) ", "<img src='/a-b'>"],
)  # fmt: skip
def test_work_grows_no_faster_than_the_text(piece, monkeypatch):
    short, long = work(piece * 200, monkeypatch), work(piece * 800, monkeypatch)
    assert long <= 6 * short + 100


def test_a_very_long_text_ends():
    assert check_text("a" * 1_000_000) == []
    assert check_text("<!--" * 50_000) == []
    assert isinstance(check_text("](<![&" * 20_000), list)


def test_claims_and_what_is_stated_of_them_are_compared_once_each():
    claim = "Acupuncture relieves neck pain for £4."
    pair = f"{claim}\n\nAcupuncture gives short-term relief of migraine.\n\n"
    found = check_text("Words.\n\n" + pair * 2000)
    assert {finding.rule_id for finding in found} == {"claim-scope", "price-beside-promise"}
    assert len(found) == 4000


def test_a_sentence_without_end_is_judged_in_parts():
    assert len(check_text("acupuncture helps sciatica and " * 500)) == 500
