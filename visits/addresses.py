"""Which addresses are for readers, and which of those that lead nowhere are worth a look."""

import re

from visits.models import MAX_PATH

# First parts of addresses that are for staff, for one person with a private link, or for files.
NOT_FOR_READERS = frozenset({"admin", "staff", "shared", "media", "static"})
# Below it are private links, whose last part is a secret of one person.
_HAS_PRIVATE_LINKS = "contact"
# What machines that look for a way in ask for; no page of a clinic was ever there.
_PROBE = re.compile(
    r"\.(?:php|cgi|env|git|sql|bak)\b|/wp-|/\.(?!well-known/)|cgi-bin|phpmyadmin", re.IGNORECASE
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


def first_part(path: str) -> str:
    """Return the part of an address between its first two slashes."""
    return path.lstrip("/").partition("/")[0]


def is_for_readers(path: str) -> bool:
    """Say whether a page at the address would be one for everybody to read."""
    return first_part(path) not in NOT_FOR_READERS


def is_worth_noting(path: str) -> bool:
    """Say whether staff should see that the address leads nowhere.

    What may hold something of a person, an "@" or a private link that is no longer good, is never
    noted. Nor is what is too long to be led on anywhere.
    """
    first = first_part(path)
    return (
        len(path) <= MAX_PATH
        and first not in NOT_FOR_READERS
        and first != _HAS_PRIVATE_LINKS
        and "@" not in path
        and not _UNPRINTABLE.search(path)
        and not _PROBE.search(path)
    )
