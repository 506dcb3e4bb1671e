"""Who the enquiry says it is from."""

import re

from enquiries.spam.circumstances import Limits, Reason
from enquiries.spam.lists import domains
from enquiries.spam.randomness import is_random_name
from enquiries.spam.reading import Reading, find_links

_SAME_DIGIT = re.compile(r"(\d)\1{6}")
_ROW = "01234567890123456789"


def name_is_link(reading: Reading, limits: Limits) -> Reason | None:
    """Look for a link where a name belongs."""
    if find_links(reading.circumstances.full_name[:1000]):
        return Reason("name_link", "The name has a link in it", 3.5)
    return None


def random_name(reading: Reading, limits: Limits) -> Reason | None:
    """Look for a name of random letters."""
    if is_random_name(reading.circumstances.full_name[:1000]):
        return Reason("random_name", "The name looks like random letters", 3.0)
    return None


def odd_email(reading: Reading, limits: Limits) -> Reason | None:
    """Look for email addresses as machines make them."""
    local, _, host = reading.circumstances.email[:1000].rpartition("@")
    if is_random_name(local):
        return Reason("random_email", "The email address looks like random letters", 1.5)
    if local.count(".") >= 4:
        # Some mail services ignore full stops, so one mailbox has thousands of addresses.
        return Reason("dotted_email", "The email address is full of full stops", 1.5)
    if host.rpartition(".")[2].lower() in domains("cheap_endings"):
        return Reason("cheap_email", "An email address of a kind that spam often uses", 1.0)
    return None


def odd_telephone(reading: Reading, limits: Limits) -> Reason | None:
    """Look for numbers that nobody has."""
    digits = "".join(mark for mark in reading.circumstances.telephone[:200] if mark.isdecimal())
    if _SAME_DIGIT.search(digits) or (len(digits) >= 7 and digits in _ROW):
        return Reason("odd_telephone", "A telephone number that nobody has", 1.0)
    return None
