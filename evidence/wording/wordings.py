"""Finds doubtful wordings that the rules describe as patterns: cures, guarantees, safety …"""

from collections.abc import Iterator
from typing import NamedTuple

from evidence.wording.limits import Lack
from evidence.wording.patterns import PatternIndex
from evidence.wording.rules import Rule
from evidence.wording.sentence import Sentence


class Hit(NamedTuple):
    """A rule's words in a sentence, and what is missing where more words would put them right."""

    start: int
    end: int
    rule: Rule
    severity: str
    lack: Lack | None = None


def find(sentence: Sentence) -> Iterator[Hit]:
    """Yield each wording that nothing in the sentence excuses."""
    if sentence.is_rejected:
        return
    for start, end, rule in sentence.rules.patterns.find(sentence.tokens):
        if not isinstance(rule, Rule) or end <= sentence.borrowed:
            continue
        if (
            start < sentence.borrowed
            and sentence.unit.lead
            and (sentence.unit.lead.role == "heading")
        ):
            continue  # a heading is no part of the item's own sentence
        if not _is_read(rule, sentence.unit.role) or _is_excused(sentence, rule, start, end):
            continue
        yield Hit(start, end, rule, rule.severity)


def _is_read(rule: Rule, role: str) -> bool:
    """Say whether a rule looks at such a unit. A picture's file name is no prose."""
    return role in rule.roles.split() if rule.roles else role != "file_name"


def _is_excused(sentence: Sentence, rule: Rule, start: int, end: int) -> bool:
    tokens = sentence.tokens
    if rule.questions and sentence.is_question:
        return True
    if rule.safe and sentence.overlaps(_spans(rule.safe, sentence), start, end):
        return True
    if rule.unless and rule.unless.find(tokens):
        return True
    if rule.needs and not (rule.needs.find(tokens) or _condition_named(sentence)):
        return True
    if rule.negatable and sentence.negated(start, end):
        return True
    if rule.denied_within and sentence.negated(end - 1, end):
        return True
    if rule.hedgeable and (sentence.has("attributed") or sentence.has("uncertain")):
        return True
    return rule.cited == "allowed" and is_report(sentence)


def is_report(sentence: Sentence) -> bool:
    """Say whether the sentence reports a named study or guideline: cited, or with its figures."""
    return sentence.is_cited or (sentence.has("study") and sentence.has("figure"))


def _condition_named(sentence: Sentence) -> bool:
    return bool(sentence.conditions)


def _spans(index: PatternIndex, sentence: Sentence) -> list[tuple[int, int]]:
    return [(start, end) for start, end, _ in index.find(sentence.tokens)]
