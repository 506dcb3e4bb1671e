"""The log: a line an event, for people or for programs, without anybody's words in it.

What an exception says may hold what somebody typed: a database quotes the row that it refuses. So
only its type and its way through our code are written down.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from components.log_privacy import without_private_parts
from operations import request_ids

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def type_name(error: BaseException) -> str:
    """Return the full name of an exception's type."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else _full_name(kind)


def _full_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def wordless_traceback(error: BaseException) -> str:
    """Return where an exception, and what led to it, came from: types, files, lines of code.

    Left out are its message and all values.
    """
    parts = []
    for each in reversed(list(_with_causes(error))):
        frames = "".join(traceback.format_list(traceback.extract_tb(each.__traceback__)))
        parts.append(f"Traceback (most recent call last):\n{frames}{type_name(each)}")
    return "\n\n".join(parts)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception, then what it was raised from or during, as Python itself tells it."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        during = None if current.__suppress_context__ else current.__context__
        current = current.__cause__ or during


class LineFormatter(logging.Formatter):
    """For people: time, level, where from, what, and the number of the request."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        number = request_ids.current()
        return super().formatMessage(record) + (f" [{number}]" if number else "")

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802  (logging's name)
        return wordless_traceback(ei[1]) if ei[1] is not None else ""

    def format(self, record: logging.LogRecord) -> str:
        # Another handler may have left the exception's words here.
        kept, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = kept


class JsonFormatter(logging.Formatter):
    """For programs: an object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_ids.current():
            entry["request_id"] = number
        entry |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1] is not None:
            entry["traceback"] = wordless_traceback(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=False)


requests = logging.getLogger("clinic.requests")


def note_request(*, method: str, path: str, status: int, seconds: float, size: int | None) -> None:
    """Write a line about a request that was answered: no address, program, query or secret."""
    path = without_private_parts(path)
    facts = {
        "method": method,
        "path": path,
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        "bytes": size,
    }
    requests.info("%s %s %s", method, path, status, extra={"facts": facts})
