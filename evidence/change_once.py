"""Change once: what follows for pages when a claim or a source that they use changes.

Each page that uses it is marked as needing review, with the reason, and whoever registered is told
after the commit. Acts of staff come through here; loading files does not.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from evidence.models import Claim, ReviewNeeded, Source
from evidence.usage import Use, uses_of_claim, uses_of_source
from publishing.models import Page, page_key

Teller = Callable[[Sequence[ReviewNeeded]], None]

_tellers: list[Teller] = []


def register_teller(teller: Teller) -> Teller:
    """Add a function that tells people of pages to review again. Safe to call twice."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


@dataclass(frozen=True)
class ClaimState:
    """What readers depend on of a claim."""

    sentence: str
    direction: str
    sources: frozenset[int]
    is_shown: bool

    @classmethod
    def of(cls, claim: Claim) -> "ClaimState":
        """Return the state of a claim as the database has it."""
        row = Claim.objects.get(pk=claim.pk)
        sources = list(row.sources.all())
        return cls(
            row.sentence,
            row.direction,
            frozenset(source.pk for source in sources),
            row.is_public and any(source.is_current for source in sources),
        )

    def changes_to(self, after: "ClaimState") -> str:
        """Return in words what readers would notice, or nothing."""
        if not (self.is_shown or after.is_shown):
            return ""
        if self.is_shown != after.is_shown:
            return "is public now" if after.is_shown else "is no longer public"
        changed = [
            words
            for words, is_changed in (
                ("its sentence", self.sentence != after.sentence),
                ("its direction", self.direction != after.direction),
                ("its sources", self.sources != after.sources),
            )
            if is_changed
        ]
        return f"has changed: {', '.join(changed)}" if changed else ""


_UNKNOWN = ClaimState("", "", frozenset(), is_shown=False)


def claim_changed(
    claim: Claim, before: ClaimState | None, *, by_name: str = ""
) -> list[ReviewNeeded]:
    """Mark the pages that use a claim, if readers would notice what was changed about it.

    `before` is its state before, and nothing for a claim that is new.
    """
    what = (before or _UNKNOWN).changes_to(ClaimState.of(claim))
    if not what:
        return []
    pages = _with_condition(uses_of_claim(claim), claim)
    return mark(pages, f"The claim “{claim.key}” {what}.", by_name=by_name)


def source_changed(source: Source, before: str, *, by_name: str = "") -> list[ReviewNeeded]:
    """Mark the pages that use a source, if it stands otherwise than `before`, its status then."""
    if source.status == before:
        return []
    reason = f"The source “{source.key}” is now: {source.get_status_display().lower()}."
    return mark(uses_of_source(source), reason, by_name=by_name)


def about_to_delete(row: Claim | Source, *, by_name: str = "") -> list[ReviewNeeded]:
    """Mark the pages that use a claim or a source which is going to be deleted."""
    if isinstance(row, Claim):
        uses, reason = uses_of_claim(row), f"The claim “{row.key}” was deleted."
    else:
        uses, reason = uses_of_source(row), f"The source “{row.key}” was deleted."
    return mark(uses, reason, by_name=by_name)


def mark(uses: Iterable[Use], reason: str, *, by_name: str = "") -> list[ReviewNeeded]:
    """Mark pages as needing review, and have their reviewers told once this is committed."""
    needs = ReviewNeeded.objects.bulk_create(
        ReviewNeeded(**page_key(use.row), reason=reason, by_name=by_name)
        for use in uses
        if isinstance(use.row, Page)  # a person's profile has no review
    )
    if needs:
        # A failure to tell must not undo, or look like a failure of, what was saved.
        transaction.on_commit(lambda: _tell(needs), robust=True)
    return list(needs)


def open_needs(page: Any) -> list[ReviewNeeded]:
    """Return why a page has to be reviewed again, newest first; nothing once it has been."""
    return list(ReviewNeeded.objects.of(page).open())


def _tell(needs: Sequence[ReviewNeeded]) -> None:
    for teller in _tellers:
        teller(needs)


def _with_condition(uses: list[Use], claim: Claim) -> list[Use]:
    """Add the condition's page, which a claim that was public until now stood on."""
    if any(use.row == claim.condition for use in uses):
        return uses
    return [*uses, Use(claim.condition, "showed it")]
