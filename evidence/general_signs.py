"""The signs for which a reply from the clinic would come too late, whatever somebody comes with.

Clinicians own these words: change them only when a clinician has agreed wording and urgency. They
are the confirmed ones of our clinical fact sheet, section 3, that matter whatever somebody comes
with; the pages of conditions carry their own.
"""

from dataclasses import dataclass
from typing import Any

from evidence.models import WarningSign
from evidence.views import care_cards


@dataclass(frozen=True)
class GeneralSign:
    """A sign that completes the heading of its card."""

    level: WarningSign.Level
    sign: str


_SIGNS = [
    GeneralSign(WarningSign.Level.EMERGENCY, sign)
    for sign in (
        "you have sudden chest pain or find it hard to breathe",
        "you cannot control when you pee or poo",
        "you are numb around your genitals, buttocks or back passage",
        "your face droops, an arm is weak or your speech is slurred",
        "you have a headache that is sudden and extremely painful",
        "a life is at risk",
    )
] + [
    GeneralSign(WarningSign.Level.URGENT, sign)
    for sign in (
        "you have a joint that is suddenly hot, swollen and very painful",
        "you have back pain and a high temperature",
        "the skin where a needle went in is hot, painful and swollen",
        "you feel that life is not worth living, or you cannot cope (call 111 and choose option 2)",
        "you need medical help and cannot wait for our reply",
    )
]


def general_care_cards() -> list[dict[str, Any]]:
    """Return the cards that stand above the form, most urgent first."""
    return care_cards(_SIGNS)
