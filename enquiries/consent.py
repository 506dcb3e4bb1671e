"""What people agree to when they send an enquiry, in every wording that was ever shown.

An enquiry keeps the version of the wording that its sender ticked. To change the words, add a
wording and point `CURRENT` at it; never edit or remove an old one, because it is the record of
what somebody agreed to. The privacy notice must say the same.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConsentWording:
    """Statements that people tick, under the version that enquiries remember them by.

    The one about health is a statement of its own, as the law on health data asks for: it is
    explicit, separate from the other, and nobody has to tick it to send an enquiry.
    """

    version: str
    text: str
    health_text: str = ""


_WORDINGS = (
    ConsentWording(
        version="2026-11",
        text=(
            "I agree that reception staff may read and use what I write here, including anything I"
            " say about my health, to answer my enquiry. They may show it to a practitioner here if"
            " that is needed to answer me. The privacy notice says how long it is kept."
        ),
    ),
    ConsentWording(
        version="2026-11-21",
        text=(
            "I agree that reception staff may read and use what I write here to answer my enquiry."
            " They may show it to a practitioner here if that is needed to answer me."
        ),
        health_text=(
            "My message says something about my health, and I agree that you use these health"
            " details to answer me"
        ),
    ),
)

CURRENT = _WORDINGS[-1]


def _find(version: str) -> ConsentWording:
    missing = f"No wording is on record for version {version}."
    found = next((each for each in _WORDINGS if each.version == version), None)
    return found or ConsentWording(version, missing, missing)


def wording(version: str) -> str:
    """Return the statement of the version, or a plain remark when there is no such version."""
    return _find(version).text


def health_wording(version: str) -> str:
    """Return the statement about health of the version, or a plain remark."""
    return _find(version).health_text
