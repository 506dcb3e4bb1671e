"""A clinic's own wording rules and those it switches: in the engine, the check and the admin."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.models import ClinicRule, RuleSeverity
from evidence.wording import ClinicRule as Rule
from evidence.wording import ClinicSet, Finding, check_text, patterns
from evidence.wording.clinic import MOST_WORDS, NEVER_OFF, OFF, phrase
from evidence.wording.rules import load
from pages.models import InformationPage
from pages.wording_sources import wording_of
from publishing.checks import Candidate, Level
from publishing.models import AuditEntry
from publishing.snapshots import Draft
from scripts import wording_quality
from tests.factories import make_clinic, make_information_page

StaffClient = Callable[..., Client]
BREACH = (
    "We cure you. It is proven. We guarantee results. NICE recommends acupuncture for sciatica."
)
ADD = reverse("admin:evidence_clinicrule_add")
SWITCH = reverse("admin:evidence_ruleseverity_add")


def own(*phrases: str, kind: str = "house_style", severity: str = "warning") -> ClinicSet:
    """Return a clinic's rules with one rule for the phrases."""
    rule = Rule("clinic-1", phrases, kind, severity, "We do not say this.", "Say it so.")
    return ClinicSet(rules=(rule,))


def words(text: str, *phrases: str) -> list[str]:
    """Return the words that the clinic's phrases find in a text."""
    return [
        each.text for each in check_text(text, clinic=own(*phrases)) if each.rule_id == "clinic-1"
    ]


def without_own(findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if each.rule_id != "clinic-1"]


# --- what is found --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("magic needle", "Our magic needles wait.", "magic needles"),
        ("magic needles", "Ask for a magic needle.", "magic needle"),
        ("Soothing", "It soothes the back.", "soothes"),
        ("chronic-pain hero", "Ask our chronic pain hero.", "chronic pain hero"),
        ("patient’s hero", "Every patient's hero is here.", "patient's hero"),
        ("ＭＡＧＩＣ", "Pure magic.", "magic"),
        ("ma\u200bgic", "Pure magic.", "magic"),
        ("wow!", "Wow, a bus.", "Wow"),
        ("針", "We use 針 here.", "針"),
    ],
)
def test_words_are_found_in_every_form(typed: str, text: str, found: str) -> None:
    assert words(text, typed) == [found]


def test_words_are_found_under_mark_up_as_others_are() -> None:
    assert words("It is ma**gic**s here.", "magic")


@pytest.mark.parametrize(
    "text",
    [
        "We do not promise magic.",
        "There is no sparkle in it.",
        "Is it magic?",
        "Never say “magic”.",
        "A magical place.",
        "Imagica.",
    ],
)
def test_denied_asked_or_rejected_words_are_left_alone(text: str) -> None:
    assert words(text, "magic", "sparkle") == []


def test_a_finding_says_whose_rule_it_is_and_what_to_say() -> None:
    (found,) = check_text("Pure magic.", clinic=own("magic", severity="error"))
    assert (found.kind, found.severity, found.message) == (
        "house_style", "error", "We do not say this.",
    )  # fmt: skip
    assert found.rule == "The clinic’s own rule"
    assert found.suggestion == "Say it so."


# --- what staff may type --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["", " ", "!!!", "\u200b", "...4", "^ $", "|", "a " * (MOST_WORDS + 1), "x" * 10_000]
)
def test_what_cannot_be_looked_for_is_refused_and_harms_nothing(typed: str) -> None:
    if typed != "...4":  # the number alone is a word like any other
        assert phrase(typed) is None
    assert words("Any text 5 of | it. x ^ $ a a", typed) == []


@pytest.mark.parametrize("typed", [".*", "(a+)+$", "safe|best", "@drug", "=best", "!safe", "the?"])
def test_signs_have_no_meaning_of_their_own(typed: str) -> None:
    text = "The safe place has drugs. The best medicine, anything at all."
    before = check_text(text)
    after = check_text(text, clinic=own(typed))
    assert without_own(after) == before
    for found in after:
        if found.rule_id == "clinic-1":
            assert found.text.lower().strip("s") in typed.lower()


TYPED = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(["cure", "safe", "針", "ش", "(", ")*", "[", "\\", "…", "-", "'", "\u200b"]),
        max_size=15,
    ).map(" ".join),
)


@settings(max_examples=60, deadline=None)
@given(typed=st.lists(TYPED, max_size=4), text=st.text(max_size=120))
def test_nothing_that_is_typed_breaks_the_check_or_hides_another_finding(
    typed: list[str], text: str
) -> None:
    clinic = own(*typed, kind="cure")
    for each in (text, BREACH):
        assert without_own(check_text(each, clinic=clinic)) == check_text(each)


def test_built_in_findings_of_the_corpus_stay_as_they_are() -> None:
    clinic = own("treatment", "pain", "we", "needles healing", "new knees", kind="proven")
    for text, _ in wording_quality.sentences("dev"):
        assert without_own(check_text(text, clinic=clinic)) == check_text(text)


def test_work_grows_no_faster_than_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [0]
    plain = patterns.match_at

    def counted(*args: Any) -> int:
        calls[0] += 1
        return plain(*args)

    monkeypatch.setattr(patterns, "match_at", counted)
    clinic = own(*(f"a {'b ' * number}c" for number in range(10)))
    done = []
    for times in (200, 800):
        calls[0] = 0
        check_text("a b b b b b b b b b d. " * times, clinic=clinic)
        done.append(calls[0])
    assert done[1] <= 4.5 * done[0] + 100


# --- switching ------------------------------------------------------------------------------------


def switched(rule: str, severity: str) -> ClinicSet:
    return ClinicSet(severities=((rule, severity),))


