"""The wording check of a page or profile, with what the clinic and its reviewers decided about it.

A page is read as a version has it. What has no versions, such as a person's profile, is read as it
is saved.
"""

from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse

from evidence.models import ClinicRule, EvidenceHeld, RuleSeverity
from evidence.wording import ClinicRule as EngineRule
from evidence.wording import ClinicSet, check_text
from evidence.wording import Finding as Wording
from evidence.wording_sources import FieldText, SourceText, page_of, role_of, texts, texts_of
from publishing.checks import Candidate, Finding, Level
from publishing.models.history import page_key
from publishing.snapshots import Draft

# A rule and the sentence it was found in: what a record of evidence held is about.
About = tuple[str, str]
LINK_TEXT = "Record evidence held (reviewers only)"


def clinic_set() -> ClinicSet:
    """Return the clinic's own rules in use, and what it has switched."""
    rules = (
        EngineRule(
            id=f"clinic-{rule.pk}",
            phrases=tuple(map(str, rule.phrases)),
            kind=rule.kind,
            severity=rule.severity,
            reason=rule.reason,
            suggestion=rule.suggestion,
        )
        for rule in ClinicRule.objects.filter(is_active=True)
    )
    severities = RuleSeverity.objects.values_list("rule", "severity")
    return ClinicSet(rules=tuple(rules), severities=tuple(severities))


def found_in(draft: Draft, clinic: ClinicSet) -> Iterator[tuple[FieldText, Wording]]:
    """Yield what the rules find in each text of a page, whatever evidence is held."""
    yield from found_in_texts(list(texts_of(draft)), clinic)


def found_on(row: models.Model, clinic: ClinicSet) -> Iterator[tuple[FieldText, Wording]]:
    """Yield what the rules find in each text of something without versions, as `found_in` does."""
    yield from found_in_texts(texts_on([row])[row], clinic)


def texts_on(rows: Collection[models.Model]) -> dict[models.Model, list[FieldText]]:
    """Return the texts of each row. The site's are read once, whichever rows are asked for."""
    found: dict[models.Model, list[FieldText]] = {row: [] for row in rows}
    for each in texts() if rows else ():
        if each.owner in found:
            found[each.owner].append(_field_text(each))
    return found


def _field_text(text: SourceText) -> FieldText:
    has_lines = "\n" in text.text.strip()
    return FieldText(text.field, text.text, text.therapy, has_lines, text.before)


def found_in_texts(
    fields: Collection[FieldText], clinic: ClinicSet
) -> Iterator[tuple[FieldText, Wording]]:
    """Yield what the rules find in the texts of one page or profile."""
    page = page_of(fields)
    for each in fields:
        role = role_of(each.field)
        for found in check_text(
            each.text, therapy=each.therapy, clinic=clinic, page=page, role=role
        ):
            yield each, found


def held_on(page: models.Model) -> dict[About, EvidenceHeld]:
    """Return the records of evidence held for sentences of the page, the newest of each."""
    if page.pk is None:
        return {}
    records = EvidenceHeld.objects.filter(**page_key(page)).select_related("source")
    return held_by_sentence(records)


def held_by_sentence(records: Iterable[EvidenceHeld]) -> dict[About, EvidenceHeld]:
    """Return records that come newest first by what they are about."""
    found: dict[About, EvidenceHeld] = {}
    for record in records:
        found.setdefault((record.rule, record.sentence), record)
    return found


def page_findings(candidate: Candidate) -> Iterator[Finding]:
    """Yield what the check finds on a page as a version has it."""
    yield from _told(candidate.page, found_in(candidate.draft, clinic_set()))


def row_findings(row: models.Model) -> Iterator[Finding]:
    """Yield what the check finds on something without versions, such as a person's profile."""
    yield from _told(row, found_on(row, clinic_set()))


def field_findings(row: models.Model, fields: Collection[FieldText]) -> Iterator[Finding]:
    """Yield what the check finds in the texts of a row, handed over so that no other is read."""
    yield from _told(row, found_in_texts(fields, clinic_set()))


def _told(page: models.Model, hits: Iterable[tuple[FieldText, Wording]]) -> Iterator[Finding]:
    held = held_on(page)
    for text, found in hits:
        line = found.line - text.before
        level, reason, mend = _decided(found, held.get((found.rule_id, found.sentence)))
        link = record_address(page, found) if level is Level.ERROR and page.pk else ""
        yield Finding(
            level=level,
            field=text.field,
            words=found.text,
            reason=reason,
            mend=mend,
            line=line if text.has_lines and line > 0 else None,
            link=link,
            link_text=LINK_TEXT if link else "",
        )


def _decided(found: Wording, held: EvidenceHeld | None) -> tuple[Level, str, str]:
    """Return what a finding does, why, and how to mend it."""
    if found.severity != "error":
        return Level.WARNING, found.message, found.suggestion
    if held is None:
        return Level.ERROR, found.message, found.suggestion
    if not held.source.is_current:
        # The reviewer's word stands; that its ground has moved must not pass unseen.
        words = f"{held.words} That source is no longer current. {found.message}"
        return Level.WARNING, words, found.suggestion
    return Level.HINT, held.words, ""


# --- the way from a finding to the form -----------------------------------------------------------


def sentence_key(sentence: str) -> str:
    """Return a short name for a sentence, for an address: the sentence itself could be long."""
    return sha256(sentence.encode()).hexdigest()[:24]


def record_address(page: models.Model, found: Wording) -> str:
    """Return the address of the form on which evidence for the finding is recorded."""
    content_type = ContentType.objects.get_for_model(page)
    query = {
        "page": f"{content_type.app_label}.{content_type.model}.{page.pk}",
        "rule": found.rule_id,
        "sentence": sentence_key(found.sentence),
    }
    return f"{reverse('admin:evidence_evidenceheld_add')}?{urlencode(query)}"
