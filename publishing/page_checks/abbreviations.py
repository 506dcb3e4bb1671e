"""Abbreviations that a page uses without ever saying what they stand for."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import yaml

from publishing.checks import Candidate, Finding, Level, register_check
from publishing.page_checks.places import Place, places
from publishing.page_checks.text_of import Block, Kind

_KNOWN = Path(__file__).with_name("known_abbreviations.yaml")
_SHORT = re.compile(r"(?<!\w)(?P<short>[A-Z]{2,6})s?(?!-?\d)(?!\w)")
_IN_BRACKETS = re.compile(r"\((?P<short>[A-Z]{2,6})s?(?!\w)")
_LONG_IN_BRACKETS = re.compile(r"(?<!\w)(?P<short>[A-Z]{2,6})s?[ \n]\((?P<long>[^()]{3,160})\)")
# “temporomandibular disorder, or TMD” and “NICE, or is, the National Institute for …”
_AFTER_OR = re.compile(r"\bor[ \n](?P<short>[A-Z]{2,6})(?!\w)")
_TOLD = re.compile(
    r"(?<!\w)(?P<short>[A-Z]{2,6})(?:,| is short for| is| means| stands for)[ \n](?:the[ \n])?"
    r"(?P<long>\w+[ \n]\w+)"
)
_ROMAN = re.compile(r"[IVX]+")
# Typed in capitals to be heard, or told as unfinished by another check.
_LOUD = {
    "ALL", "ALWAYS", "AND", "ARE", "ASK", "BEFORE", "BUT", "CALL", "DO", "FIXME", "FOR", "GO", "IF",
    "IS", "MORE", "MUST", "NEVER", "NO", "NOT", "NOW", "OF", "ON", "ONLY", "OR", "STOP", "TBA",
    "TBC", "TBD", "THE", "THIS", "TKTK", "TK", "TO", "TODO", "WE", "YES", "YOU", "YOUR",
}  # fmt: skip


@cache
def known_abbreviations() -> frozenset[str]:
    """Return the abbreviations that readers know better than their long forms."""
    rows = yaml.safe_load(_KNOWN.read_text(encoding="utf-8"))
    return frozenset(row["short"] for row in rows)


@register_check
def unexplained_abbreviations(candidate: Candidate) -> Iterator[Finding]:
    """Name each abbreviation that the page never writes out, where it stands first."""
    # Readers do not see what search engines are told.
    found = [each for each in places(candidate) if each.field != "meta_description"]
    explained = known_abbreviations() | set(_explained(found)) | set(_in_parts(candidate))
    for place in found:
        for block in place.blocks:
            for match in _used(block):
                short = match["short"]
                if short in explained:
                    continue
                explained |= {short}  # once a page is enough
                yield Finding(
                    Level.HINT,
                    place.field,
                    short,
                    "This page does not say what these letters stand for. Some readers will not"
                    " know.",
                    f"Write it in full once, such as “the long form ({short})”.",
                    place.line(block, match.start()),
                )


def _used(block: Block) -> Iterator[re.Match[str]]:
    if block.kind is Kind.ABBREVIATION or _is_shouted(block.text):
        return
    for match in _SHORT.finditer(block.text):
        if match["short"] not in _LOUD and not _ROMAN.fullmatch(match["short"]):
            yield match


def _is_shouted(text: str) -> bool:
    letters = [each for each in text if each.isalpha()]
    return len(letters) > 12 and sum(each.isupper() for each in letters) > len(letters) * 0.6


def _explained(found: Iterable[Place]) -> Iterator[str]:
    for place in found:
        for block in place.blocks:
            if block.kind is Kind.ABBREVIATION:
                yield block.text
            yield from _written_out(block.text)


def _in_parts(candidate: Candidate) -> Iterator[str]:
    """Yield what the rows of a page explain, such as its warning signs."""
    for rows in candidate.draft.parts.values():
        for row in rows:
            for value in vars(row).values():
                if isinstance(value, str):
                    yield from _written_out(value)


def _written_out(text: str) -> Iterator[str]:
    for match in [*_IN_BRACKETS.finditer(text), *_AFTER_OR.finditer(text)]:
        before = text[max(0, match.start() - 120) : match.start()].split()[-8:]
        if any(word[:1].upper() == match["short"][0] for word in before):
            yield match["short"]
    for match in [*_LONG_IN_BRACKETS.finditer(text), *_TOLD.finditer(text)]:
        words = match["long"].split()
        if len("".join(words)) > len(match["short"]) and words[0][:1].upper() == match["short"][0]:
            yield match["short"]
