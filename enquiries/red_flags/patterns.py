"""The small language in which clinicians write what patients may say."""

import re
from dataclasses import dataclass
from functools import lru_cache
from inspect import cleandoc

from enquiries.red_flags.vocabulary import OWNERS, SMALL_WORDS
from enquiries.red_flags.words import words_of

_TOKEN = re.compile(r'"([^"]*)"|([^\s"|]+)|(\|)')
LONGEST = 2000

Alternative = tuple[str, ...]
"""The terms of a fixed phrase, or one term."""


@dataclass(frozen=True)
class Pattern:
    """Write the words that must stand near each other, in any order.

    Put | between words that mean the same: groin|bottom|buttocks.
    End a word with * for any ending: numb* finds numb, numbness and numbed.
    Put quotes round words that belong together: "between my legs".

    Example: numb* groin|genital*|bottom|buttock*|"between my legs"|saddle

    Capitals and apostrophes do not matter. "Can't", "can not" and "unable to" count as "cannot". A
    letter may be wrong in words of six letters or more.
    """

    groups: tuple[tuple[Alternative, ...], ...]


HELP = cleandoc(Pattern.__doc__ or "")


@lru_cache(maxsize=2048)
def parse(words: str) -> Pattern | str:
    """Return the pattern, or a sentence that says how to mend it."""
    if len(words) > LONGEST:
        return f"Please shorten this to {LONGEST} characters, or make two phrases of it."
    if words.count('"') % 2:
        return 'One quotation mark is left open. Put a " at both ends of the phrase.'
    groups: list[list[Alternative]] = []
    joins = False  # whether the last thing read was a |
    for token in _TOKEN.finditer(words.translate(_STRAIGHT)):
        quoted, word, bar = token.groups()
        if bar:
            if joins or not groups:
                return "Put a word on both sides of each |."
            joins = True
            continue
        terms = _terms(quoted if word is None else word)
        if isinstance(terms, str):
            return terms
        if joins:
            groups[-1].append(terms)
        else:
            groups.append([terms])
        joins = False
    if joins:
        return "Put a word on both sides of each |."
    if not groups:
        return "Write at least one word that a patient might use."
    return Pattern(tuple(tuple(group) for group in groups))


def problem_of(words: str) -> str:
    """Return how to mend a pattern, or nothing if it is well formed."""
    found = parse(words)
    return found if isinstance(found, str) else ""


_STRAIGHT = str.maketrans("“”„‟«»", '""""""')


def _terms(text: str) -> Alternative | str:
    """Return the terms of a word or a phrase, or what is wrong with it."""
    terms: list[str] = []
    for part in text.split():
        bare = part.removesuffix("*")
        if "*" in bare:
            return f"Put the * at the end of a word, as in numb*. It stands elsewhere in “{part}”."
        forms = [each.form for each in words_of(bare)]
        if not forms:
            return f"“{part}” has no letters. Write a word, or take it away."
        if bare != part:
            if len(forms[-1]) < 3:
                return f"“{part}” would find too much. Write at least three letters before the *."
            forms[-1] += "*"
        terms += forms
    return _checked(text, terms)


def _checked(text: str, terms: list[str]) -> Alternative | str:
    """Join "can not" as in messages, leave out "my" and "the", and see that something is left."""
    if not text.strip():
        return "There is nothing between two quotation marks. Write the phrase between them."
    joined = tuple(term for term in _joined_forms(terms) if term not in OWNERS)
    if SMALL_WORDS.issuperset(joined):
        return f"“{text}” is found in nearly every message. Add a word that says more."
    return joined


def _joined_forms(terms: list[str]) -> list[str]:
    starred = {term.rstrip("*") for term in terms if term.endswith("*")}
    forms = [each.form for each in words_of(" ".join(term.rstrip("*") for term in terms))]
    return [f"{form}*" if form in starred else form for form in forms]
