"""Finds claims to help a condition, and judges them by the therapy's list of accepted ones.

Source: claims-rules 2 (lists) and 3 (unsupported_condition, scope_overreach). A hedge does not
rescue a claim, and a list of conditions under a therapy is a claim for each.
"""

from collections.abc import Iterator

from evidence.wording.limits import Lack, Limits
from evidence.wording.rules import Named, Rule
from evidence.wording.sentence import Sentence, Span
from evidence.wording.wordings import Hit, is_report

_FAR = 30
_NEEDLES = frozenset({"acupuncture", "dry_needling"})


def find(sentence: Sentence, limits: Limits) -> Iterator[Hit]:
    """Yield each claim beyond what is accepted, the limits that the text states considered."""
    if not sentence.conditions or not _may_claim(sentence):
        return
    for start, end, condition in sentence.conditions:
        if end <= sentence.borrowed:
            continue
        claim = _claim(sentence, start, end)
        if claim is None:
            continue
        therapy = sentence.therapy_at(claim[1] if claim[0] < start else claim[0])
        found = _judge(sentence, condition, therapy, limits)
        if found is not None:
            rule, severity, lack = found
            yield Hit(start, end, rule, severity or rule.severity, lack)


def is_made(sentence: Sentence) -> bool:
    """Say whether the sentence claims to help a condition, within what is accepted or not.

    What a list's heading says is said there, and not in each of its items.
    """
    lead = sentence.unit.lead
    first = sentence.borrowed if lead is not None and lead.role == "heading" else 0
    return _may_claim(sentence) and any(
        end > first and _claim(sentence, start, end) is not None
        for start, end, _ in sentence.conditions
    )


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
    sentence: Sentence, condition: Named, therapy: str | None, limits: Limits
) -> tuple[Rule, str, Lack | None] | None:
    accepted = sentence.rules.accepted
    entry = accepted.get(therapy or "unknown", accepted["unknown"])
    if entry.get("any"):
        hedged = "warning" if sentence.has("hedge") else ""
        return sentence.rules.rules[entry["any"]], hedged, None
    known = entry["conditions"]
    family = next((name for name in sorted(condition.families) if name in known), None)
    if family is None:
        overreach = condition.families & set(entry.get("overreach", ()))
        rule = entry["scope"] if overreach else entry["otherwise"]
        return sentence.rules.rules[rule], "", None
    needed = known[family] or []
    rule = sentence.rules.rules[entry["scope"]]
    if needed and sentence.has("overreach"):
        return rule, "", None
    own = frozenset(name for name in needed if not sentence.has(name))
    lack = Lack(own, condition.families)
    missing = limits.lacking(lack, sentence.unit.section)
    return (rule, "", Lack(missing, condition.families)) if missing else None
