"""The clinical review of these words: whether there is one, and whether it still holds."""

from collections.abc import Iterator

from django.utils import timezone

from publishing.checks import Candidate, Finding, Level, register_check
from publishing.projection import covering_approval


@register_check
def clinical_review(candidate: Candidate) -> Iterator[Finding]:
    """Warn of words that no clinician approved, or whose approval has run out.

    No error: who may publish without a review, and what for, is decided by `workflow.publish`.
    """
    if not candidate.page.needs_review:
        return
    approval = covering_approval(candidate.version) if candidate.version else None
    if approval is None:
        yield Finding(
            Level.WARNING,
            "review",
            "",
            "No clinician has approved these words.",
            "Save them and hand them in for clinical review.",
        )
    elif approval.next_review_due and approval.next_review_due < timezone.localdate():
        yield Finding(
            Level.WARNING,
            "review",
            "",
            f"The next clinical review was due on {approval.next_review_due:%-d %B %Y}.",
            "Hand the page in for clinical review again.",
        )
