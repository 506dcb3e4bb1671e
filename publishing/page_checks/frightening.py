"""Words that make people afraid of their own bodies, with kinder ones that say no less."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from publishing.checks import Candidate, Finding, Level, register_check
from publishing.page_checks.places import places
from publishing.page_checks.prose import sentences

_LIST = Path(__file__).with_name("frightening_words.yaml")
# Between quotation marks somebody else's word is told, not used.
_QUOTED = re.compile(
    r"“[^“”]{1,200}”|\"[^\"\n]{1,200}\"|‘[^‘]{1,200}?’(?!\w)|(?<!\w)'[^'\n]{1,200}'(?!\w)"
)
# So too in a sentence that is about the word.
_NAMING = re.compile(
    r"\b(?:may|might|will|often|also|sometimes)\s+(?:hear|read|see\s+the)\b"
    r"|\bthe\s+(?:words?|terms?|names?|phrases?|labels?)\b"
    r"|\b(?:known|described)\s+as\b|\b(?:is|are|was|were|been|being|sometimes|often|also|used\s+to\s+be)"
    r"\s+called\b|\bwhat\s+(?:people|some|doctors|clinicians)\s+call\b|\bother\s+names?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Rule:
    """A group of terms with what to say instead, and why."""

    terms: tuple[str, ...]
    kinder: str
    reason: str
    level: Level
    unless: tuple[str, ...] = ()


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules as the list has them."""
    rows = yaml.safe_load(_LIST.read_text(encoding="utf-8"))
    return tuple(
        Rule(
            tuple(row["terms"]),
            row["kinder"],
            row["reason"],
            Level(row.get("level", "warning")),
            tuple(row.get("unless", ())),
        )
        for row in rows
    )


@cache
def _patterns() -> tuple[tuple[Rule, re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (rule, _any_of(rule.terms), _any_of(rule.unless) if rule.unless else None)
        for rule in rules()
    )


def _any_of(terms: tuple[str, ...]) -> re.Pattern[str]:
    # A space in the list stands for a space, a line end or a hyphen.
    longest_first = sorted(terms, key=len, reverse=True)
    words = (r"[\s\-‑]".join(re.escape(word) for word in term.split()) for term in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


@register_check
def frightening_words(candidate: Candidate) -> Iterator[Finding]:
    """Find words that frighten. A page may tell such a word to explain it."""
    names = " / ".join(getattr(candidate.page, "also_known_as", None) or ())
    # What people look the page up by: the page has to use such a word somewhere.
    looked_for = {rule for rule, pattern, _ in _patterns() if pattern.search(names)}
    for place in places(candidate):
        for block in place.blocks:
            for rule, match in _found(block.text):
                if rule.level is Level.HINT and rule in looked_for:
                    continue
                yield Finding(
                    rule.level,
                    place.field,
                    match[0],
                    rule.reason,
                    f"Try: {rule.kinder}",
                    place.line(block, match.start()),
                )


def _found(text: str) -> Iterator[tuple[Rule, re.Match[str]]]:
    hits = [
        (rule, match)
        for rule, pattern, unless in _patterns()
        for match in pattern.finditer(text)
        if unless is None or not unless.search(text, max(0, match.start() - 60), match.end() + 60)
    ]
    if not hits:
        return
    told = [match.span() for match in _QUOTED.finditer(text)]
    told += [
        (sentence.start, sentence.start + len(sentence.text))
        for sentence in sentences(text)
        if _NAMING.search(sentence.text)
    ]
    for rule, match in sorted(hits, key=lambda hit: hit[1].start()):
        if not any(start <= match.start() and match.end() <= end for start, end in told):
            yield rule, match
