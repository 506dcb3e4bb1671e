"""Settles the rules about words that are doubtful beside others: a price beside a promise.

Beside is the same sentence, or the one before or after it in the same block. Some rules count what
the heading above names as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from evidence.wording import claims
from evidence.wording.sentence import Sentence
from evidence.wording.wordings import Hit


@dataclass
class Read:
    """A sentence with what was found in it."""

    sentence: Sentence
    hits: list[Hit]

    @cached_property
    def subjects(self) -> frozenset[str]:
        """What it offers others: `condition`, `claim`, its frames, the kinds of its findings."""
        rules = self.sentence.rules
        # A clinic's own rules are about its words, whatever kind it files them under.
        own = rules.subordinate - rules.severities.keys()
        kept = (hit.rule for hit in self.hits if not hit.rule.beside)
        kinds = {rule.kind for rule in kept if rule.id not in own}
        found = {*self.sentence.frames, *kinds}
        if self.sentence.conditions:
            found.add("condition")
            if claims.is_made(self.sentence):
                found.add("claim")
        return frozenset(found)


def settled(block: Sequence[Read], heading: Sequence[Read]) -> Iterator[tuple[Sentence, Hit]]:
    """Yield the hits of a block's sentences, of rules that ask for company only those in it."""
    for place, read in enumerate(block):
        for hit in read.hits:
            above = heading if hit.rule.under_heading else ()
            near = [*block[max(0, place - 1) : place + 2], *above]
            if not hit.rule.beside or _is_in_company(hit, near):
                yield read.sentence, hit


def _is_in_company(hit: Hit, near: Sequence[Read]) -> bool:
    wanted = frozenset(hit.rule.beside.split())
    return any(wanted & each.subjects for each in near)
