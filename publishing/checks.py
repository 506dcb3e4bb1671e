"""Checks of a page before it is published, in the manner of Django's system checks.

An app registers a function that takes a page as a version has it and yields findings. An error
stops the version from being published, a warning has to be accepted by name, and a hint is only
shown. A check never says that a page is right.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from publishing import snapshots
from publishing.models import Page, Version
from publishing.snapshots import Draft


class Level(Enum):
    """What a finding does: it blocks, has to be accepted, or is only shown."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


_ORDER = list(Level)


@dataclass(frozen=True)
class Finding:
    """Words of a page to look at: where, which, why, and how to mend them.

    `field` is the place in the form, such as `body` or `faqs`; `line` counts from 1 in its text.
    `link` leads to what else can be done about it, in the words of `link_text`.
    """

    level: Level
    field: str
    words: str
    reason: str
    mend: str = ""
    line: int | None = None
    link: str = ""
    link_text: str = ""

    @property
    def place(self) -> str:
        """Where it is, for a person."""
        name = self.field.replace("faq-", "question ").replace("_", " ").capitalize()
        return f"{name}, line {self.line}" if self.line else name

    def __str__(self) -> str:
        words = f"“{self.words}”. " if self.words else ""
        mend = f" {self.mend}" if self.mend else ""
        return f"{self.place}: {words}{self.reason}{mend}"


@dataclass(frozen=True)
class Candidate:
    """What a check looks at: a page as a version has it, and the version where it is saved."""

    draft: Draft
    version: Version | None = None

    @property
    def page(self) -> Page:
        """The page with the version's words. Nothing of it is in the database."""
        return self.draft.page


Check = Callable[[Candidate], Iterable[Finding]]

_checks: list[Check] = []


def register_check(check: Check) -> Check:
    """Add a check. Usable as a decorator; safe to call twice."""
    if check not in _checks:
        _checks.append(check)
    return check


def findings_on(page: Page, version: Version) -> list[Finding]:
    """Return what every check finds on a version of the page, errors first."""
    return findings_in(Candidate(snapshots.read(page, version.data), version))


def findings_in(candidate: Candidate) -> list[Finding]:
    """Return what every check finds, errors first."""
    found = _once(finding for check in _checks for finding in check(candidate))
    return sorted(found, key=lambda finding: _ORDER.index(finding.level))


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out what another check has said already about the same words; never an error."""
    kept: dict[tuple[str, int | None, str, object], Finding] = {}
    for number, each in enumerate(findings):
        same = number if each.level is Level.ERROR or not each.words else None
        kept.setdefault((each.field, each.line, each.words.casefold(), same), each)
    return list(kept.values())
