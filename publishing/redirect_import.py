"""Redirects from a file: what it says, what would become of it, and doing exactly that."""

import csv
import hashlib
import io
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from publishing import redirects
from publishing.models.audit import record
from publishing.redirect_rules import Outcome, Verdict, Wish, judge

MAX_BYTES = 1_000_000
MAX_ROWS = 5_000
_DELIMITERS = (",", ";", "\t")


class Unreadable(Exception):
    """The file is no table of redirects. Says what to do."""


class ChangedMeanwhile(Exception):
    """What was shown is no longer what would be done."""

    def __init__(self, plan: "Plan") -> None:
        super().__init__()
        self.plan = plan


@dataclass(frozen=True)
class Plan:
    """What would become of a file, row by row."""

    verdicts: tuple[Verdict, ...]

    @property
    def number(self) -> int:
        """How many redirects would be written."""
        return sum(each.is_done for each in self.verdicts)

    @property
    def refused(self) -> int:
        """How many rows something is wrong with."""
        return sum(each.is_refused for each in self.verdicts)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many rows come to what."""
        counted = Counter(each.outcome for each in self.verdicts)
        return [(outcome.value, counted[outcome]) for outcome in Outcome if counted[outcome]]

    @property
    def digest(self) -> str:
        """A short text that is another for every other plan."""
        told = [(each.number, each.old, each.outcome.name, each.end) for each in self.verdicts]
        return hashlib.sha256(repr(told).encode("utf-8", "backslashreplace")).hexdigest()


def text_of(content: bytes) -> str:
    """Return the text of a file that a spreadsheet wrote: UTF-8 or Windows-1252.

    Raises Unreadable.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable("The file is too large: at most 1 MB at a time. Divide it.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:  # else it is a spreadsheet's own format, or UTF-16
            return text
    raise Unreadable("This is no text. Save the table as CSV (UTF-8) and choose that file.")


def wishes_in(text: str) -> list[Wish]:
    """Return the rows of a table with commas, semicolons or tabs between its columns.

    Empty rows are left out, and so are empty columns at the end. Raises Unreadable.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise Unreadable("The table is too large: at most 1 MB at a time. Divide it.")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    readings = [_rows(lines, delimiter) for delimiter in _DELIMITERS]
    # The columns are where most rows have two of them.
    best = max(readings, key=lambda rows: sum(len(row.cells) == 2 for row in rows))
    if not best:
        raise Unreadable("There is nothing in it. Each row has an old address and a new one.")
    if len(best) > MAX_ROWS:
        raise Unreadable(f"It has {len(best)} rows; at most {MAX_ROWS} at a time. Divide it.")
    return best


def _rows(text: str, delimiter: str) -> list[Wish]:
    found = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                found.append(Wish(reader.line_num, tuple(cells)))
    except csv.Error as error:
        line = reader.line_num
        raise Unreadable(
            f"The table cannot be read from line {line} on. Is a quotation mark left open there?"
        ) from error
    return found


def plan(text: str) -> Plan:
    """Return what would become of the table, and write nothing. Raises Unreadable."""
    return Plan(tuple(judge(wishes_in(text), redirects.everything())))


@transaction.atomic
def carry_out(text: str, shown: str, user: Any) -> Plan:
    """Write the redirects of the table, all or none, and each into the audit log.

    `shown` is the digest of the plan that the person agreed to. The table is judged again; if
    something else came out, nothing is written and ChangedMeanwhile has the new plan. Raises
    Unreadable.
    """
    redirects.hold()
    found = plan(text)
    if found.digest != shown:
        raise ChangedMeanwhile(found)
    ends = {each.old: each.end for each in found.verdicts if each.is_done}
    for redirect in redirects.add_all(ends):
        record(user, "imported", redirect)
    return found
