"""Mistakes that the renderer knows of, such as a citation of a source that has gone since."""

from collections.abc import Iterator

from publishing import markdown
from publishing.checks import Candidate, Finding, Level, register_check


@register_check
def mistakes_in_texts(candidate: Candidate) -> Iterator[Finding]:
    """Yield what the form would have refused: a text can also come from history or from a merge."""
    for field, text in candidate.draft.texts().items():
        for mistake in markdown.mistakes(text):
            yield Finding(Level.ERROR, field, "", _sentence(mistake.message), line=mistake.line)


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]
