"""Reads the reports of mail servers about mail of ours that came back (RFC 3464).

Anybody can send such a report, so what it says is kept in words of our own. It counts only if it
holds the Message-ID of a mail we sent, which is random and known to its recipient alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.policy import compat32
from itertools import islice

from enquiries import outbox

# A report with the whole of our mail is some tens of thousands of bytes.
LARGEST = 1024 * 1024
# Parts within parts cost the parser time and stack; a report has about five.
_MOST_PARTS = 60
_DEEPEST = 4
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,118}>")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_WORDS = {
    "1.1": "mailbox does not exist",
    "1.2": "domain of the address does not exist",
    "1.3": "address is not written as one",
    "1.6": "mailbox has moved and left no address",
    "1.10": "domain of the address takes no mail",
    "2.1": "mailbox is switched off",
    "2.2": "mailbox is full",
    "2.3": "mail is too long for the mailbox",
    "4.7": "not taken in time",
}
_WORDS_OF_SUBJECT = {
    "0": "mail came back without a reason",
    "1": "address was not accepted",
    "2": "mailbox takes no mail",
    "3": "mail server takes no mail",
    "4": "mail server could not be reached",
    "5": "mail servers did not understand each other",
    "6": "form of the mail was not accepted",
    "7": "refused by a rule of the mail server",
}


@dataclass(frozen=True)
class Bounce:
    """A report that mail was not delivered, and the mails it may be about."""

    message_ids: tuple[str, ...]
    reason: str


def note(raw: bytes) -> bool:
    """Note what a mail reports; say whether it told of a mail of ours that came back."""
    bounce = read(raw)
    return bounce is not None and any(
        outbox.note_bounce(message_id, bounce.reason) for message_id in bounce.message_ids
    )


def read(raw: bytes) -> Bounce | None:
    """Return what a mail reports, or nothing if it is no report of mail given up.

    Comes out for any bytes.
    """
    if len(raw) > LARGEST or len(re.findall(rb"(?i)content-type", raw)) > _MOST_PARTS:
        return None
    try:
        return _read(message_from_bytes(raw, policy=compat32))
    except Exception:  # strangers write these, and the parser has many ways to fail
        return None


def _read(report: Message) -> Bounce | None:
    parts = list(islice(_parts(report), _MOST_PARTS))
    status = next((part for part in parts if _type(part) == "message/delivery-status"), None)
    reason = _reason(status) if status else ""
    message_ids = tuple(dict.fromkeys(_message_ids(report, parts)))[:20]
    return Bounce(message_ids, reason) if reason and message_ids else None


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """Yield the parts of a mail, but not those of a mail that lies inside it."""
    if message.get_content_maintype() != "multipart" or depth == _DEEPEST:
        yield message
        return
    payload = message.get_payload()
    for part in payload if isinstance(payload, list) else []:
        if isinstance(part, Message):
            yield from _parts(part, depth + 1)


def _type(part: Message) -> str:
    return part.get_content_type()


def _reason(status: Message) -> str:
    """Return why the mail came back; nothing while its delivery is only late, or has succeeded."""
    for block in _inner(status):
        if _header(block, "Action").strip().lower() == "failed":
            found = _STATUS.search(_header(block, "Status")) or _STATUS.search(
                _header(block, "Diagnostic-Code")
            )
            return _in_words(found)
    return ""


def _in_words(found: re.Match[str] | None) -> str:
    if found is None:
        return _WORDS_OF_SUBJECT["0"]
    kind, subject, detail = (str(int(part)) for part in found.groups())
    words = _WORDS.get(f"{subject}.{detail}") or _WORDS_OF_SUBJECT.get(
        subject, _WORDS_OF_SUBJECT["0"]
    )
    return f"{kind}.{subject}.{detail} {words}"


def _message_ids(report: Message, parts: list[Message]) -> Iterator[str]:
    """Yield the Message-IDs that the report may be about, the likeliest first."""
    for part in parts:
        if _type(part) in {"message/rfc822", "message/global"}:
            for inner in _inner(part):
                yield from _MESSAGE_ID.findall(_header(inner, "Message-ID"))
        elif _type(part) in {"text/rfc822-headers", "message/global-headers"}:
            yield from _MESSAGE_ID.findall(_header(_headers_in(part), "Message-ID"))
    for name in ("X-Original-Message-ID", "In-Reply-To", "References"):
        yield from _MESSAGE_ID.findall(_header(report, name))


def _inner(part: Message) -> list[Message]:
    payload = part.get_payload()
    rows = payload if isinstance(payload, list) else []
    return [each for each in rows if isinstance(each, Message)]


def _headers_in(part: Message) -> Message:
    payload = part.get_payload(decode=True)
    text = payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
    return message_from_string(text.strip())


def _header(message: Message, name: str) -> str:
    return str(message.get(name, ""))[:2000]
