"""The clinic's telephone number for the moment when the database does not answer.

Kept in the memory of the process, from the last page that showed it. A process that has shown none
knows no number, and the page then does without.
"""

from clinic.models import Clinic

_known: dict[str, str] = {}


def remember(clinic: Clinic) -> None:
    """Keep the clinic's number."""
    _known.update(telephone=clinic.telephone, telephone_link=clinic.telephone_link)


def telephone() -> dict[str, str]:
    """Return the number last seen, as people and as a link write it; nothing if none was seen."""
    return dict(_known)
