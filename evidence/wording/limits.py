"""Limits of a claim that a text states apart from it: “Any relief is short-term.”

Claims-rules 5.8: they count as the claim's own where they stand right under the heading of the page
or of the section. Anywhere else, such as at the foot, readers may miss them.
"""

from dataclasses import dataclass, field

from evidence.wording.sentence import Sentence

LIMITS = ("limiter", "relief", "chronic", "adjunct")


@dataclass(frozen=True)
class Lack:
    """The limits that a claim about a condition does not carry itself."""

    limits: frozenset[str]
    families: frozenset[str]


# Limits by the family of conditions that they are stated of.
_Stated = dict[str, set[str]]
_ALL = ""


@dataclass
class Limits:
    """What a text has stated so far, and where."""

    _under_heading: dict[int, _Stated] = field(default_factory=dict)
    _of_page: _Stated = field(default_factory=dict)
    _anywhere: _Stated = field(default_factory=dict)
    _heads: dict[int, int] = field(default_factory=dict)

    def read(self, number: int, sentence: Sentence) -> None:
        """Take in what a sentence of the unit of that number states."""
        section = sentence.unit.section
        is_head = (
            sentence.unit.role == "paragraph" and self._heads.setdefault(section, number) == number
        )
        families = {name for _, _, named in sentence.conditions for name in named.families}
        limits = _limits_in(sentence, of_all=not families)
        places = [self._anywhere]
        if is_head:
            opens = section == min(self._heads) and section <= 1
            places.append(self._of_page if opens else self._under_heading.setdefault(section, {}))
        for stated in places if limits else ():
            for family in families or {_ALL}:
                stated.setdefault(family, set()).update(limits)

    def lacking(self, lack: Lack, section: int | None = None) -> frozenset[str]:
        """Return the limits not stated right under the heading of the page or section either."""
        own = self._under_heading.get(section, {}) if section is not None else {}
        return lack.limits - _of(self._of_page, lack) - _of(own, lack)

    def stated_at_all(self, lack: Lack) -> bool:
        """Say whether what a claim lacks stands somewhere in the text."""
        return not lack.limits - _of(self._anywhere, lack)


def _of(stated: _Stated, lack: Lack) -> frozenset[str]:
    return frozenset().union(*(stated.get(name, ()) for name in (_ALL, *lack.families)))


def _limits_in(sentence: Sentence, *, of_all: bool) -> set[str]:
    """Return the limits that a sentence states, of all conditions or of those it names."""
    if sentence.is_question or sentence.is_rejected or not sentence.has("limit_of"):
        return set()
    limits = {
        name
        for name in LIMITS
        if any(not sentence.negated(*span) for span in sentence.frames.get(name, ()))
    }
    if of_all:
        # “Ongoing care” says nothing of chronic pain, “a walk with a friend” nothing of needles.
        limits -= {"chronic"} if sentence.therapies else {"chronic", "adjunct"}
    return limits if limits - {"relief"} else set()
