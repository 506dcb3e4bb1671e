"""Units, places and mark-up: the words found stand exactly where the finding says."""

import pytest

from evidence.wording import check_text
from evidence.wording.sentences import spans
from evidence.wording.units import read_units


def kinds(text, **options):
    return {finding.kind for finding in check_text(text, **options)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Our method c**ure**s back pain.", "c**ure**s"),
        ("Our method cu\u200bres back pain.", "cu\u200bres"),
        ("Our method cu&#114;es back pain.", "cu&#114;es"),
        ("Our method <b>cu</b>res back pain.", "cu</b>res"),
        ("Our method cu\u00adres back pain.", "cu\u00adres"),
        (
            "Ours is a side‑effect‑free&nbsp;method with no side&nbsp;effects.",
            "no side&nbsp;effects",
        ),
        ("We are the ﬁnest clinic.", "ﬁnest"),
    ],
)
def test_marked_up_words_are_found_in_place(text, words):
    findings = check_text(text)
    assert words in [finding.text for finding in findings]
    for finding in findings:
        assert text[finding.start : finding.end] == finding.text


def test_line_and_column_count_from_one():
    (finding,) = check_text("# Us\n\nHello.\n\nThe *completely* safe way.")
    assert (finding.line, finding.column, finding.kind) == (5, 6, "safety_absolute")
    assert finding.text == "completely* safe"


@pytest.mark.parametrize(
    "text",
    [
        "Acupuncture can help with:\n\n- asthma\n- gout",
        "## Acupuncture can help with\n\n1. asthma\n2. gout",
        "We use acupuncture for many problems, including the following.\n\n* asthma\n* gout",
    ],
)
def test_items_inherit_what_leads_into_the_list(text):
    assert [f.text for f in check_text(text) if f.kind == "unsupported_condition"] == [
        "asthma", "gout",
    ]  # fmt: skip


def test_items_inherit_a_denial():
    assert not check_text("We do not treat:\n\n- asthma\n- gout", therapy="acupuncture")


def test_html_reads_what_readers_see_and_hear():
    page = (
        '<html><head><title>Completely safe</title><meta name="description" content="We cure you">'
        "<script>cure</script></head><body><p>Hello<!-- cure --></p><img alt='A miracle'>"
        "<h2>Acupuncture treats</h2><ul><li>asthma</li></ul><table><tr><td>It always works</td>"
        '</tr></table><button>Guaranteed relief</button><a title="No side effects">x</a></body>'
    )
    found = {finding.text for finding in check_text(page, format="html")}
    assert {"Completely safe", "cure", "miracle", "asthma", "always works", "Guaranteed"} <= found
    assert "No side effects" in found


def test_front_matter_fields_are_read_and_the_rest_is_not():
    text = (
        "---\ntitle: We cure you\nslug: miracle\nlead_image: {file: cure.png, alt: A miracle}\n"
        "also_known_as:\n  - wear and tear\n---\nHello."
    )
    assert {finding.text for finding in check_text(text)} == {"cure", "miracle"}


def test_pictures_and_cells_are_units_of_their_own():
    text = "![A cure](x.png)\n\n| What | Risk |\n|---|---|\n| Needles | no side effects |"
    assert [unit.role for unit in read_units(text, "markdown")].count("cell") == 4
    assert kinds(text) == {"cure", "safety_absolute"}


def test_sentences_survive_abbreviations():
    text = "See e.g. Dr. Cure, No. 1 St. Ann Rd, NG59. It costs £1.50 … or so. “Really?” she said."
    assert len(list(spans(text))) == 3


def test_a_limit_under_the_heading_counts_for_its_section():
    limit = "## Needling\n\nExpect short-term relief at most.\n\nAcupuncture can ease neck pain."
    assert not check_text(limit)
    assert kinds("## Needling\n\nHello.\n\nAcupuncture can ease neck pain.") == {"scope_overreach"}


def test_the_page_s_therapy_decides_what_is_accepted():
    text = "We can help with back pain."
    assert not check_text(text, therapy="osteopathy")
    assert kinds(text, therapy="acupuncture") == {"scope_overreach"}


def test_unknown_format_and_rules_are_refused():
    with pytest.raises(ValueError, match="format"):
        check_text("x", format="odt")
    with pytest.raises(ValueError, match="no rules called mars"):
        check_text("x", rules="mars")
