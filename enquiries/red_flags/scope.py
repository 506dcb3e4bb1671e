"""Says which words of a message are about what is not there, is long past, or is somebody else's.

Such a mention is weakened and never dropped, and everything here gives way in doubt: a negator
reaches only as far as its clause, and a word that something began, goes on or is back cancels
"years ago".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from enquiries.red_flags.vocabulary import (
    AGES,
    BEFORE_BACK,
    BETWEEN,
    CONTRAST,
    FIRST,
    HOUSEHOLD,
    LINKS,
    LONG_AGO,
    LOST,
    NEGATORS,
    NOT_DENIED,
    ONGOING,
    OTHERS,
    PAST_VERBS,
    PERFECT,
    POINTERS,
    PRESENT,
    RETURNS,
    SEASONS,
    SUBJECTS,
    THIRD,
)
from enquiries.red_flags.words import Word

NEGATED = "said not to be there"
PAST = "in the past"
SOMEBODY_ELSE = "about somebody else"

_REACH = 8
_LIST_REACH = 20
_LIKE_THIS = (
    ("like", "this"),
    ("so", "bad"),
    ("this", "bad"),
    ("had", "it", "before"),
    ("felt", "so"),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the neighbourhood of each word says about it, by the word's number."""

    negators: Sequence[int]  # the negator that reaches the word, or -1
    is_past: Sequence[bool]
    is_somebody_elses: Sequence[bool]
    forms: Sequence[str]
    words: Sequence[Word]

    def weakness(self, numbers: Sequence[int]) -> str:
        """Return why a mention made of these words is weakened, or nothing."""
        if any(self.negators[n] >= 0 and self.negators[n] not in numbers for n in numbers):
            return NEGATED
        if self._is_answered_with_no(max(numbers)):
            return NEGATED
        if all(self.is_past[n] for n in numbers):
            return PAST
        if all(self.is_somebody_elses[n] for n in numbers):
            return SOMEBODY_ELSE
        return ""

    def _is_answered_with_no(self, last: int) -> bool:
        """Recognise "Chest pain: no", "Slurred speech: no" and "Numbness? None."."""
        for number in range(last + 1, min(last + 4, len(self.words))):
            if self.words[number].before:
                ends = number + 1 == len(self.words) or bool(self.words[number + 1].before)
                return ends and self.forms[number] in {"no", "none", "nil", "negative"}
        return False


def scope_of(words: Sequence[Word]) -> Scope:
    """Work out, in one walk each, what is denied, past and somebody else's."""
    forms = [word.form for word in words]
    return Scope(_negators(words, forms), _past(words, forms), _others(words, forms), forms, words)


def _negators(words: Sequence[Word], forms: Sequence[str]) -> list[int]:
    reached = [-1] * len(words)
    last_or = _last_or(words, forms)
    for number, form in enumerate(forms):
        if form in NEGATORS and not _denies_nothing(words, forms, number):
            for other in range(number + 1, _end_of_reach(words, forms, number, last_or[number])):
                reached[other] = number
    return reached


def _last_or(words: Sequence[Word], forms: Sequence[str]) -> list[int]:
    """Return for each word where the last "or" of its sentence stands, or -1."""
    result = [-1] * len(words)
    last = -1
    for number in range(len(words) - 1, -1, -1):
        if last < 0 and forms[number] in {"or", "nor"}:
            last = number
        result[number] = last
        if words[number].before == "end":
            last = -1
    return result


def _denies_nothing(words: Sequence[Word], forms: Sequence[str], number: int) -> bool:
    """Recognise "not only", "don't have any control" and "never felt anything like this"."""
    following = number + 1
    while following < min(number + 4, len(forms)) and forms[following] in BETWEEN:
        following += 1
    if following >= len(forms) or words[following].before == "end":
        return True
    if forms[following] in NOT_DENIED:
        return True
    if forms[number] != "never":
        return False
    near = forms[number : number + 10]
    return "before" in near or any(pair in _LIKE_THIS for pair in pairwise(near))


def _end_of_reach(words: Sequence[Word], forms: Sequence[str], number: int, last_or: int) -> int:
    """Return the first word that a negator does not reach."""
    reach = _LIST_REACH if last_or > number else _REACH
    for other in range(number + 1, min(number + 1 + reach, len(words))):
        word = words[other]
        is_list = other < last_or
        if word.before == "end" or (word.before == "pause" and not is_list):
            return other
        if word.form in CONTRAST or _starts_clause(forms, other):
            return other
        if other - number > _REACH and other > last_or + 3:
            return other
    return min(number + 1 + reach, len(words))


def _starts_clause(forms: Sequence[str], number: int) -> bool:
    return forms[number] in LINKS and number + 1 < len(forms) and forms[number + 1] in SUBJECTS


