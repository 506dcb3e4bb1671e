"""Keeps out of the logs what whoever has an address may do with it."""

import logging
import re

# A signed private page of an enquiry, the confirmation of one, and a draft that is shared by link.
_PRIVATE = re.compile(r"(/contact/your-enquiry/|/contact/received/\?|/shared/)[^\s/?\"']+")


class WithoutPrivateLinks(logging.Filter):
    """Takes the secret part out of private addresses, wherever in a record they stand."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = _PRIVATE.sub(r"\1[removed]", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True
