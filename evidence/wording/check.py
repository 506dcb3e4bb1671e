"""The check itself: units, their sentences, and what each module finds in them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from evidence.wording import claims, guidelines, wordings
from evidence.wording.beside import Read, settled
from evidence.wording.clinic import OFF, ClinicSet, load_with
from evidence.wording.findings import Finding
from evidence.wording.limits import Lack, Limits
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


# What two findings have to share for one of them to be enough.
_Key = tuple[int, int, str, str]


def check_text(
    text: str,
    *,
    format: str = "markdown",  # noqa: A002
    therapy: str | None = None,
    rules: str = "uk",
    clinic: ClinicSet = ClinicSet(),  # noqa: B008 (it cannot be changed)
    page: str = "",
    role: str = "",
) -> list[Finding]:
    """Return the doubtful wordings of a text, in order. None found does not mean that all is well.

    `format` is markdown, html or text; `therapy` is the one the page is about, where it is about
    one; `rules` names the country's set, and `clinic` is what a clinic adds to it. `page` is the
    whole Markdown of the page, where the text is a part of one: it may state what limits a claim.
    `role` is what the whole text is, where it is no prose: `alt` or `caption` of a picture.
    """
    if format not in FORMATS:
        raise ValueError(f"The format is one of {', '.join(FORMATS)}, not {format}.")
    known = load_with(rules, clinic)
    found: dict[_Key, Finding] = {}
    line_starts = [0, *(place + 1 for place, mark in enumerate(text) if mark == "\n")]
    limits = Limits()
    lacking: dict[_Key, Lack] = {}
    for sentence, hit in _settled(_units(text, format, role), known, therapy, limits):
        finding = _finding(text, line_starts, sentence, hit)
        place = _place(finding, known)
        if place not in found:
            found[place] = finding
            if hit.lack:
                lacking[place] = hit.lack
    around = limits_of(page, known) if lacking and page else Limits()
    for place, lack in lacking.items():
        _weigh(found, place, lack, limits, around)
    return _without_nested(_one_kind_a_place(sorted(found.values()), known), known)


def _units(text: str, format: str, role: str) -> list[Unit]:  # noqa: A002
    units = read_units(text, format)
    for unit in units if role else ():
        unit.role = role
    return units


def limits_of(page: str, known: RuleSet) -> Limits:
    """Return what a page states of the limits of its claims."""
    limits = Limits()
    for number, unit in enumerate(read_units(page, "markdown")):
        for sentence in _sentences(unit, known, None):
            limits.read(number, sentence)
    return limits


def _weigh(
    found: dict[_Key, Finding], place: _Key, lack: Lack, limits: Limits, around: Limits
) -> None:
    """Let a claim be whose limits the page opens with, and warn where it has them elsewhere."""
    if not around.lacking(lack):
        del found[place]
    elif limits.stated_at_all(lack) or around.stated_at_all(lack):
        found[place] = replace(found[place], severity="warning")


def _settled(
    units: Iterable[Unit], known: RuleSet, therapy: str | None, limits: Limits
) -> Iterator[tuple[Sentence, Hit]]:
    """Yield what is found in each unit, and gather on the way what the text states."""
    headings: dict[int, list[Read]] = {}
    for number, unit in enumerate(units):
        read: list[Read] = []
        for sentence in _sentences(unit, known, therapy):
            read.append(Read(sentence, list(_hits(sentence, limits))))
            limits.read(number, sentence)
        if unit.role == "heading":
            headings[unit.section] = read
        yield from settled(read, headings.get(unit.section, ()))


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


def _hits(sentence: Sentence, limits: Limits) -> Iterator[Hit]:
    switched = sentence.rules.severities
    finders = [wordings.find(sentence)]
    if sentence.unit.role != "file_name":
        finders += [claims.find(sentence, limits), guidelines.find(sentence)]
    for hit in chain(*finders):
        severity = switched.get(hit.rule.id, hit.severity)
        if severity != OFF:
            yield hit._replace(severity=severity)


def _place(finding: Finding, known: RuleSet) -> _Key:
    rule = finding.rule_id if finding.rule_id in known.subordinate else ""
    return finding.start, finding.end, finding.kind, rule


def _finding(text: str, line_starts: list[int], sentence: Sentence, hit: Hit) -> Finding:
    first, last, rule, severity, _ = hit
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
