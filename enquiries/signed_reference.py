"""A reference in an address, signed, so that nobody finds another person's by guessing."""

import re

from django.core import signing

_SHAPE = re.compile(r"[A-Za-z0-9_:-]{1,100}")


def sign(reference: str, purpose: str) -> str:
    """Return the signed reference: the same each time, and nothing for another purpose."""
    return signing.Signer(salt=purpose).sign(reference)


def reference_in(signed: str, purpose: str) -> str:
    """Return the reference that was signed, or nothing if it was altered."""
    if not _SHAPE.fullmatch(signed):
        return ""
    try:
        return signing.Signer(salt=purpose).unsign(signed)
    except signing.BadSignature:
        return ""
