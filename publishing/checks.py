"""Checks of a page's text, in the manner of Django's system checks.

An app registers a function that takes a page and yields findings; whoever edits the page is shown
them on saving. A check warns a person. It never says that a page is right.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from publishing.models import Page


@dataclass(frozen=True)
class Finding:
    """Words of a page that an editor should look at: where, which, why, and how to mend them."""

    place: str
    words: str
    reason: str
    suggestion: str
    is_error: bool

    def __str__(self) -> str:
        mend = f" Instead: {self.suggestion}" if self.suggestion else ""
        return f"{self.place}: “{self.words}”. {self.reason}{mend}"


Check = Callable[[Page], Iterable[Finding]]

_checks: list[Check] = []


def register_check(check: Check) -> Check:
    """Add a check. Usable as a decorator; safe to call twice."""
    if check not in _checks:
        _checks.append(check)
    return check


def findings_on(page: Page) -> list[Finding]:
    """Return what every check finds on the page, errors first."""
    found = [finding for check in _checks for finding in check(page)]
    return sorted(found, key=lambda finding: not finding.is_error)
