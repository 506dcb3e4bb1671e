"""Finds claims to help a condition, and judges them by the therapy's list of accepted ones.

Source: claims-rules 2 (lists) and 3 (unsupported_condition, scope_overreach). A hedge does not
rescue a claim, and a list of conditions under a therapy is a claim for each.
"""

from collections.abc import Iterator

from evidence.wording.rules import Named, Rule
from evidence.wording.sentence import Sentence, Span
from evidence.wording.wordings import Hit, is_report

_FAR = 30
_NEEDLES = frozenset({"acupuncture", "dry_needling"})


def find(sentence: Sentence, section_frames: frozenset[str]) -> Iterator[Hit]:
    """Yield (start, end, rule, severity) for each claim beyond what is accepted.

    `section_frames` are the limits ("short-term", "relief") stated right under the heading.
    """
    if not sentence.conditions or not _may_claim(sentence):
        return
    for start, end, condition in sentence.conditions:
        if end <= sentence.borrowed:
            continue
        claim = _claim(sentence, start, end)
        if claim is None:
            continue
        therapy = sentence.therapy_at(claim[1] if claim[0] < start else claim[0])
        rule, severity = _judge(sentence, condition, therapy, start, section_frames)
        if rule is not None:
            yield start, end, rule, severity or rule.severity


def _may_claim(sentence: Sentence) -> bool:
    if sentence.is_question or sentence.is_rejected or sentence.has("not_a_claim"):
        return False
    if sentence.has("uncertain") or is_report(sentence):
        return False
    named = [body for _, _, body in sentence.bodies if "generic" not in body.families]
    directions = ("guideline_yes", "guideline_weak", "guideline_no", "guideline_says")
    return not (named and any(sentence.has(name) for name in directions))


def _claim(sentence: Sentence, start: int, end: int) -> Span | None:
    """Return the words that make the claim about the condition at the place, if there are any."""
    for name, before in (("treats", True), ("offered_for", True), ("treated", False)):
        for s, e in sentence.frames.get(name, ()):
            near = 0 <= start - e <= _FAR if before else 0 <= s - end <= 10
            near = near or (sentence.follows_teaser and s >= end)
            if near and _holds(sentence, name, s, e, start):
                return s, e
    for s, e in sentence.frames.get("conditions_treated", ()):
        if e <= start:
            return s, e
    return None


def _holds(sentence: Sentence, name: str, s: int, e: int, condition: int) -> bool:
    if sentence.overlaps(sentence.frames.get("not_treating", ()), s, e):
        return False
    if sentence.negated(s, e) or sentence.overlaps(
        sentence.frames.get("contrast", ()), e, condition
    ):
        return False
    if name == "offered_for":
        return not sentence.has("evidence_word") and _is_needles_or_ours(sentence, s)
    return _has_claimant(sentence, s, e)


def _is_needles_or_ours(sentence: Sentence, at: int) -> bool:
    return sentence.therapy_at(at) is not None or sentence.has("claimant")


def _has_claimant(sentence: Sentence, s: int, e: int) -> bool:
    """Say whether the clinic or its therapy does the helping, rather than rest or a painkiller."""
    clause = sentence.clauses[s]
    ours = [b for a, b in sentence.frames.get("claimant", ()) if b <= s]
    ours += [b for _, b, _ in sentence.therapies if b <= s]
    others = [
        b
        for a, b in sentence.frames.get("other_subject", ())
        if b <= s and sentence.clauses[a] == clause
    ]
    if others and (not ours or max(others) > max(ours)):
        return False
    if ours or sentence.borrowed:
        return True
    after = [a for a, _, _ in sentence.therapies if a >= e]
    starts_so = not any(token.is_word for token in sentence.tokens[:s])
    return (
        bool(after)
        or (starts_so and sentence.page_therapy is not None)
        or (sentence.page_therapy in _NEEDLES)
    )


def _judge(
    sentence: Sentence, condition: Named, therapy: str | None, at: int, section: frozenset[str]
) -> tuple[Rule | None, str]:
    accepted = sentence.rules.accepted
    entry = accepted.get(therapy or "unknown", accepted["unknown"])
    if entry.get("any"):
        hedged = "warning" if sentence.has("hedge") else ""
        return sentence.rules.rules[entry["any"]], hedged
    limits = entry["conditions"]
    family = next((name for name in sorted(condition.families) if name in limits), None)
    if family is None:
        overreach = condition.families & set(entry.get("overreach", ()))
        rule = entry["scope"] if overreach else entry["otherwise"]
        return sentence.rules.rules[rule], ""
    return _limits_kept(sentence, limits[family] or [], at, section, entry)


def _limits_kept(
    sentence: Sentence, needed: list[str], at: int, section: frozenset[str], entry: "dict[str, str]"
) -> tuple[Rule | None, str]:
    missing = [name for name in needed if not sentence.has(name) and name not in section]
    if missing or (needed and sentence.has("overreach")):
        return sentence.rules.rules[entry["scope"]], ""
    return None, ""
