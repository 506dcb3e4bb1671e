"""Claims in Markdown: `[claim:back-pain-nice]` prints the claim's sentence with its references.

The sentence is worded once, with its sources, and stands wherever its key does. What readers may
not see any more prints nothing: words without a source behind them would mislead.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import MappingProxyType

from django.db.models import Q

from evidence.models import Claim, Source
from publishing.markdown import Mistake

CLAIM = r"\[claim:(?P<claim>[A-Za-z0-9_-]{1,60})\]"
_ANY_CLAIM = re.compile(CLAIM)

# The sentences that an old version was saved with, while that version is shown.
_NONE: Mapping[str, str] = MappingProxyType({})
_kept_words: ContextVar[Mapping[str, str]] = ContextVar("kept_words", default=_NONE)


@dataclass
class PlacedClaim:
    """A claim as a text places it: its sentence and the sources behind it."""

    sentence: str
    sources: list[Source] = field(default_factory=list)

    @property
    def as_markdown(self) -> str:
        """The sentence with its citations, as somebody would have typed it."""
        marks = " ".join(f"[@{source.key}]" for source in self.sources)
        words, stop = without_stop(self.sentence)
        return f"{words} {marks}{stop}" if marks else self.sentence


def without_stop(sentence: str) -> tuple[str, str]:
    """Divide a sentence into its words and its full stop: references stand between the two."""
    return (sentence[:-1], ".") if sentence.endswith(".") else (sentence, "")


def placed_keys(texts: Sequence[str]) -> set[str]:
    """Return the keys of all claims that the texts place."""
    return {match["claim"].lower() for text in texts for match in _ANY_CLAIM.finditer(text)}


def placed_claims(texts: Sequence[str]) -> dict[str, PlacedClaim]:
    """Return the claims that the texts place and readers may see, by key, with their sources.

    One query, and none where no claim is placed.
    """
    keys = placed_keys(texts)
    if not keys:
        return {}
    kept = {key: words for key, words in _kept_words.get().items() if key in keys}
    rows = Claim.sources.through.objects.filter(claim__key__in=keys)
    # A claim that an old version showed is shown with it, whatever has become of it since.
    rows = rows.filter(Q(claim__in=Claim.objects.shown()) | Q(claim__key__in=kept))
    found = {key: PlacedClaim(words) for key, words in kept.items()}
    for row in rows.select_related("claim", "source"):
        claim = found.setdefault(row.claim.key, PlacedClaim(row.claim.sentence))
        claim.sources.append(row.source)
    for claim in found.values():
        # Rows of a relation have no order of their own, and references keep theirs.
        claim.sources.sort(key=lambda each: (each.kind != Source.Kind.GUIDELINE, each.key))
    return found


@contextmanager
def kept_words(sentences: Mapping[str, str]) -> Iterator[None]:
    """Have `[claim:key]` print these sentences, by key, as when a version was saved."""
    token = _kept_words.set(sentences)
    try:
        yield
    finally:
        _kept_words.reset(token)


def claims_used(texts: Sequence[str]) -> dict[str, str]:
    """Return the sentence of each claim that the texts place, by key, for a version to keep."""
    return {key: claim.sentence for key, claim in sorted(placed_claims(texts).items())}


def expand_claims(text: str, claims: Mapping[str, PlacedClaim] | None = None) -> str:
    """Return the text with each claim's sentence, cited, in the place of its key.

    For whoever judges words: sentences are one line, so every line keeps its number. What readers
    do not see (a claim that is withdrawn or unknown) is left out, as it is on the page. Whoever has
    many texts fetches their claims once, with `placed_claims`, and hands them over.
    """
    if "[claim:" not in text:
        return text
    known = placed_claims([text]) if claims is None else claims

    def words(match: re.Match[str]) -> str:
        claim = known.get(match["claim"].lower())
        return claim.as_markdown if claim else ""

    return _ANY_CLAIM.sub(words, text)


def claim_mistakes(text: str) -> list[Mistake]:
    """Return the claims whose key is unknown, or which readers may not see."""
    keys = placed_keys([text])
    if not keys:
        return []
    claims = {each.key: each for each in Claim.objects.with_standing().filter(key__in=keys)}
    return [
        Mistake(text.count("\n", 0, match.start()) + 1, problem)
        for match in _ANY_CLAIM.finditer(text)
        if (problem := _problem(match["claim"], claims.get(match["claim"].lower())))
    ]


def _problem(key: str, claim: Claim | None) -> str:
    if claim is None:
        return (
            f"there is no claim with the key “{key}”. Look it up under Claims, or add it there"
            " first."
        )
    if not claim.is_public:
        return f"the claim “{key}” is not public. Make it public under Claims, or take it out."
    if not claim.stands:  # type: ignore[attr-defined]  # annotated
        return (
            f"the claim “{key}” has no current source left. Give it one under Claims, or take it"
            " out."
        )
    return ""
