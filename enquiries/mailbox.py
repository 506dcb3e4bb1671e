"""The mailbox that the clinic's mail arrives in, read over IMAP where one is set up.

Nothing in it is deleted, and only what is named is marked as seen: people may read it too.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

_TIMEOUT = 20  # seconds
# More unseen reports than this at a time are somebody else's; the newest come first.
_MOST = 500
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}>")


class MailboxProblem(Exception):
    """The mailbox cannot be read; the text says why, in plain words."""


def is_set_up() -> bool:
    """Say whether there is a mailbox to look into."""
    return bool(settings.IMAP_HOST)


class Mailbox:
    """An inbox that was opened."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def holds(self, message_id: str) -> bool:
        """Say whether a mail with this Message-ID has arrived."""
        if not _MESSAGE_ID.fullmatch(message_id):
            return False
        self._server.noop()  # so that the server tells of what came since
        return bool(self._search("HEADER", "Message-ID", f'"{message_id}"'))

    def unseen_reports(self, largest: int) -> Iterator[tuple[str, bytes]]:
        """Yield unseen reports about mail, the newest first, without marking them as seen.

        Those larger than so many bytes are left alone.
        """
        found = self._search("UNSEEN", "HEADER", "Content-Type", '"multipart/report"')
        for uid in found[: -_MOST - 1 : -1]:
            if self._size(uid) <= largest and (raw := self._fetch(uid)):
                yield uid, raw

    def mark_seen(self, uid: str) -> None:
        """Mark a mail as seen."""
        self._server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")

    def _search(self, *criteria: str) -> list[str]:
        status, data = self._server.uid("SEARCH", *criteria)
        if status != "OK":
            raise MailboxProblem("The mailbox cannot be searched.")
        return [uid.decode("ascii", "replace") for uid in b" ".join(filter(None, data)).split()]

    def _size(self, uid: str) -> int:
        _, data = self._server.uid("FETCH", uid, "(RFC822.SIZE)")
        found = re.search(rb"RFC822\.SIZE (\d{1,12})", repr(data).encode())
        return int(found[1]) if found else 0

    def _fetch(self, uid: str) -> bytes:
        _, data = self._server.uid("FETCH", uid, "(BODY.PEEK[])")
        return next((bytes(item[1]) for item in data or [] if isinstance(item, tuple)), b"")


@contextmanager
def opened(*, to_change: bool = False) -> Iterator[Mailbox]:
    """Open the inbox; whatever goes wrong with it is a `MailboxProblem`."""
    try:
        server = imaplib.IMAP4_SSL(
            settings.IMAP_HOST,
            settings.IMAP_PORT,
            ssl_context=ssl.create_default_context(),
            timeout=_TIMEOUT,
        )
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxProblem(
            f"The mail server {settings.IMAP_HOST} could not be reached on port"
            f" {settings.IMAP_PORT} (IMAP over TLS): {type(error).__name__}."
        ) from None
    try:
        _enter(server, to_change=to_change)
        yield Mailbox(server)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxProblem(
            f"The mail server {settings.IMAP_HOST} broke off: {type(error).__name__}."
        ) from None
    finally:
        _leave(server)


def _enter(server: imaplib.IMAP4, *, to_change: bool) -> None:
    try:
        server.login(settings.IMAP_USER, settings.IMAP_PASSWORD)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeError):
        # The server's answer may quote the name.
        raise MailboxProblem(
            "The mail server refused IMAP_USER with IMAP_PASSWORD. Some providers want a password"
            " made for programs."
        ) from None
    status, _ = server.select("INBOX", readonly=not to_change)
    if status != "OK":
        raise MailboxProblem("The mailbox has no INBOX that can be opened.")


def _leave(server: imaplib.IMAP4) -> None:
    try:
        server.logout()
    except (OSError, imaplib.IMAP4.error):
        server.shutdown()
