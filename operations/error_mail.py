"""Tells whoever runs the site of a fault, by mail, without a word of anybody's.

In the mail: what kind of fault, where in our code, which page's pattern (`shared/<token>/`, not the
address), the number of the request by which the log has more. Not in it: the exception's message,
values, addresses, form fields, cookies, headers, settings.
"""

import fcntl
import hashlib
import json
import logging
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest

from operations import request_ids
from operations.logs import type_name, wordless_traceback

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent
_SECONDS_BETWEEN = 60 * 60
_MOST_AN_HOUR = 20


@dataclass(frozen=True)
class Fault:
    """What a mail says. Two faults of the same kind at the same place are the same one."""

    what: str
    where: str
    details: str

    @property
    def key(self) -> str:
        """A short name for it, the same in every process."""
        return hashlib.sha256(f"{self.what} {self.where}".encode()).hexdigest()[:16]


def fault_in(record: logging.LogRecord) -> Fault:
    """Return what may be told of a line in the log."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return Fault(record.name, f"{record.pathname}:{record.lineno}", "")
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if _is_ours(each.filename)] or list(frames)
    where = f"{ours[-1].filename}:{ours[-1].lineno}" if ours else record.name
    return Fault(type_name(error), where, wordless_traceback(error))


def _is_ours(file: str) -> bool:
    path = Path(file)
    return path.is_relative_to(_ROOT) and "site-packages" not in path.parts


def text_about(fault: Fault, record: logging.LogRecord) -> str:
    """Return the body of the mail."""
    # Not before: the log is set up before there are models.
    from operations.backups.archive import release

    request = getattr(record, "request", None) or request_ids.current_request()
    lines = [
        f"Fault:     {fault.what}",
        f"Where:     {fault.where}",
        f"Page:      {_pattern(request)}",
        f"Request:   {request_ids.current() or 'none'}",
        f"Release:   {release()}",
        f"Process:   {record.process}",
        "",
        fault.details or "The log has what was noted there.",
        "",
        "The same fault is told of once an hour at most. The log has every time.",
    ]
    return "\n".join(lines)


def _pattern(request: object) -> str:
    if not isinstance(request, HttpRequest):
        return "none"
    match = request.resolver_match
    return f"{request.method} /{match.route}" if match else f"{request.method}, no page of ours"


class Ledger:
    """Which faults were told of in the last hour: a file that all processes of the machine share.

    A disk that takes no file is itself a fault worth a mail: then each process keeps its own.
    """

    def __init__(self) -> None:
        self._own: dict[str, float] = {}

    def take(self, key: str) -> bool:
        """Say whether a fault is to be told of now, and note that it is."""
        try:
            return self._take_from(settings.DATA_DIR / "faults-told.json", key)
        except OSError:
            return _note(self._own, key)

    def _take_from(self, path: Path, key: str) -> bool:
        with path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            told = _read(file.read())
            is_new = _note(told, key)
            file.truncate(0)
            file.write(json.dumps(told))
        return is_new


def _read(text: str) -> dict[str, float]:
    try:
        return {str(key): float(at) for key, at in json.loads(text).items()}
    except (ValueError, AttributeError, TypeError):
        return {}


def _note(told: dict[str, float], key: str) -> bool:
    now = time.time()
    for each in [each for each, at in told.items() if not 0 <= now - at < _SECONDS_BETWEEN]:
        del told[each]
    if key in told or len(told) >= _MOST_AN_HOUR:
        return False
    told[key] = now
    return True


class ErrorMailHandler(logging.Handler):
    """Sends the mail in a thread: no request waits for it, and none fails over it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._ledger = Ledger()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            fault = fault_in(record)
            if self._ledger.take(fault.key):
                run_in_background(fault, text_about(fault, record))
        except Exception as error:  # telling of a fault must not make another one
            _could_not(error)


def run_in_background(fault: Fault, text: str) -> None:
    """Send the mail without anybody waiting. Tests replace this function."""
    threading.Thread(target=send, args=(fault, text), name="error mail", daemon=True).start()


def send(fault: Fault, text: str) -> None:
    """Send the mail, if it can be sent."""
    try:
        EmailMessage(
            f"Fault on {settings.SITE_URL}: {fault.what}",
            text,
            settings.SERVER_EMAIL,
            settings.ERROR_MAIL,
        ).send()
    except Exception as error:  # a thread has nobody to tell
        _could_not(error)


def _could_not(error: Exception) -> None:
    # A warning, so that it does not come back here.
    logger.warning("A fault could not be told of by mail: %s", type_name(error))
