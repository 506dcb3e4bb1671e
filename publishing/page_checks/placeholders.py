"""Words that somebody meant to replace before the page is public."""

import re
from collections.abc import Iterator

from publishing.checks import Candidate, Finding, Level, register_check
from publishing.page_checks.places import places

_UNFINISHED = re.compile(
    r"""
    (?<!\w)(?:TK){1,4}(?!\w)
    | (?<!\w)(?:TODO|FIXME)(?!\w)
    | (?<!\w)[xX]{3,}(?!\w)
    | (?i:\blorem\s+ipsum\b|\bdolor\s+sit\s+amet\b)
    | \[\s?(?i:insert|placeholder|your|name\sof|date\sof|to\sfollow|to\scome|add\s|check\s)
      [^\[\]\n]{0,80}\]
    | <\s?(?i:insert|placeholder)\b[^<>\n]{0,80}>
    | \{\{[^{}\n]{0,80}\}\}
    """,
    re.VERBOSE,
)
_LATER = re.compile(r"(?<!\w)TB[ACD](?!\w)")


@register_check
def words_to_replace(candidate: Candidate) -> Iterator[Finding]:
    """Find words that stand for others: TK, lorem ipsum, [insert the price]."""
    for place in places(candidate):
        for block in place.blocks:
            for match in _UNFINISHED.finditer(block.text):
                yield Finding(
                    Level.ERROR,
                    place.field,
                    match[0],
                    "These words look like a reminder that something is still to be written.",
                    "Write it, or take the reminder out.",
                    place.line(block, match.start()),
                )
            for match in _LATER.finditer(block.text):
                yield Finding(
                    Level.WARNING,
                    place.field,
                    match[0],
                    "Readers may not know what these letters mean, or when there will be more.",
                    "Write the words in full, and say when they can expect an answer.",
                    place.line(block, match.start()),
                )
