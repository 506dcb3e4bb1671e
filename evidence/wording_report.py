"""What the wording check finds on the whole site: for the command, and for staff as a page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import NoReverseMatch, reverse

from evidence.models import EvidenceHeld
from evidence.wording import ClinicSet, Finding, check_text
from evidence.wording_check import About, clinic_set, held_by_sentence
from evidence.wording_sources import SourceText, page_of, role_of, texts
from publishing.models import Page

# An error for which a reviewer has recorded evidence. The words are the publishing checks'.
HINT = "hint"
SEVERITIES = ("error", "warning", HINT)
_SHOWN = {"error": "Mend these", "warning": "Check these", HINT: "Evidence held"}


# What a text stands on: its kind, and its key.
_Owner = tuple[int, Any]


@dataclass
class Owner:
    """A page or person with the findings of one severity on it."""

    name: str
    kind: str
    address: str
    findings: list[tuple[str, int, Finding]] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """The findings of one severity, by page."""

    severity: str
    heading: str
    owners: list[Owner]

    @property
    def count(self) -> int:
        """How many findings there are."""
        return sum(len(owner.findings) for owner in self.owners)


def site_findings(
    rules: str = "uk", therapy: str | None = None
) -> Iterator[tuple[SourceText, Finding]]:
    """Yield every finding on the site's texts. The number of queries does not grow with them."""
    clinic = clinic_set()
    held = _held()
    found_texts = list(texts())
    pages = _pages(found_texts)
    for text in found_texts:
        key = _owner_key(text.owner)
        page, role = pages.get(key, ""), role_of(text.field)
        for found in _checked(text.text, therapy or text.therapy, rules, clinic, page, role):
            yield text, _with_evidence(found, held.get(key, {}))


def _pages(found: Iterable[SourceText]) -> dict[_Owner, str]:
    """Return the text of each page as one."""
    own: dict[_Owner, list[SourceText]] = {}
    for text in found:
        if text.owner is not None:
            own.setdefault(_owner_key(text.owner), []).append(text)
    return {key: page_of(texts) for key, texts in own.items()}


def report() -> list[Group]:
    """Return the findings by severity and page, in the order of the site's texts."""
    owners: dict[str, dict[tuple[str, str], Owner]] = {each: {} for each in SEVERITIES}
    for text, found in site_findings():
        key = (type(text.owner).__name__, text.name.rpartition(":")[0])
        if key not in owners[found.severity]:
            owners[found.severity][key] = _owner(text, key[1])
        place = text.field.replace("_", " ").capitalize()
        owners[found.severity][key].findings.append((place, found.line - text.before, found))
    return [
        Group(severity, _SHOWN[severity], list(found.values()))
        for severity, found in owners.items()
    ]


# Reading a page takes tens of milliseconds and most pages have not changed since the last look.
@lru_cache(maxsize=2048)
def _checked(
    text: str, therapy: str | None, rules: str, clinic: ClinicSet, page: str, role: str
) -> tuple[Finding, ...]:
    found = check_text(text, therapy=therapy, rules=rules, clinic=clinic, page=page, role=role)
    return tuple(found)


def _held() -> dict[_Owner, dict[About, EvidenceHeld]]:
    by_page: dict[_Owner, list[EvidenceHeld]] = {}
    for record in EvidenceHeld.objects.select_related("source"):
        by_page.setdefault((record.content_type_id, record.object_id), []).append(record)
    return {page: held_by_sentence(records) for page, records in by_page.items()}


def _owner_key(owner: models.Model | None) -> _Owner:
    return (ContentType.objects.get_for_model(owner).pk, owner.pk) if owner else (0, None)


def _with_evidence(found: Finding, held: dict[About, EvidenceHeld]) -> Finding:
    """Return the finding as the page's own check would have it."""
    record = held.get((found.rule_id, found.sentence))
    if record is None or found.severity != "error":
        return found
    if not record.source.is_current:
        return replace(found, severity="warning", message=f"{record.words} {found.message}")
    return replace(found, severity=HINT, message=record.words, suggestion="")


def _owner(text: SourceText, name: str) -> Owner:
    owner = text.owner
    if owner is None:
        return Owner(name, "", "")
    options = owner._meta
    try:
        address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[owner.pk])
    except NoReverseMatch:
        address = ""
    # A page's form shows the findings of its newest draft beside the text.
    query = "?checked=1" if address and isinstance(owner, Page) else ""
    return Owner(str(owner), str(options.verbose_name).capitalize(), address + query)


def total(groups: Iterable[Group]) -> int:
    """Return how many findings there are in all."""
    return sum(group.count for group in groups)
