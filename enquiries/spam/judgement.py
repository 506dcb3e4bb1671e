"""The judgement of an enquiry: every check that has something to say, added up."""

from collections.abc import Callable

from enquiries.spam import arrival, links, markup, sender, wording
from enquiries.spam.circumstances import (
    DEFAULT_LIMITS,
    Circumstances,
    Judgement,
    Limits,
    Reason,
)
from enquiries.spam.reading import Reading

__all__ = ["DEFAULT_LIMITS", "Circumstances", "Judgement", "Limits", "Reason", "judge"]

Check = Callable[[Reading, Limits], Reason | None]

CHECKS: tuple[Check, ...] = (
    arrival.honeypot_filled,
    arrival.sent_too_fast,
    arrival.many_from_network,
    arrival.repeated_text,
    links.many_links,
    links.shortened_links,
    links.cheap_domains,
    links.mostly_links,
    markup.link_markup,
    markup.attack,
    markup.other_markup,
    sender.name_is_link,
    sender.random_name,
    sender.odd_email,
    sender.odd_telephone,
    wording.random_letters,
    wording.is_test,
    wording.disguised_words,
    wording.hidden_characters,
)


def judge(circumstances: Circumstances, limits: Limits = DEFAULT_LIMITS) -> Judgement:
    """Return how much an enquiry looks like spam, and why.

    Comes out for any text. Takes time that grows with the text and no faster.
    """
    reading = Reading(circumstances)
    found = [reason for check in CHECKS if (reason := check(reading, limits))]
    found += wording.offers(reading)
    found += wording.signs_of_a_patient(reading, limits)
    found.sort(key=lambda reason: -abs(reason.weight))
    score = max(0.0, round(sum(reason.weight for reason in found), 2))
    return Judgement(score, tuple(found), limits.threshold)
