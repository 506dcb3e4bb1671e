"""The links in a message. One or two are next to nothing: people link to their scans."""

from enquiries.spam.circumstances import Limits, Reason
from enquiries.spam.lists import domains
from enquiries.spam.reading import Reading

_NUMBERS = [
    "No",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
]


def many_links(reading: Reading, limits: Limits) -> Reason | None:
    """Count the links."""
    count = len(reading.links)
    if not count or all(_is_trusted(host) for host in reading.hosts):
        return None
    if count >= 2 * limits.links:
        weight = 4.0
    elif count >= limits.links:
        weight = 3.0
    else:
        weight = 0.5 * count
    if count > 1 and len(set(reading.hosts)) == 1:
        # Several pictures of one scan, as a hospital's portal shares them.
        weight /= 2
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return Reason("links", f"{number} link{'s' * (count > 1)} in the message", weight)


def shortened_links(reading: Reading, limits: Limits) -> Reason | None:
    """Look for links that hide where they lead."""
    if not domains("shorteners").isdisjoint(reading.hosts):
        return Reason("shortener", "A shortened link that hides where it leads", 1.5)
    return None


def cheap_domains(reading: Reading, limits: Limits) -> Reason | None:
    """Look for links to endings that are sold for next to nothing."""
    if any(host.rpartition(".")[2] in domains("cheap_endings") for host in reading.hosts):
        return Reason("cheap_domain", "A link to a kind of address that spam often uses", 3.5)
    return None


def mostly_links(reading: Reading, limits: Limits) -> Reason | None:
    """Compare the links with the rest of the message."""
    length = sum(map(len, reading.links))
    if length and not all(_is_trusted(host) for host in reading.hosts):
        rest = len("".join(reading.prose.split()))
        if length > 2 * rest:
            return Reason("mostly_links", "The message is little more than links", 2.0)
    return None


def _is_trusted(host: str) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in domains("trusted"))
