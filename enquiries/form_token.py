"""The token in the form: it says that the form came from us, when, and with which consent wording.

The site sets no cookie for readers, so the form cannot carry Django's CSRF token. This one is
signed and holds all it needs: a random number (the nonce), by which a form that is sent twice is
known again, and the version of the consent wording that stood on the page.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from enquiries import consent

MAX_AGE = timedelta(hours=24)
_SIGNER = "enquiries.form"
# Looked at before anything else, so that odd input never reaches the signer.
_SHAPE = re.compile(r"[A-Za-z0-9_.:-]{1,200}")


@dataclass(frozen=True)
class FormToken:
    """A token that we signed."""

    nonce: str
    consent_version: str
    has_expired: bool
    issued_at: float  # seconds since 1970, by our clock

    def seconds_open(self, now: float) -> float | None:
        """Return how long the form was open; nothing where a clock was set back."""
        seconds = now - self.issued_at
        return seconds if seconds >= 0 else None

    @property
    def shows_current_wording(self) -> bool:
        """Say whether the consent wording has stayed the same since the form was opened."""
        return self.consent_version == consent.CURRENT.version

    @property
    def is_usable(self) -> bool:
        """Say whether a form with this token may be stored."""
        return self.shows_current_wording and not self.has_expired


def issue() -> str:
    """Return a new token for a form that is about to be shown."""
    return _signer().sign(f"{secrets.token_urlsafe(18)}.{consent.CURRENT.version}")


def read(text: str) -> FormToken | None:
    """Return what the token says, or nothing when it is missing or was not signed by us."""
    if not _SHAPE.fullmatch(text):
        return None
    signer = _signer()
    try:
        content = signer.unsign(text)
    except signing.BadSignature:
        return None
    nonce, _, version = content.partition(".")
    issued_at = float(signing.b62_decode(text.rsplit(":", 2)[1]))
    try:
        signer.unsign(text, max_age=MAX_AGE)
    except signing.SignatureExpired:
        return FormToken(nonce, version, True, issued_at)
    return FormToken(nonce, version, False, issued_at)


def _signer() -> signing.TimestampSigner:
    # Made anew each time: the key may be changed while the site runs, in tests above all.
    return signing.TimestampSigner(salt=_SIGNER)
