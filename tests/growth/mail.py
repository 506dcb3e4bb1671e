"""A mail server that takes its time, so that several senders are at work at once."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from scripts.faults.mail_server import BadMailServer

SECONDS_A_MAIL = 0.1


class SlowMailServer(BadMailServer):
    """Counts the mails it took, by Message-ID."""

    async def handle_DATA(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail after a while."""
        await asyncio.sleep(SECONDS_A_MAIL)
        return await super().handle_DATA(server, session, envelope)
