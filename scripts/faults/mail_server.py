"""A mail server on loopback that can be told to behave badly."""

import threading
import time
from collections import Counter
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from scripts.address import free_port

WELL, REFUSES, HANGS, DROPS = "well", "refuses", "hangs", "drops"


class BadMailServer:
    """Counts the mails it took, by Message-ID."""

    def __init__(self) -> None:
        self.mode = WELL
        self.taken: Counter[str] = Counter()
        self.tries = 0
        self._lock = threading.Lock()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def start(self) -> None:
        """Listen on loopback."""
        self._controller.start()

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Take a recipient, or not."""
        self.tries += 1
        if self.mode == REFUSES:
            return "451 Try again later"
        if self.mode == HANGS:
            time.sleep(0.6)  # longer than the trial's time-out; the whole server stands still
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail, or hang up just before saying so."""
        if self.mode == DROPS:
            assert server.transport is not None  # noqa: S101
            server.transport.close()
            return "421 Gone"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        with self._lock:
            self.taken[str(message_from_bytes(content)["Message-ID"])] += 1
        return "250 OK"
