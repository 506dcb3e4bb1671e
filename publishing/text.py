"""Cleans text that people type or paste, without changing what it says."""

import re
import unicodedata

# Characters that print nothing and arrive with text pasted from a word processor or a web page.
_INVISIBLE = dict.fromkeys(
    [
        0x00AD,  # soft hyphen
        0x200B,  # zero width space
        0x2060,  # word joiner
        0xFEFF,  # byte order mark
        *range(0x09),
        0x0B,
        0x0C,
        *range(0x0E, 0x20),
        0x7F,
    ]
)
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_WORD_COMMENT = ("<!--[if", "<![endif]-->")
_WORD_TAG = re.compile(r"</?(?:o|w|m|v|st1):[A-Za-z]{1,40}[^<>]{0,200}>")


def without_surrogates(text: str) -> str:
    """Return the text without lone surrogates, which no database and no page can hold."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def clean_line(text: str) -> str:
    """Return one line of typed text: no control characters, single spaces, trimmed."""
    return " ".join(clean_paste(text).split())


def clean_paste(text: str) -> str:
    """Return typed or pasted text without what a word processor leaves behind.

    Non-breaking and odd-width spaces become plain ones, line ends become newlines, invisible and
    control characters and Word's private tags go. Every visible character stays.
    """
    text = without_surrogates(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _without_word_comments(text)
    text = _WORD_TAG.sub("", text)
    text = _SPACES.sub(" ", text.translate(_INVISIBLE))
    return unicodedata.normalize("NFC", text)


def _without_word_comments(text: str) -> str:
    # Not a pattern: on a text full of beginnings, each would be searched to the end.
    begin, end = _WORD_COMMENT
    kept = []
    position = 0
    while (start := text.find(begin, position)) >= 0 and (stop := text.find(end, start)) >= 0:
        kept.append(text[position:start])
        position = stop + len(end)
    return "".join([*kept, text[position:]])
