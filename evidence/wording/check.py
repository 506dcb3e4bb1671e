"""The check itself: units, their sentences, and what each module finds in them."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain

from evidence.wording import claims, guidelines, wordings
from evidence.wording.clinic import OFF, ClinicSet, load_with
from evidence.wording.findings import Finding
from evidence.wording.rules import RuleSet
from evidence.wording.sentence import Sentence
from evidence.wording.sentences import spans
from evidence.wording.tokens import Token
from evidence.wording.units import FORMATS, Unit, read_units
from evidence.wording.wordings import Hit

# A kind gives way, where the words overlap, to kinds that say more exactly what is wrong.
_YIELDS = {
    "cure": ("testimonial", "mechanism"),
    "proven": ("guarantee", "misattributed_guideline"),
    "mechanism": ("qi_fact",),
    "guarantee": ("testimonial",),
}
_LIMITS = ("limiter", "relief")


def check_text(
    text: str,
    *,
    format: str = "markdown",  # noqa: A002
    therapy: str | None = None,
    rules: str = "uk",
    clinic: ClinicSet = ClinicSet(),  # noqa: B008 (it cannot be changed)
) -> list[Finding]:
    """Return the doubtful wordings of a text, in order. None found does not mean that all is well.

    `format` is markdown, html or text; `therapy` is the one the page is about, where it is about
    one; `rules` names the country's set, and `clinic` is what a clinic adds to it.
    """
    if format not in FORMATS:
        raise ValueError(f"The format is one of {', '.join(FORMATS)}, not {format}.")
    known = load_with(rules, clinic)
    found: dict[tuple[int, int, str, str], Finding] = {}
    line_starts = [0, *(place + 1 for place, mark in enumerate(text) if mark == "\n")]
    limits: dict[int, frozenset[str]] = {}
    for unit in read_units(text, format):
        for sentence in _sentences(unit, known, therapy):
            stated = limits.get(unit.section, frozenset())
            for hit in _hits(sentence, stated):
                finding = _finding(text, line_starts, sentence, hit)
                found.setdefault(_place(finding, known), finding)
            if unit.role == "paragraph" and unit.section not in limits:
                limits[unit.section] = frozenset(n for n in _LIMITS if sentence.has(n))
    return _without_nested(_one_kind_a_place(sorted(found.values()), known), known)


def _sentences(unit: Unit, known: RuleSet, therapy: str | None) -> Iterator[Sentence]:
    lead, lead_words = _lead_tokens(unit.lead, known)
    asked: list[Token] = []
    asked_words = ""
    carried: str | None = None
    for start, end in spans(unit.text):
        tokens = [*asked, *known.lexicon.tokens(unit.text, start, end)]
        if not tokens:
            continue
        words = unit.text[start:end]
        sentence = Sentence(unit, [*lead, *tokens], len(lead), known, words, therapy)
        sentence.follows_teaser, sentence.carried_therapy = bool(asked), carried
        sentence.context = (lead_words, asked_words)
        sentence.is_cited = bool(unit.row_citations) or any(
            start < place <= end + 1 for place in unit.mapped.citations
        )
        carried = sentence.therapies[-1][2].id if sentence.therapies else carried
        asked = tokens if not asked and sentence.is_teaser else []
        asked_words = words if asked else ""
        yield sentence
        lead, lead_words = [], ""


def _lead_tokens(lead: Unit | None, known: RuleSet) -> tuple[list[Token], str]:
    """Return the last sentence of a lead-in, as tokens and as words."""
    if lead is None:
        return [], ""
    last = list(spans(lead.text))[-1:]
    tokens = [token for start, end in last for token in known.lexicon.tokens(lead.text, start, end)]
    while tokens and not tokens[-1].is_word:
        tokens.pop()
    return tokens[-40:], " ".join(lead.text[start:end] for start, end in last)


def _hits(sentence: Sentence, stated: frozenset[str]) -> Iterator[Hit]:
    switched = sentence.rules.severities
    finders = (wordings.find(sentence), claims.find(sentence, stated), guidelines.find(sentence))
    for start, end, rule, severity in chain(*finders):
        severity = switched.get(rule.id, severity)
        if severity != OFF:
            yield start, end, rule, severity


def _place(finding: Finding, known: RuleSet) -> tuple[int, int, str, str]:
    """Return what two findings have to share for one of them to be enough."""
    rule = finding.rule_id if finding.rule_id in known.subordinate else ""
    return finding.start, finding.end, finding.kind, rule


def _finding(text: str, line_starts: list[int], sentence: Sentence, hit: Hit) -> Finding:
    first, last, rule, severity = hit
    mapped = sentence.unit.mapped
    start = mapped.starts[sentence.tokens[max(first, sentence.borrowed)].start]
    end = mapped.ends[sentence.tokens[last - 1].end - 1]
    line = bisect_right(line_starts, start)
    return Finding(
        start=start,
        end=end,
        kind=rule.kind,
        severity=severity,
        line=line,
        column=start - line_starts[line - 1] + 1,
        text=text[start:end],
        message=rule.reason,
        rule=rule.rule,
        suggestion=rule.suggestion,
        rule_id=rule.id,
        sentence=sentence.said,
    )


def _one_kind_a_place(findings: list[Finding], known: RuleSet) -> list[Finding]:
    """Leave out a finding whose words another kind explains better, such as a cure in a story."""
    kept = []
    for place, finding in enumerate(findings):
        near = findings[max(0, place - 8) : place + 9]
        if not any(
            other.kind in _YIELDS.get(finding.kind, ())
            and other.rule_id not in known.subordinate
            and other.start < finding.end
            and finding.start < other.end
            for other in near
        ):
            kept.append(finding)
    return kept


def _without_nested(findings: list[Finding], known: RuleSet) -> list[Finding]:
    """Leave out a finding that lies within another of its kind: one is enough to see it."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda each: (each.start, -each.end)):
        covered = any(
            other.kind == finding.kind
            and other.end >= finding.end
            and (other.rule_id == finding.rule_id or other.rule_id not in known.subordinate)
            for other in kept[-8:]
        )
        if not covered:
            kept.append(finding)
    return sorted(kept)
