"""Checks of what a page rests on: sources that no longer stand, and advice that it leaves out.

Keys of citations and claims that lead nowhere are mistakes of the text (`mistakes_of_evidence`).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q

from evidence.citations import cited_keys
from evidence.models import Claim, Source
from evidence.placed_claims import placed_keys
from publishing.checks import Candidate, Finding, Level, register_check
from publishing.page_checks.places import Place, places
from publishing.page_checks.prose import Sentence, sentences

_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
# A paragraph that cites what no longer stands says so with one of these.
_SAYS_SO = re.compile(
    r"\b(?:replac|supersed|withdr|retract|laps|out[- ]of[- ]date|outdated|former|no longer|histor"
    r"|obsolete|earlier|older|previous|before it\b)",
    re.IGNORECASE,
)
_WORKS = re.compile(
    r"\b(?:help|reliev|reduc|eas(?:e[sd]?|ing)\b|improv|treats?\b|treated\b|effective|benefi|sooth"
    r"|works? (?:well|for|on)\b|relief)",
    re.IGNORECASE,
)
# Words that turn it round or leave it open. Better to miss a sentence than to nag about a fair one.
_OPEN = re.compile(
    r"\b(?:not?|nor|never|neither|none|without|little|cannot|can’t|uncertain|unclear|unknown|whether"
    r"|if|against|sham|pretend|claims?|claimed|inconclusive|ask)\b|n['’]t\b|\?",
    re.IGNORECASE,
)


@register_check
def sources_that_fell(candidate: Candidate) -> Iterator[Finding]:
    """Warn of paragraphs that cite a source which no longer stands, and do not say so."""
    found = [place for place in places(candidate) if place.is_markdown]
    keys = cited_keys([place.text for place in found])
    if not keys:
        return
    fallen = {
        source.key: source
        for source in Source.objects.filter(key__in=keys).exclude(status=Source.Status.CURRENT)
    }
    for place in found if fallen else ():
        for line, paragraph in _paragraphs(place.text):
            for key in sorted(cited_keys([paragraph]) & fallen.keys()):
                if not _SAYS_SO.search(paragraph):
                    yield _fallen(place.field, line, fallen[key])


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    line = 1
    start = 0
    for match in [*_PARAGRAPH_END.finditer(text), None]:
        end = match.start() if match else len(text)
        yield line, text[start:end]
        if match:
            line += text.count("\n", start, match.end())
            start = match.end()


def _fallen(field: str, line: int, source: Source) -> Finding:
    state = {
        Source.Status.SUPERSEDED: "superseded by a newer one",
        Source.Status.WITHDRAWN: "withdrawn or retracted",
        Source.Status.LAPSED: "lapsed",
    }[Source.Status(source.status)]
    return Finding(
        Level.WARNING,
        field,
        f"[@{source.key}]",
        f"This source is {state}, and the paragraph does not say so.",
        "Cite what stands now, or say in the same paragraph that it was replaced, withdrawn or has"
        " lapsed.",
        line,
    )


@register_check
def advice_left_out(candidate: Candidate) -> Iterator[Finding]:
    """Warn of a page that says a treatment helps, and not that a guideline advises against it."""
    claims = _unsaid_advice(candidate)
    if not claims:
        return
    own = _own(candidate)
    told: set[str] = set()
    for place, line, sentence in _statements(candidate):
        for claim in claims:
            if claim.key not in told and _is_about(sentence.text, claim, own):
                told.add(claim.key)  # once a page is enough
                yield _left_out(place, line, sentence, claim)


def _own(candidate: Candidate) -> dict[str, list[Any]]:
    """Return the conditions and the treatments that a page is about."""
    page, found = candidate.page, {}
    for name, label in (
        ("conditions", settings.EVIDENCE_CONDITION_MODEL),
        ("treatments", settings.EVIDENCE_TREATMENT_MODEL),
    ):
        is_one = isinstance(page, apps.get_model(label))
        found[name] = [page] if is_one else candidate.draft.many.get(name, [])
    return found


def _unsaid_advice(candidate: Candidate) -> list[Claim]:
    """Return what guidelines advise against, among what the page is about, unless it says so."""
    own = _own(candidate)
    keys = {name: [each.pk for each in rows if each.pk] for name, rows in own.items()}
    if not any(keys.values()):
        return []
    advice = (
        Claim.objects.shown()
        .filter(
            Q(condition__in=keys["conditions"]) | Q(treatment__in=keys["treatments"]),
            from_guideline=True,
            direction__in=Claim.ADVISING_AGAINST,
        )
        .select_related("condition", "treatment")
        .prefetch_related("sources")
        .in_reading_order()
    )
    texts = list(candidate.draft.texts().values())
    placed, cited = placed_keys(texts), cited_keys(texts)
    return [
        claim
        for claim in advice
        if claim.key not in placed
        and not any(source.key in cited for source in claim.sources.all())
    ]


def _statements(candidate: Candidate) -> Iterator[tuple[Place, int | None, Sentence]]:
    """Yield the sentences which say that something works."""
    for place in places(candidate):
        for block in place.prose:
            for sentence in sentences(block.text):
                if _WORKS.search(sentence.text) and not _OPEN.search(sentence.text):
                    yield place, place.line(block, sentence.start), sentence


def _is_about(words: str, claim: Claim, own: dict[str, list[Any]]) -> bool:
    """Say whether a sentence is about what the claim is about.

    On a page about one condition, or about one treatment, that one need not be named.
    """
    names_condition = own["conditions"] == [claim.condition] or _names(
        words, _names_of(claim.condition)
    )
    if not names_condition:
        return False
    if claim.treatment and own["treatments"] == [claim.treatment] and not own["conditions"]:
        return True
    return _names(words, [*_names_of(claim.treatment), claim.intervention])


def _names_of(row: Any) -> list[str]:
    return [row.name, *row.also_known_as] if row is not None else []


def _names(words: str, names: Iterable[str]) -> bool:
    wanted = [re.escape(name.strip()) for name in names if name.strip()]
    if not wanted:
        return False
    return re.search(rf"\b(?:{'|'.join(wanted)})s?\b", words, re.IGNORECASE) is not None


def _left_out(place: Place, line: int | None, sentence: Sentence, claim: Claim) -> Finding:
    return Finding(
        Level.WARNING,
        place.field,
        sentence.opening,
        f"A guideline advises against it, and the page leaves that out: {claim.sentence}",
        f"Say what the guideline says too: place [claim:{claim.key}] on the page.",
        line,
    )
