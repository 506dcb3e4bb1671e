"""Mark-up in a message: links for a search engine, and attempts at an attack."""

import re

from enquiries.spam.circumstances import Limits, Reason
from enquiries.spam.reading import Reading

# Each pattern is bounded, or starts with something fixed, so that no text makes it slow.
_LINK_MARKUP = re.compile(
    r"<\s{0,3}a\s[^<>]{0,60}?href|\[/?(?:url|link)\b|&lt;a\s{1,3}href|href\s{0,3}=\s{0,3}[\"']http",
    re.IGNORECASE,
)
_ATTACK = re.compile(
    r"<\s{0,3}/?(?:script|iframe|object|embed|svg|meta|form)\b"
    r"|javascript:|\bon(?:error|load|click|mouseover|focus)\s{0,3}="
    r"|\bunion\s{1,5}(?:all\s{1,5})?select\b|['\"]\s{0,3}(?:or|and)\s{1,3}['\"]?\d{1,4}['\"]?\s{0,3}="
    r"|;\s{0,3}drop\s{1,3}table|\$\{jndi:|\{\{\s{0,3}\d{1,6}\s{0,3}\*|\$\{\d{1,6}\s{0,3}\*"
    r"|(?:\.\./){2}|/etc/passwd|<\?php|<%=|\bsleep\(\d|\bwaitfor\s{1,3}delay\b"
    r"|\r?\n(?:bcc|content-type)\s{0,3}:|\bxp_cmdshell\b|;\s{0,3}(?:cat|wget|curl)\s",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"</?(?:p|div|span|br|b|i|img|h[1-6]|table|font|ul|li|strong)\b|\[/?(?:b|i|img|color|size)\b",
    re.IGNORECASE,
)


def link_markup(reading: Reading, limits: Limits) -> Reason | None:
    """Look for links written for a machine."""
    if _LINK_MARKUP.search(reading.message):
        return Reason("link_markup", "Link mark-up (HTML or BBCode)", 4.5)
    return None


def attack(reading: Reading, limits: Limits) -> Reason | None:
    """Look for scripts and commands where a name or a message belongs."""
    answers = reading.circumstances
    if any(
        _ATTACK.search(each) for each in (reading.message, answers.full_name, answers.telephone)
    ):
        return Reason("attack", "Code that tries to attack a website", 6.0)
    return None


def other_markup(reading: Reading, limits: Limits) -> Reason | None:
    """Look for harmless mark-up, which also comes along when text is pasted."""
    if _OTHER.search(reading.message):
        return Reason("markup", "HTML or BBCode mark-up", 1.0)
    return None
