"""A sentence with what surrounds its words: clauses, negation, hedges, questions, quotations."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from evidence.wording.rules import Named, RuleSet
from evidence.wording.tokens import Token
from evidence.wording.units import Unit

# Claims-rules 4: a negator counts in the same clause, within about six words before the wording.
_REACH = 6
_REACH_BACK = 6
_STOPS = frozenset({";", "–", "—", ":", "but", "however", "yet", "although", "though", "whereas",
                    "while"})  # fmt: skip
_SUBJECTS = frozenset({"it", "we", "they", "this", "you", "acupuncture", "treatment", "needling"})
_JOINS = frozenset({",", "and", "so"})
Span = tuple[int, int]


@dataclass
class Sentence:
    """The tokens of a sentence. The first `borrowed` of them are the lead-in's, for list items."""

    unit: Unit
    tokens: list[Token]
    borrowed: int
    rules: RuleSet
    text: str
    page_therapy: str | None = None
    follows_teaser: bool = False
    carried_therapy: str | None = None
    frames: dict[str, list[Span]] = field(init=False)
    clauses: list[int] = field(init=False)
    conditions: list[tuple[int, int, Named]] = field(init=False)
    bodies: list[tuple[int, int, Named]] = field(init=False)
    therapies: list[tuple[int, int, Named]] = field(init=False)
    is_cited: bool = False
    context: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        found: dict[str, list[Span]] = defaultdict(list)
        for start, end, name in self.rules.frames.find(self.tokens):
            found[str(name)].append((start, end))
        self.frames = found
        self.clauses = _clauses(self.tokens)
        self.conditions = _longest(self.rules.conditions.find(self.tokens))
        self.bodies = _longest(self.rules.bodies.find(self.tokens))
        self.therapies = _longest(self.rules.therapies.find(self.tokens))

    @property
    def said(self) -> str:
        """The sentence in one line, after the words it leans on."""
        return " ".join(" ".join((*self.context, self.text)).split())

    def has(self, frame: str) -> bool:
        """Say whether the sentence holds a wording of the frame."""
        return frame in self.frames

    @property
    def is_question(self) -> bool:
        """Say whether it is a genuine question; one that takes the claim for granted is not."""
        if not self.text.rstrip(" \"')").endswith("?") or self.has("leading_question"):
            return False
        return self.has("question_word")

    @property
    def is_teaser(self) -> bool:
        """Say whether it is a question such as "Migraines?" whose answer follows at once."""
        return (
            bool(self.conditions)
            and self.text.rstrip(" \"')").endswith("?")
            and not self.is_question
            and len(self.tokens) - self.borrowed <= 10
        )

    @property
    def is_rejected(self) -> bool:
        """Say whether it quotes a wording in order to reject it."""
        return self.has("rejecting")

    def negated(self, start: int, end: int) -> bool:
        """Say whether the wording is denied in its clause."""
        clause = self.clauses[start]
        if any(e <= start and self.clauses[s] == clause for s, e in self._true("no_evidence")):
            return True
        before = [
            (s, e)
            for s, e in self._true("negator")
            if e <= start and start - e < _REACH and self.clauses[s] == clause
        ]
        if before:
            return not self._is_double(before)
        return any(
            end <= s < end + _REACH_BACK and self.clauses[s] == clause
            for s, _ in self._true("negator_after")
        )

    def _true(self, frame: str) -> list[Span]:
        false = self.frames.get("false_negation", ())
        return [
            (s, e)
            for s, e in self.frames.get(frame, ())
            if not any(s < fe and fs < e for fs, fe in false)
        ]

    def _is_double(self, spans: list[Span]) -> bool:
        """Two denials close together cancel out, unless they are listed: "cannot and do not"."""
        if len(spans) < 2:
            return False
        (_, end), (start, _) = spans[-2:]
        between = {token.form for token in self.tokens[end:start]}
        return start - end <= 2 and not between & {"and", "or", ",", "nor"} and start >= end

    @property
    def therapy(self) -> str | None:
        """The therapy the sentence is about: the one it names, or else the page's."""
        return self.therapy_at(len(self.tokens))

    def therapy_at(self, at: int) -> str | None:
        """Return the therapy named last before the token, here or in the sentences before.

        Failing these, the first named after it, or else the page's.
        """
        before = [named for _, end, named in self.therapies if end <= at]
        if before:
            return before[-1].id
        if self.carried_therapy:
            return self.carried_therapy
        after = [named for start, _, named in self.therapies if start >= at]
        return after[0].id if after else self.page_therapy

    def overlaps(self, spans: Iterable[Span], start: int, end: int) -> bool:
        """Say whether one of the spans shares a word with the stretch."""
        return any(s < end and start < e for s, e in spans)


def _clauses(tokens: list[Token]) -> list[int]:
    found, clause = [], 0
    for place, token in enumerate(tokens):
        following = tokens[place + 1].form if place + 1 < len(tokens) else ""
        if token.form in _STOPS or (token.form in _JOINS and following in _SUBJECTS):
            clause += 1
        found.append(clause)
    return found


def _longest(hits: list[tuple[int, int, object]]) -> list[tuple[int, int, Named]]:
    """Keep the longest of names that overlap: "knee osteoarthritis", not "osteoarthritis"."""
    kept: list[tuple[int, int, Named]] = []
    for start, end, value in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if isinstance(value, Named) and (not kept or start >= kept[-1][1]):
            kept.append((start, end, value))
    return kept
