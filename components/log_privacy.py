"""Keeps out of the logs what whoever has an address may do with it."""

import logging
import re

# A signed private page of an enquiry, the confirmation of one, a draft that is shared by link, and
# the page on which somebody chooses a new password.
_PRIVATE = re.compile(
    r"(/contact/your-enquiry/|/contact/received/\?|/shared/|/password/new/[^\s/?\"']+/)[^\s/?\"']+"
)


def without_private_parts(text: str) -> str:
    """Return a text without the secret part of the private addresses in it."""
    return _PRIVATE.sub(r"\1[removed]", text)


class WithoutPrivateLinks(logging.Filter):
    """Takes the secret part out of private addresses, wherever in a record they stand."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = without_private_parts(message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True