def _clauses(words: Sequence[Word], forms: Sequence[str]) -> list[range]:
    """Cut a message where the time or the subject may change."""
    cuts = [0]
    for number in range(1, len(words)):
        word = words[number]
        begins = word.before == "end" or word.form in {
            "but",
            "however",
            "although",
            "though",
            "now",
        }
        if word.before == "pause" and number - cuts[-1] > 5:
            begins = True  # a shorter opening, such as "ten years ago", belongs to what follows
        if forms[number - 1] in LINKS and number - 1 == cuts[-1]:
            continue  # "and now" begins one clause
        if begins or _starts_clause(forms, number):
            cuts.append(number)
    return [range(start, end) for start, end in zip(cuts, [*cuts[1:], len(words)], strict=True)]


def _past(words: Sequence[Word], forms: Sequence[str]) -> list[bool]:
    result = [False] * len(words)
    clauses = [[forms[number] for number in clause] for clause in _clauses(words, forms)]
    start = 0
    for inside, following in zip(clauses, [*clauses[1:], []], strict=True):
        if (
            not _is_going_on(inside)
            and any(_is_long_ago(inside, place) for place in range(len(inside)))
            and not _is_back(following)
        ):
            result[start : start + len(inside)] = [True] * len(inside)
        start += len(inside)
    return result


def _is_going_on(clause: Sequence[str]) -> bool:
    """Say whether a clause tells of something that goes on, rather than what once was."""
    if not ONGOING.isdisjoint(clause):
        return True
    if "history" in clause or "used" in clause:
        return False
    has = any(
        one == "have" and other not in {"had", "been", "suffered"}
        for one, other in pairwise(clause)
    )
    return has or not PRESENT.isdisjoint(clause)


def _is_back(clause: Sequence[str]) -> bool:
    """Recognise "and now it is back" and "it feels the same again"."""
    if POINTERS.isdisjoint(clause):
        return False
    return not RETURNS.isdisjoint(clause) or any(
        pair[1] == "back" and pair[0] in BEFORE_BACK for pair in pairwise(clause)
    )


def _is_long_ago(forms: Sequence[str], place: int) -> bool:
    """Say whether the words at this place put a clause in the past."""
    form = forms[place]
    before, after = forms[max(0, place - 4) : place], forms[place + 1 : place + 5]
    if form in {"ago", "back", "before", "earlier"} and before:
        is_months = before[-1] in {"months", "month"} and not PAST_VERBS.isdisjoint(forms[:place])
        return not LONG_AGO.isdisjoint(before[-2:]) or is_months
    if form == "last":
        return bool(after) and after[0] in SEASONS
    if form in {"previous", "previously", "childhood"}:
        return True
    if form == "history":
        return after[:1] == ["of"] or "previous" in before
    return _is_year(form, before) or _is_earlier_life(form, before, after)


def _is_year(form: str, before: Sequence[str]) -> bool:
    if not (len(form) == 4 and form.isascii() and form.isdigit() and form[:2] in {"19", "20"}):
        return False
    return bool(before) and before[-1] not in {"since", "from"}


def _is_earlier_life(form: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Recognise "used to", "as a child", "when I was 20", "in my thirties" and "in the past"."""
    if form == "used":
        is_habit = bool(before) and before[-1] in {"get", "got", "getting", "not", "am", "im"}
        return after[:1] == ["to"] and not is_habit
    if form in {"as", "when"}:
        said = after[2:4] if after[:2] == ["i", "was"] else after[:2] if form == "as" else ()
        return any(each in AGES or (each.isdigit() and form == "when") for each in said)
    if form == "my" and before[-1:] == ["in"] and "was" in before:
        return bool(after) and after[0].endswith(("ties", "teens", "0s", "youth"))
    return form == "past" and before[-2:] == ["in", "the"]


def _others(words: Sequence[Word], forms: Sequence[str]) -> list[bool]:
    """Mark what is said of a relation, unless it is told as happening now."""
    result = [False] * len(words)
    start = 0
    subject = ""
    for end in [n for n in range(1, len(words)) if words[n].before == "end"] + [len(words)]:
        sentence = forms[start:end]
        subject = subject if sentence and sentence[0] in THIRD else ""
        subject = _mark_others(sentence, result, start, subject)
        start = end
    return result


def _mark_others(sentence: Sequence[str], result: list[bool], start: int, subject: str) -> str:
    """Mark one sentence; return whom it ended with."""
    is_over = _is_over(sentence)
    runs_in_family = "family" in sentence and bool({"history", "runs", "run"} & set(sentence))
    for place, form in enumerate(sentence):
        following = sentence[place + 1] if place + 1 < len(sentence) else ""
        if form in HOUSEHOLD:
            subject = "household"
        elif form in OTHERS:
            subject = "others"
        elif form in FIRST or (form == "my" and following not in HOUSEHOLD | OTHERS):
            subject = ""
        result[start + place] = (
            runs_in_family or subject == "others" or (subject == "household" and is_over)
        )
    return subject


def _is_over(sentence: Sequence[str]) -> bool:
    """Say whether "had", "died" and the like tell a story, rather than "has had since"."""
    for place, form in enumerate(sentence):
        if form in LOST and (place == 0 or sentence[place - 1] not in PERFECT):
            return ONGOING.isdisjoint(sentence)
    return False
