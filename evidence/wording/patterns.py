"""Patterns over words. Rules are written in this small language, in YAML.

    cure                  the word in any of its forms
    =best                 exactly this form
    treat|help|ease       any of these
    @pain                 any word of the class `pain`
    the?                  may be left out
    ...4                  up to four words between, within the clause
    !driving              the next word is none of these (takes up no word)
    <number>              any number in figures
    ^ and $               the sentence starts, ends here

Matching looks at a bounded number of words from each place, so its work grows with the text's
length and no faster.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evidence.wording.tokens import Token

_BREAKS = frozenset({";", "–", "—", ":", ".", "!", "?", "(", ")"})


@dataclass(frozen=True, slots=True)
class Element:
    """One part of a pattern."""

    words: frozenset[str]
    exact: bool = False
    optional: bool = False
    negative: bool = False
    gap: int = 0
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sequence of elements."""

    source: str
    elements: tuple[Element, ...]

    def first_words(self) -> frozenset[str]:
        """Return the words that a match can start with."""
        found: set[str] = set()
        for element in self.elements:
            if element.edge:
                continue
            found |= element.words
            if not element.optional:
                break
        return frozenset(found)


def parse(source: str, classes: Mapping[str, Iterable[str]]) -> Pattern:
    """Read a pattern. Raises ValueError when it cannot start with a word."""
    elements = tuple(_element(part, classes) for part in source.split())
    first = next((each for each in elements if not each.edge), None)
    if first is None or first.gap or first.negative:
        raise ValueError(f"A pattern must start with a word: {source}")
    return Pattern(source, elements)


def _element(part: str, classes: Mapping[str, Iterable[str]]) -> Element:
    if part in ("^", "$"):
        return Element(frozenset(), edge=part)
    if part.startswith("..."):
        return Element(frozenset(), gap=int(part[3:]))
    negative, part = part.startswith("!"), part.removeprefix("!")
    optional, part = len(part) > 1 and part.endswith("?"), part
    part = part[:-1] if optional else part
    exact, part = len(part) > 1 and part.startswith("="), part
    part = part.removeprefix("=") if exact else part
    words: set[str] = set()
    for word in part.split("|"):
        words |= set(classes[word[1:]]) if word.startswith("@") and len(word) > 1 else {word}
    return Element(frozenset(words), exact, optional, negative)


def match_at(pattern: Pattern, tokens: Sequence[Token], at: int) -> int:
    """Return the index after a match that starts at the token, or -1."""
    return _match(pattern.elements, 0, tokens, at)


def _match(elements: tuple[Element, ...], index: int, tokens: Sequence[Token], at: int) -> int:
    while index < len(elements):
        element = elements[index]
        if element.gap:
            return _match_gap(elements, index, tokens, at)
        if element.edge or element.negative:
            if not _holds(element, tokens, at):
                return -1
            index += 1
            continue
        is_hit = at < len(tokens) and _is_word(element, tokens[at])
        if element.optional:
            if is_hit:
                end = _match(elements, index + 1, tokens, at + 1)
                if end >= 0:
                    return end
            index += 1
            continue
        if not is_hit:
            return -1
        index, at = index + 1, at + 1
    return at


def _match_gap(elements: tuple[Element, ...], index: int, tokens: Sequence[Token], at: int) -> int:
    for skipped in range(elements[index].gap + 1):
        end = _match(elements, index + 1, tokens, at + skipped)
        if end >= 0:
            return end
        if at + skipped >= len(tokens) or tokens[at + skipped].form in _BREAKS:
            return -1
    return -1


def _holds(element: Element, tokens: Sequence[Token], at: int) -> bool:
    if element.edge == "^":
        return at == 0 or not any(token.is_word for token in tokens[:at][-3:])
    if element.edge == "$":
        return not any(token.is_word for token in tokens[at : at + 3])
    return at >= len(tokens) or not _is_word(element, tokens[at])


def _is_word(element: Element, token: Token) -> bool:
    return token.form in element.words if element.exact else bool(element.words & token.keys)


@dataclass
class PatternIndex:
    """Patterns by the words they start with, each with a value to hand back."""

    by_word: dict[str, list[tuple[Pattern, object]]] = field(default_factory=dict)

    def add(self, pattern: Pattern, value: object) -> None:
        """Add a pattern."""
        for word in pattern.first_words():
            self.by_word.setdefault(word, []).append((pattern, value))

    def find(self, tokens: Sequence[Token]) -> list[tuple[int, int, object]]:
        """Return (start, end, value) of every match, by place, the longest one for each value."""
        found: list[tuple[int, int, object]] = []
        by_word = self.by_word
        for at, token in enumerate(tokens):
            seen: dict[int, int] = {}
            for key in token.keys:
                for pattern, value in by_word.get(key, ()):
                    end = match_at(pattern, tokens, at)
                    if end > at and end > seen.get(id(value), -1):
                        seen[id(value)] = end
                        found.append((at, end, value))
        return found
