"""Judges who is said to recommend what, by the table of attributions (claims-rules 4)."""

from collections.abc import Iterator

from evidence.wording.rules import Named
from evidence.wording.sentence import Sentence, Span
from evidence.wording.wordings import Hit

_WRITTEN = {"who": "WHO", "nice": "NICE", "sign": "SIGN"}
_DISTANCE = 14


def find(sentence: Sentence) -> Iterator[Hit]:
    """Yield one hit for each body that is said to support more than the table allows."""
    if not sentence.bodies or sentence.is_question or sentence.is_rejected:
        return
    rule = sentence.rules.rules["guideline-misattributed"]
    for start, end, body in sentence.bodies:
        if not _is_meant(sentence, start, end) or sentence.has("replaced"):
            continue
        words = _approval(sentence, start, end, body)
        if words is None or not _is_about_us(sentence, body):
            continue
        if not _is_allowed(sentence, body):
            first, last = min(start, words[0]), max(end, words[1])
            if last > sentence.borrowed:
                yield Hit(first, last, rule, rule.severity)


def _is_meant(sentence: Sentence, start: int, end: int) -> bool:
    """Tell NICE from nice and WHO from who: only the capitals name the body."""
    token = sentence.tokens[start]
    written = _WRITTEN.get(token.form)
    return end - start > 1 or written is None or token.written == written


def _approval(sentence: Sentence, start: int, end: int, body: Named) -> Span | None:
    """Return the words of approval near the body's name that are not denied."""
    if sentence.has("guideline_no") or sentence.has("uncertain"):
        return None
    is_generic = "generic" in body.families
    names = ("guideline_generic",) if is_generic else ("guideline_yes", "guideline_weak")
    for name in names:
        for s, e in sentence.frames.get(name, ()):
            near = 0 <= s - end <= _DISTANCE or 0 <= start - e <= _DISTANCE
            if near and not sentence.negated(s, e):
                return s, e
    return None


def _is_about_us(sentence: Sentence, body: Named) -> bool:
    """Say whether needling, or what the clinic does, is the thing approved."""
    needles = [named for _, _, named in sentence.therapies if "needles" in named.families]
    if needles:
        return True
    if sentence.therapies or sentence.has("other_treatment"):
        return False
    if "generic" in body.families:
        return sentence.has("ours_strict")
    if sentence.conditions and sentence.page_therapy in ("acupuncture", "dry_needling"):
        return True
    return sentence.has("ours") or sentence.has("approved_label")


def _is_allowed(sentence: Sentence, body: Named) -> bool:
    weak = sentence.has("guideline_weak") and not sentence.has("guideline_strong")
    if not weak:
        return False
    if not sentence.conditions or "generic" in body.families:
        return True
    return all(_has_row(sentence, body, condition) for _, _, condition in sentence.conditions)


def _has_row(sentence: Sentence, body: Named, condition: Named) -> bool:
    return any(
        row["body"] == body.id and condition.families & set(row["conditions"])
        for row in sentence.rules.table
    )
