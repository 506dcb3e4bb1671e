"""The few words of a page that show why it was found, with what was looked for marked."""

from collections.abc import Collection

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from search.words import stems as stems_of
from search.words import words_in

LETTERS = 220
_BEFORE = 60
_LINES_LOOKED_AT = 400


def marked(text: str, stems: Collection[str]) -> SafeString:
    """Return a text as HTML with the words that were looked for marked."""
    pieces, place = [], 0
    for word in words_in(text):
        if word.stem in stems and not word.is_stop_word:
            pieces.append((escape(text[place : word.start]), text[word.start : word.end]))
            place = word.end
    html = format_html_join("", "{}<mark>{}</mark>", pieces)
    return mark_safe(html + escape(text[place:]))  # noqa: S308  (both are escaped)


def snippet(summary: str, body: str, stems: Collection[str]) -> SafeString:
    """Return the page's summary, or the part of its text that holds more of the words."""
    sought = set(stems)
    best, most = summary, len(sought.intersection(stems_of(summary)))
    for line in body.split("\n")[:_LINES_LOOKED_AT]:
        found = len(sought.intersection(stems_of(line)))
        if found > most:
            best, most = line, found
    return marked(best if best is summary else _around(best, sought), sought)


def _around(line: str, stems: Collection[str]) -> str:
    """Cut a long line to what stands around the first of the words; never inside a word."""
    if len(line) <= LETTERS:
        return line
    words = list(words_in(line))
    first = next(word.start for word in words if word.stem in stems)
    start = max((word.start for word in words if word.start <= max(first - _BEFORE, 0)), default=0)
    end = max((word.end for word in words if word.end <= start + LETTERS), default=len(line))
    return f"{'… ' if start else ''}{line[start:end]}{' …' if end < len(line) else ''}"
