"""Words and punctuation marks of a sentence, with the dictionary words each may be a form of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*%?|(?:[^\W_]+(?:'[^\W_]+)*)|[^\w\s]")


# The word that patterns have for a number, whichever it is.
_NUMBER = frozenset({"<number>"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark. `keys` holds the written form and every word it may be a form of."""

    form: str
    written: str
    keys: frozenset[str]
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Say whether it is a word rather than a punctuation mark."""
        return self.form[0].isalnum()


class Lexicon:
    """Looks up the words that a form belongs to. Unknown words stand for themselves."""

    def __init__(self, lemmas: Mapping[str, frozenset[str]]) -> None:
        self._keys = {form: words | {form} for form, words in lemmas.items()}

    def keys(self, form: str) -> frozenset[str]:
        """Return the form itself and the words it may be a form of."""
        found = self._keys.get(form)
        if found is not None:
            return found
        if form.endswith("'s"):
            return self.keys(form[:-2]) | {form}
        return frozenset({form})

    def extended(self, lemmas: Mapping[str, frozenset[str]]) -> "Lexicon":
        """Return a lexicon that knows more words. This one stays as it is."""
        found = Lexicon({})
        added = {form: self.keys(form) | words | {form} for form, words in lemmas.items()}
        found._keys = {**self._keys, **added}
        return found

    def tokens(self, text: str, start: int, end: int) -> list[Token]:
        """Return the tokens of a stretch of text. Hyphenated words come apart: pain, free."""
        found = []
        for match in _TOKEN.finditer(text, start, end):
            written = match[0]
            form = written.lower()
            if form == "-":
                if 0 < match.start() < len(text) - 1 and (
                    text[match.start() - 1].isspace() and text[match.start() + 1].isspace()
                ):
                    form = "–"
                else:
                    continue
            keys = self.keys(form) | _NUMBER if form[0].isdigit() else self.keys(form)
            found.append(Token(form, written, keys, match.start(), match.end()))
        return found
