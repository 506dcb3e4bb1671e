"""Tables for spreadsheets, in which no cell is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

# What makes a spreadsheet calculate instead of show (OWASP, CSV injection).
_STARTS_FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """Return a text as a cell that is shown as it stands."""
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS_FORMULA) else text


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV with a byte order mark, by which spreadsheets know the letters."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return "\ufeff" + written.getvalue()
