"""Matches a message to the red flags, and reads what was found and kept beside it."""

import json
import logging
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from conditions.models import Condition
from enquiries.models import Enquiry, RedFlag
from enquiries.red_flags.matching import Match, match

logger = logging.getLogger(__name__)


class Flagged(Protocol):
    """A row that keeps a message and, beside it, the red flags that were found in it."""

    @property
    def message(self) -> str: ...

    @property
    def red_flags(self) -> str: ...


@dataclass(frozen=True)
class Found:
    """How urgent a message is, and what shows it."""

    urgency: int
    kept: list[dict[str, Any]]


def flags_in(message: str, condition: Condition | None = None) -> Found:
    """Return the urgency of a message and its red flags, strongest first.

    A fault in the matching costs the flags, never the message.
    """
    flags = {flag.key: flag for flag in RedFlag.objects.filter(is_active=True)}
    phrases = [flag.phrase() for flag in flags.values()]
    try:
        found = match(message, phrases, condition.slug if condition else "")
    except Exception as error:
        logger.error("A message could not be matched to red flags: %s", type(error).__name__)
        return Found(Enquiry.Urgency.NONE, [])
    return Found(
        max((_urgency(each) for each in found), default=Enquiry.Urgency.NONE),
        [_kept(each, flags[each.phrase.key]) for each in found],
    )


def _urgency(found: Match) -> int:
    Urgency = Enquiry.Urgency  # noqa: N806  (a class, shorter to read)
    if found.is_weakened:
        return Urgency.MENTIONED
    is_emergency = found.phrase.level == RedFlag.Level.EMERGENCY
    return Urgency.EMERGENCY if is_emergency else Urgency.URGENT


def _kept(found: Match, flag: RedFlag) -> dict[str, Any]:
    return {
        "key": flag.key,
        "level": flag.level,
        "sign": flag.sign,
        "spans": [list(span) for span in found.spans],
        "is_weakened": found.is_weakened,
        "why_weakened": found.why_weakened,
    }


def flags_of(row: Flagged) -> list[dict[str, Any]]:
    """Return the red flags that were found when the message came; none if they cannot be read."""
    try:
        kept = json.loads(row.red_flags or "[]")
    except ValueError:  # its key is missing
        return []
    return kept if isinstance(kept, list) else []


def signs_of(row: Flagged) -> list[dict[str, Any]]:
    """Return each warning sign once, though several phrases found it; a plain mention counts."""
    found: dict[str, dict[str, Any]] = {}
    for flag in flags_of(row):
        former = found.get(flag["sign"])
        if former is None or former["is_weakened"]:
            found[flag["sign"]] = flag
    return list(found.values())


def marked(row: Flagged) -> SafeString:
    """Return the message as HTML with the words of its red flags marked."""
    message = row.message
    inside = [False] * len(message)
    for flag in flags_of(row):
        for start, end in flag["spans"]:
            inside[start:end] = [True] * (min(end, len(message)) - start)
    pieces, start = [], 0
    for place in range(1, len(message) + 1):
        if place == len(message) or inside[place] != inside[start]:
            words = escape(message[start:place]).replace("\n", "<br>")
            pieces.append(f"<mark>{words}</mark>" if inside[start] else words)
            start = place
    return mark_safe("".join(pieces))  # noqa: S308  (every piece is escaped)
