"""How old a reader has to be for each section: a way to find hard sentences, and no mark.

The formula is that of Flesch and Kincaid (Kincaid, Fishburne, Rogers and Chissom: Derivation of new
readability formulas for Navy enlisted personnel, Research Branch Report 8-75, 1975). Its result is
an American school grade; children in the first grade are six. The NHS writes for readers of 9 to 11
and, where that cannot be, of 11 to 14 (service-manual.nhs.uk/content/how-we-write), and warns
against judging a page by its score: so each section is told by itself, with the sentences to mend.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from publishing.checks import Candidate, Finding, Level, register_check
from publishing.page_checks.places import Place, places
from publishing.page_checks.prose import Sentence, sentences, syllables

MAX_AGE = 13
# In fewer words one long name decides the result.
MIN_WORDS = 60
_AGE_IN_FIRST_GRADE = 6


@dataclass(frozen=True)
class _Told:
    """A sentence with what the formula needs to know."""

    sentence: Sentence
    line: int | None
    words: int
    syllables: int

    @property
    def age(self) -> float:
        return reading_age(self.words, 1, self.syllables)


def reading_age(words: int, sentences: int, syllables: int) -> float:
    """Return the age at which a text of so many words, sentences and syllables is easy to read."""
    grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59
    return grade - 1 + _AGE_IN_FIRST_GRADE


@register_check
def hard_sections(candidate: Candidate) -> Iterator[Finding]:
    """Name the two hardest sentences of a section that is hard to read."""
    for place in places(candidate):
        told = _told(place)
        words = sum(each.words for each in told)
        if not place.is_markdown or words < MIN_WORDS:
            continue
        age = reading_age(words, len(told), sum(each.syllables for each in told))
        if round(age) > MAX_AGE:
            yield _finding(place, age, sorted(told, key=lambda each: each.age, reverse=True))


def _told(place: Place) -> list[_Told]:
    return [
        _Told(
            sentence,
            place.line(block, sentence.start),
            len(sentence.words),
            sum(syllables(word) for word in sentence.words),
        )
        for block in place.prose
        for sentence in sentences(block.text)
    ]


def _finding(place: Place, age: float, told: list[_Told]) -> Finding:
    second = ""
    if len(told) > 1:
        second = f" The next hardest begins “{told[1].sentence.opening}” (line {told[1].line})."
    return Finding(
        Level.HINT,
        place.field,
        told[0].sentence.opening,
        f"Going by its sentences and words, this text is easy to read from about {round(age)}"
        f" years on; up to {MAX_AGE} suits most people. The hardest sentence begins with these"
        f" words.{second}",
        "Try shorter sentences and everyday words. Names of conditions may stay.",
        told[0].line,
    )
