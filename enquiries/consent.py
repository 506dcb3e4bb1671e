"""What people agree to when they send an enquiry, in every wording that was ever shown.

An enquiry keeps the version of the wording that its sender ticked. To change the words, add a
wording and point `CURRENT` at it; never edit or remove an old one, because it is the record of
what somebody agreed to. The privacy notice must say the same.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConsentWording:
    """A statement that people tick, under the version that enquiries remember it by."""

    version: str
    text: str


_WORDINGS = (
    ConsentWording(
        version="2026-11",
        text=(
            "I agree that reception staff may read and use what I write here, including anything I"
            " say about my health, to answer my enquiry. They may show it to a practitioner here if"
            " that is needed to answer me. The privacy notice says how long it is kept."
        ),
    ),
)

CURRENT = _WORDINGS[-1]


def wording(version: str) -> str:
    """Return the statement of the version, or a plain remark when there is no such version."""
    found = next((each.text for each in _WORDINGS if each.version == version), None)
    return found or f"No wording is on record for version {version}."
