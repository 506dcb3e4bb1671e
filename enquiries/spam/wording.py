"""What the message says: offers that clinics get, and what only a patient would say.

No language and no script counts against anybody.
"""

import re
from collections import defaultdict

from enquiries.spam.circumstances import Limits, Reason
from enquiries.spam.lists import Listed, kinds, phrases, probes
from enquiries.spam.randomness import share_of_random_letters
from enquiries.spam.reading import Reading
from enquiries.spam.text import fold, tokens

_STRENGTHS = {"decisive": 5.0, "strong": 3.5, "medium": 2.0, "weak": 0.9, "harmless": 0.0}
_MOST_PER_KIND = 8.0
_MOST_FROM_WEAK = 3.0
_SHORT = 50
_RELIEF = {"personal": 1.5, "complaint": 1.5, "topic": 0.75}
_CHOSE_CONDITION = 0.5
# Joiners belong in Persian, Hindi and emoji; between Latin letters they hide a word from filters.
_HIDDEN = re.compile("[A-Za-z][\u200b-\u200d\u2060\ufeff]{1,9}(?=[A-Za-z])")
_MANY_HIDDEN = 4
_MANY_MIXED = 3


def offers(reading: Reading) -> list[Reason]:
    """Return a reason for each kind of offer or fraud that the words are typical of."""
    found: dict[str, float] = defaultdict(float)
    weak: dict[str, float] = defaultdict(float)
    for listed in _found("offers", reading.words):
        (weak if listed.strength == "weak" else found)[listed.kind] += _STRENGTHS[listed.strength]
    # In a long letter anybody uses some words of sellers, so it is their density that counts. And
    # weak words never suffice: patients too ask for prices and write of websites and companies.
    density = min(1.0, _SHORT / len(reading.words))
    share = min(density, _MOST_FROM_WEAK / sum(weak.values())) if weak else 0.0
    for kind, weight in weak.items():
        found[kind] += weight * share
    return [
        Reason(kind, kinds("offers")[kind], round(min(weight, _MOST_PER_KIND), 2))
        for kind, weight in found.items()
        if weight
    ]


def signs_of_a_patient(reading: Reading, limits: Limits) -> list[Reason]:
    """Return what speaks against spam, with weights below zero."""
    found = _found("patients", reading.words)
    offered = (each for each in _found("offers", reading.words) if each.strength != "weak")
    if sum(_STRENGTHS[each.strength] for each in offered) >= limits.threshold:
        # Who sells to clinics writes of pain and appointments, but not of "my knee".
        found = [each for each in found if each.strength == "personal"]
    relief = sum(_RELIEF[each.strength] for each in found)
    reasons = []
    if relief:
        weight = -min(relief, limits.most_relief)
        reasons.append(Reason("patient", "Says what patients say", weight))
    if reading.circumstances.chose_condition:
        reasons.append(Reason("condition", "A condition was chosen", -_CHOSE_CONDITION))
    return reasons


def random_letters(reading: Reading, limits: Limits) -> Reason | None:
    """Look for a message of random letters."""
    if share_of_random_letters(reading.prose) > 0.5:
        return Reason("random_letters", "The message looks like random letters", 5.0)
    return None


def is_test(reading: Reading, limits: Limits) -> Reason | None:
    """Look for what machines and the curious send to see whether the form works."""
    start = reading.message.strip()[:100]
    if len(start) < 100 and " ".join(tokens(fold(start))) in probes():
        return Reason("test", "Nothing but a test of the form", 5.0)
    return None


def disguised_words(reading: Reading, limits: Limits) -> Reason | None:
    """Look for words that mix letters of alphabets that look alike."""
    if not reading.mixed:
        return None
    if set(_found("offers", reading.words)) - set(_found("offers", reading.plain_words)):
        return Reason("disguised", "Words typical of spam, disguised with look-alike letters", 3.0)
    if len(reading.mixed) >= _MANY_MIXED:
        return Reason("mixed_alphabets", "Words that mix look-alike letters", 2.5)
    return None


def hidden_characters(reading: Reading, limits: Limits) -> Reason | None:
    """Look for characters that nobody sees inside words in Latin letters."""
    if len(_HIDDEN.findall(reading.message)) >= _MANY_HIDDEN:
        return Reason("hidden", "Invisible characters inside words", 3.0)
    return None


def _found(name: str, words: list[str]) -> list[Listed]:
    """Return the phrases found, each once."""
    return list(dict.fromkeys(phrases(name).find(words)))
