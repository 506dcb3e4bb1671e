"""The clinic's telephone number for the moment when the database does not answer.

Kept in the memory of the process: looked up when a server starts, and again with each page that
shows it.
"""

from django.db import DatabaseError, connections

from clinic.models import Clinic

_known: dict[str, str] = {}


def remember(clinic: Clinic) -> None:
    """Keep the clinic's number."""
    _known.update(telephone=clinic.telephone, telephone_link=clinic.telephone_link)


def look_up() -> None:
    """Learn the number now, if the database answers."""
    try:
        remember(Clinic.current())
    except DatabaseError:
        return  # the first page that can be shown will tell
    finally:
        connections.close_all()


def telephone() -> dict[str, str]:
    """Return the number last seen, as people and as a link write it; nothing if none was seen."""
    return dict(_known)
