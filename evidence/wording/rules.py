"""Loads a country's rules: every YAML file of the folder `rules/<name>/`. No other code knows them.

A set holds `classes` (lists of words), `rules` (patterns by kind),
`frames` (negation, questions, rejection …), `conditions`, `therapies` and `bodies`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from evidence.wording.inflect import forms
from evidence.wording.patterns import Pattern, PatternIndex, parse
from evidence.wording.tokens import Lexicon

_PATTERNS = ("needs", "unless", "safe", "patterns")
_FOLDER = Path(__file__).resolve().parent / "rules"


class UnknownRules(ValueError):
    """There is no set of rules of that name."""


@dataclass(frozen=True, eq=False)
class Rule:
    """Why a wording is doubtful, which rule says so, and what may be said instead.

    `beside` names what has to stand beside it (a frame, a kind, `claim`, `condition`), in the same
    block or, `under_heading`, in the heading above; `roles` the only units that are looked at.
    """

    id: str
    kind: str
    severity: str
    reason: str
    rule: str
    suggestion: str
    negatable: bool = True
    hedgeable: bool = False
    questions: bool = True
    denied_within: bool = False
    cited: str = ""
    beside: str = ""
    under_heading: bool = False
    roles: str = ""
    needs: PatternIndex | None = None
    unless: PatternIndex | None = None
    safe: PatternIndex | None = None


@dataclass(frozen=True, eq=False)
class Named:
    """A condition, body or therapy, and the wider families it belongs to."""

    id: str
    families: frozenset[str]


@dataclass
class RuleSet:
    """Everything the engine knows of a country's rules and of the language.

    `severities` holds what a clinic has switched, by rule. `subordinate` names the rules that a
    clinic added or switched: their findings never hide those of another rule.
    """

    lexicon: Lexicon
    rules: dict[str, Rule]
    patterns: PatternIndex
    frames: PatternIndex
    conditions: PatternIndex
    bodies: PatternIndex
    therapies: PatternIndex
    accepted: Mapping[str, Any]
    table: list[Mapping[str, Any]]
    severities: Mapping[str, str] = field(default_factory=dict)
    subordinate: frozenset[str] = frozenset()


def names() -> list[str]:
    """Return the names of the sets there are."""
    return sorted(path.name for path in _FOLDER.iterdir() if path.is_dir())


@lru_cache(maxsize=8)
def load(name: str) -> RuleSet:
    """Load a set by name. Raises UnknownRules when there is none."""
    if name not in names():
        raise UnknownRules(f"There are no rules called {name}. There are: {', '.join(names())}.")
    data = _merge(
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((_FOLDER / name).glob("*.yaml"))
    )
    classes = {key: str(words).split() for key, words in data["classes"].items()}

    seen: list[Pattern] = []

    def read(source: str) -> Pattern:
        seen.append(parse(source, classes))
        return seen[-1]

    rules, patterns = _rules(data["rules"], read)
    frames = PatternIndex()
    for key, sources in data["frames"].items():
        for source in sources:
            frames.add(read(source), key)
    conditions, bodies, therapies = (
        _named(data[key], read) for key in ("conditions", "bodies", "therapies")
    )
    return RuleSet(
        lexicon=Lexicon(_lemmas(seen)),
        rules=rules,
        patterns=patterns,
        frames=frames,
        conditions=conditions,
        bodies=bodies,
        therapies=therapies,
        accepted=data["accepted"],
        table=data["table"],
    )


def _merge(documents: Iterable[Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for document in documents:
        for key, value in (document or {}).items():
            if key not in merged:
                merged[key] = value
            elif isinstance(value, dict):
                merged[key] = merged[key] | value
            else:
                merged[key] = merged[key] + value
    return merged


def _lemmas(patterns: Iterable[Pattern]) -> dict[str, frozenset[str]]:
    """Return, for each form of each word that a pattern names, the words it may belong to."""
    words = {
        word
        for pattern in patterns
        for element in pattern.elements
        if not element.exact
        for word in element.words
    }
    found: dict[str, set[str]] = {}
    for word in words:
        for form in forms(word):
            found.setdefault(form, set()).add(word)
    return {form: frozenset(lemmas) for form, lemmas in found.items()}


def _rules(
    entries: Iterable[Mapping[str, Any]], read: Callable[[str], Pattern]
) -> tuple[dict[str, Rule], PatternIndex]:
    rules: dict[str, Rule] = {}
    patterns = PatternIndex()
    for entry in entries:
        settings = {name: value for name, value in entry.items() if name not in _PATTERNS}
        rule = Rule(
            **settings,
            needs=_guard(entry.get("needs", []), read),
            unless=_guard(entry.get("unless", []), read),
            safe=_guard(entry.get("safe", []), read),
        )
        rules[rule.id] = rule
        for source in entry.get("patterns", []):
            patterns.add(read(source), rule)
    return rules, patterns


def _guard(sources: Iterable[str], read: Callable[[str], Pattern]) -> PatternIndex | None:
    found = PatternIndex()
    for source in sources:
        found.add(read(source), True)
    return found if found.by_word else None


def _named(
    entries: Mapping[str, Mapping[str, Any]], read: Callable[[str], Pattern]
) -> PatternIndex:
    found = PatternIndex()
    for name, entry in entries.items():
        value = Named(name, frozenset({name, *str(entry.get("family", "")).split()}))
        for source in entry["names"]:
            found.add(read(source), value)
    return found
