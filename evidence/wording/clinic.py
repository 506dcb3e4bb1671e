"""What a clinic adds to a country's rules: words of its own, and severities that it switches.

Staff type plain words. They are read as the texts are and never as a pattern, so that nothing
somebody types can break the matching or make it slow.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from evidence.wording.inflect import forms
from evidence.wording.patterns import Element, Pattern, PatternIndex
from evidence.wording.rules import Rule, RuleSet, load
from evidence.wording.tokens import Lexicon
from evidence.wording.units import read_units

OFF = "off"
SEVERITIES = ("error", "warning", OFF)
MOST_WORDS = 12
OWN_KIND = "house_style"
# Claims-rules 5.11 asks that none of these is missed, and each is either unlawful whatever evidence
# there is (a cure, a guarantee), dangerous (safety, medicines) or a false statement about somebody
# else (guidelines). A clinic may take them down to a warning, which whoever publishes has to accept
# by name each time, but it may not stop looking.
NEVER_OFF = frozenset(
    {"cure", "guarantee", "safety_absolute", "discourage_medical", "misattributed_guideline"}
)
_LONGEST_PHRASE = 1000


@dataclass(frozen=True)
class ClinicRule:
    """A rule of the clinic's own: phrases, any of which is a finding unless it is denied."""

    id: str
    phrases: tuple[str, ...]
    kind: str
    severity: str
    reason: str
    suggestion: str = ""


@dataclass(frozen=True)
class ClinicSet:
    """All that a clinic adds. `severities` pairs a built-in rule's identifier with a severity."""

    rules: tuple[ClinicRule, ...] = ()
    severities: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=8)
def load_with(name: str, clinic: ClinicSet) -> RuleSet:
    """Load a country's rules with a clinic's additions."""
    base = load(name)
    if clinic == ClinicSet():
        return base
    own = {rule.id: _rule(rule) for rule in clinic.rules}
    patterns = PatternIndex({word: list(found) for word, found in base.patterns.by_word.items()})
    words: set[str] = set()
    for entry in clinic.rules:
        for typed in entry.phrases:
            pattern = phrase(typed, base.lexicon)
            if pattern is not None:
                patterns.add(pattern, own[entry.id])
                words.update(*(element.words for element in pattern.elements))
    severities = dict(_allowed(base, clinic.severities))
    return replace(
        base,
        lexicon=base.lexicon.extended(_forms(words)),
        rules={**own, **base.rules},
        patterns=patterns,
        severities=severities,
        subordinate=frozenset({*own, *severities}),
    )


def phrase(typed: str, lexicon: Lexicon | None = None) -> Pattern | None:
    """Return what to look for, or nothing where it holds no word or too many words.

    The words are taken as the check takes a page's: letters in any style, hyphens apart, hidden
    characters out. Every sign in them stands for itself.
    """
    known = lexicon or load("uk").lexicon
    text = " ".join(unit.text for unit in read_units(typed[:_LONGEST_PHRASE], "text"))
    tokens = known.tokens(text, 0, len(text))
    while tokens and not tokens[-1].is_word:
        tokens.pop()
    while tokens and not tokens[0].is_word:
        tokens.pop(0)
    if not tokens or len(tokens) > MOST_WORDS or len(typed) > _LONGEST_PHRASE:
        return None
    elements = tuple(Element(_lemmas(token.form, known.keys(token.form))) for token in tokens)
    return Pattern(text, elements)


def _rule(entry: ClinicRule) -> Rule:
    return Rule(
        id=entry.id,
        kind=entry.kind,
        severity="error" if entry.severity == "error" else "warning",
        reason=entry.reason,
        rule="The clinic’s own rule",
        suggestion=entry.suggestion,
    )


def _allowed(base: RuleSet, severities: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    for rule, severity in severities:
        if rule in base.rules and severity in SEVERITIES:
            is_fixed = severity == OFF and base.rules[rule].kind in NEVER_OFF
            yield rule, "warning" if is_fixed else severity


def _lemmas(form: str, keys: frozenset[str]) -> frozenset[str]:
    """Return the word typed and those it may be a form of, so that “heals” finds “healing” too."""
    stems = {form[:-1], form[:-2], form[:-3], form[:-2] + "e", form[:-3] + "e", form[:-3] + "y"}
    return keys | {stem for stem in stems if len(stem) > 2 and form in forms(stem)}


def _forms(words: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word in words:
        for form in forms(word):
            found.setdefault(form, set()).add(word)
    return {form: frozenset(lemmas) for form, lemmas in found.items()}
