"""Pages in memory for the tests of checks: nothing of them is in a database."""

from collections.abc import Callable, Iterable
from typing import Any

from articles.models import Article, ArticleFAQ
from conditions.models import Condition, ConditionFAQ
from publishing.checks import Candidate, Finding
from publishing.snapshots import Draft

SUMMARY = "What this page answers, in a sentence that says enough to choose it."


def article(body: str = "", **fields: Any) -> Candidate:
    """Return an article with the text; `faqs` are pairs of a question and its answer."""
    faqs = [ArticleFAQ(question=q, answer=a) for q, a in fields.pop("faqs", ())]
    values = {"title": "Back pain at work", "summary": SUMMARY, "body": body} | fields
    return Candidate(Draft(Article(**values), parts={"faqs": faqs}))


def condition(**fields: Any) -> Candidate:
    """Return a condition page with the fields; `faqs` as for an article."""
    faqs = [ConditionFAQ(question=q, answer=a) for q, a in fields.pop("faqs", ())]
    signs = fields.pop("warning_signs", [])
    values = {"name": "Osteoarthritis", "summary": SUMMARY} | fields
    return Candidate(Draft(Condition(**values), parts={"faqs": faqs, "warning_signs": signs}))


def words(check: Callable[[Candidate], Iterable[Finding]], candidate: Candidate) -> list[str]:
    """Return the words of each finding of one check."""
    return [finding.words for finding in check(candidate)]


def places(check: Callable[[Candidate], Iterable[Finding]], candidate: Candidate) -> list[Any]:
    """Return level, field and line of each finding of one check."""
    return [(each.level.value, each.field, each.line) for each in check(candidate)]
