"""What the history of a page knows of its evidence: old words, and what calls for review."""

from collections.abc import Iterator
from typing import Any

from evidence.change_once import open_needs
from evidence.placed_claims import claims_used
from evidence.placed_claims import kept_words as showing
from publishing import attention, kept_words
from publishing.snapshots import Draft


def claims_of(draft: Draft) -> dict[str, str]:
    """Return the sentence of every claim that a page shows, by key."""
    texts = list(draft.texts().values())
    # A condition shows the claims about it, wherever its text places them or not.
    own = getattr(draft.page, "claims_text", None)
    if own is not None and draft.page.pk:
        texts.append(own())
    return claims_used(texts)


def why_to_review(page: Any) -> Iterator[str]:
    """Yield what changed in the evidence since the page was last reviewed."""
    for need in open_needs(page):
        yield f"{need.reason} ({need.since:%-d %B %Y})"


def register_with_history() -> None:
    """Join claims to versions, and evidence that changed to the page's status."""
    kept_words.register("claims", kept_words.Keeper(claims_of, showing))
    attention.register(why_to_review)
