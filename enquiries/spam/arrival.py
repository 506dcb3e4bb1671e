"""How the enquiry arrived: the field that people do not see, the time it took, how many came."""

from enquiries.spam.circumstances import Limits, Reason
from enquiries.spam.reading import Reading
from enquiries.spam.text import fold


def honeypot_filled(reading: Reading, limits: Limits) -> Reason | None:
    """Look at the field that people do not see."""
    filled = fold(reading.circumstances.honeypot).strip()
    if not filled:
        return None
    answers = reading.circumstances
    own = {fold(each).strip() for each in (answers.full_name, answers.email, answers.telephone)}
    if filled in own or filled in fold(answers.full_name).split():
        # Browsers and password managers fill what they do not understand with what they know.
        return Reason("honeypot_autofilled", "The hidden field repeats another answer", 2.0)
    return Reason("honeypot", "The hidden field was filled in", 5.0)


def sent_too_fast(reading: Reading, limits: Limits) -> Reason | None:
    """Look at the time between showing the form and sending it."""
    seconds = reading.circumstances.seconds_on_form
    # Neither suffices alone: a form can be restored, filled in, by a browser that was closed.
    if seconds is None or seconds >= limits.fastest_seconds:
        return None
    if seconds < limits.impossible_seconds:
        return Reason("impossibly_fast", "Sent faster than anybody could fill in the form", 4.0)
    return Reason("fast", "Sent faster than a person usually types", 2.5)


def many_from_network(reading: Reading, limits: Limits) -> Reason | None:
    """Look at how many came from the same network, which a whole hospital may share."""
    count = reading.circumstances.from_same_network
    if count >= limits.flood_per_network_per_hour:
        # More than a patient's words can take off.
        weight = limits.threshold + limits.most_relief + 1.0
        return Reason("network_flood", "A flood of enquiries from the same network", weight)
    if count >= 2 * limits.per_network_per_hour:
        return Reason("network", "Very many enquiries from the same network in an hour", 2.5)
    if count >= limits.per_network_per_hour:
        return Reason("network", "Many enquiries from the same network in an hour", 1.5)
    return None


def repeated_text(reading: Reading, limits: Limits) -> Reason | None:
    """Look at how often nearly the same text came."""
    count = reading.circumstances.same_text
    if count >= limits.flood_of_repeats_per_day:
        weight = limits.threshold + limits.most_relief + 1.0
        return Reason("repeat_flood", "The same text came very many times today", weight)
    if count >= limits.repeats_per_day:
        return Reason("repeat", "The same text came several times today", 3.0)
    return None