def test_a_rule_can_be_a_warning_or_be_off() -> None:
    text = "It is proven to work."
    assert [each.severity for each in check_text(text)] == ["error"]
    found = check_text(text, clinic=switched("proven", "warning"))
    assert [each.severity for each in found] == ["warning"]
    assert check_text(text, clinic=switched("proven", OFF)) == []


def test_a_warning_can_be_an_error() -> None:
    found = check_text("We are the best clinic.", clinic=switched("superlative", "error"))
    assert [each.severity for each in found] == ["error"]


@pytest.mark.parametrize(
    "rule", [each.id for each in load("uk").rules.values() if each.kind in NEVER_OFF]
)
def test_some_kinds_never_go_off(rule: str) -> None:
    clinic = switched(rule, OFF)
    texts = [text for part in wording_quality.PARTS for text, _ in wording_quality.sentences(part)]
    found = [each for text in texts for each in check_text(text, clinic=clinic)]
    assert {each.severity for each in found if each.rule_id == rule} == {"warning"}


def test_a_rule_taken_down_does_not_hide_one_that_was_not() -> None:
    # A cure told as a patient's story counts as the story, which the clinic takes less seriously.
    text = "“My sciatica is cured for good,” says Ann."
    for severity in ("warning", OFF):
        found = check_text(text, clinic=switched("testimonial", severity))
        assert "error" in {each.severity for each in found}


def test_a_rule_nobody_knows_changes_nothing() -> None:
    assert check_text(BREACH, clinic=switched("no-such", OFF)) == check_text(BREACH)
    assert check_text(BREACH, clinic=switched("cure", "loud")) == check_text(BREACH)


# --- the page check and the command ---------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_check_uses_both() -> None:
    ClinicRule.objects.create(phrases=["magic"], kind="house_style", severity="error", reason="No.")
    ClinicRule.objects.create(phrases=["bus"], kind="house_style", reason="No.", is_active=False)
    RuleSeverity.objects.create(rule="proven", severity=OFF, note="Ours is")
    page = InformationPage(title="T", summary="S", body="Pure magic. A bus. It is proven to work.")
    (found,) = wording_of(Candidate(Draft(page)))
    assert (found.words, found.level) == ("magic", Level.ERROR)


@pytest.mark.django_db
def test_files_are_read_with_the_clinic_s_rules_only_if_asked(tmp_path: Any) -> None:
    ClinicRule.objects.create(phrases=["magic"], kind="house_style", reason="No.")
    make_information_page(body="Pure magic.")
    path = tmp_path / "page.md"
    path.write_text("Pure magic.", encoding="utf-8")

    def run(*args: str) -> str:
        out = io.StringIO()
        call_command("check_claims", *args, stdout=out)
        return out.getvalue()

    assert run(str(path)) == ""
    assert "house_style" in run(str(path), "--clinic")
    assert "house_style" in run()


# --- the admin ------------------------------------------------------------------------------------


def rule_form(**changes: Any) -> dict[str, Any]:
    return {
        "phrases": "magic\nfairy dust",
        "kind": "house_style",
        "severity": "warning",
        "reason": "It is none.",
        "suggestion": "Say what happens.",
        "is_active": "on",
    } | changes


@pytest.mark.django_db
def test_a_manager_adds_a_rule(staff: StaffClient) -> None:
    make_clinic()
    assert staff("Manager").post(ADD, rule_form()).status_code == 302
    assert ClinicRule.objects.get().phrases == ["magic", "fairy dust"]
    assert AuditEntry.objects.filter(act="added").count() == 1
    page = InformationPage(title="T", summary="S", body="It is fairy dust.")
    assert [each.words for each in wording_of(Candidate(Draft(page)))] == ["fairy dust"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["Author", "Editor", "Clinical reviewer", "Reception"])
def test_nobody_else_touches_rules(staff: StaffClient, role: str) -> None:
    make_clinic()
    client = staff(role)
    assert client.post(ADD, rule_form()).status_code == 403
    assert client.post(SWITCH, {"rule": "proven", "severity": OFF}).status_code == 403
    assert client.get(reverse("admin:evidence_clinicrule_changelist")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    "phrases",
    ["", "!!!", "x" * 10_000, "one two three four five six seven eight nine ten eleven twelve more",
     "\n".join(f"word{number}" for number in range(60))],
)  # fmt: skip
def test_rules_nobody_can_look_for_are_refused(staff: StaffClient, phrases: str) -> None:
    make_clinic()
    response = staff("Manager").post(ADD, rule_form(phrases=phrases))
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not ClinicRule.objects.exists()


@pytest.mark.django_db
def test_switching_needs_a_note_and_a_rule_that_exists(staff: StaffClient) -> None:
    make_clinic()
    client = staff("Manager")
    for sent in (
        {"rule": "proven", "severity": OFF, "note": ""},
        {"rule": "no-such", "severity": OFF, "note": "Why not"},
        {"rule": "cure", "severity": OFF, "note": "We do"},
    ):
        assert client.post(SWITCH, sent).status_code == 200
    assert not RuleSeverity.objects.exists()
    for rule, severity in (("proven", OFF), ("cure", "warning")):
        sent = {"rule": rule, "severity": severity, "note": "Agreed"}
        assert client.post(SWITCH, sent).status_code == 302
    content = client.get(reverse("admin:evidence_ruleseverity_changelist")).content.decode()
    assert "Agreed" in content


def test_the_model_itself_refuses_to_switch_off_what_must_stay() -> None:
    with pytest.raises(ValidationError, match="cannot be switched off"):
        RuleSeverity(rule="medicine", severity=OFF, note="No").clean()
