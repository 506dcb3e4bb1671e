"""What the answers come to: which heading leads, and what each answer calls for."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from suitability.forms import Answer
from suitability.models import Caution


class Lead(Enum):
    """The heading of the answer page. None of them says that needling is suitable."""

    SEE_GP_FIRST = "See your GP first"
    TELL_US_FIRST = "Tell us first"
    ASK_US = "You can ask us about it"


@dataclass(frozen=True)
class Matter:
    """A question that was not answered with no, and what to do about it."""

    caution: Caution
    is_sure: bool

    @property
    def action(self) -> Caution.Action:
        """What to do. Somebody who is not sure tells us first, whatever a yes would call for."""
        return Caution.Action(self.caution.if_yes) if self.is_sure else Caution.Action.TELL_US_FIRST


@dataclass(frozen=True)
class Outcome:
    """What to tell somebody about their answers."""

    matters: list[Matter]

    @property
    def lead(self) -> Lead:
        """The strongest of what the answers call for."""
        actions = {matter.action for matter in self.matters}
        if Caution.Action.SEE_GP_FIRST in actions:
            return Lead.SEE_GP_FIRST
        return Lead.TELL_US_FIRST if actions else Lead.ASK_US

    @property
    def said_yes(self) -> list[Matter]:
        """The questions answered with yes, what is strongest first."""
        strength = list(Caution.Action)
        yes = [matter for matter in self.matters if matter.is_sure]
        return sorted(yes, key=lambda matter: strength.index(matter.action))

    @property
    def not_sure(self) -> list[Matter]:
        """The questions that somebody could not answer."""
        return [matter for matter in self.matters if not matter.is_sure]


def outcome_of(answers: Iterable[tuple[Caution, Answer]]) -> Outcome:
    """Return what to tell somebody who answered so."""
    return Outcome(
        [
            Matter(caution, is_sure=answer is Answer.YES)
            for caution, answer in answers
            if answer is not Answer.NO
        ]
    )
