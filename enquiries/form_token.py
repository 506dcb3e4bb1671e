"""The token in a form: it says that the form came from us, when, and with which consent wording.

The site sets no cookie for readers, so the form cannot carry Django's CSRF token. This one is
signed and holds all it needs: a random number (the nonce), by which a form that is sent twice is
known again, and the version of the consent wording that stood on the page, if it asks for consent.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from enquiries import consent

MAX_AGE = timedelta(hours=24)
# The forms that carry one. A token of one form is nothing to another.
ENQUIRY = "enquiries.form"
# Looked at before anything else, so that odd input never reaches the signer.
_SHAPE = re.compile(r"[A-Za-z0-9_.:-]{1,200}")


@dataclass(frozen=True)
class FormToken:
    """A token that we signed."""

    form: str
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
        """Say whether the consent wording, if any, is still that of the form as it was opened."""
        return self.consent_version == _current_version(self.form)

    @property
    def is_usable(self) -> bool:
        """Say whether a form with this token may be stored."""
        return self.shows_current_wording and not self.has_expired


def issue(form: str = ENQUIRY) -> str:
    """Return a new token for a form that is about to be shown."""
    return _signer(form).sign(f"{secrets.token_urlsafe(18)}.{_current_version(form)}")


def read(text: str, form: str = ENQUIRY) -> FormToken | None:
    """Return what the token says; nothing when it is missing or we did not sign it for the form."""
    if not _SHAPE.fullmatch(text):
        return None
    signer = _signer(form)
    try:
        content = signer.unsign(text)
    except signing.BadSignature:
        return None
    nonce, _, version = content.partition(".")
    issued_at = float(signing.b62_decode(text.rsplit(":", 2)[1]))
    try:
        signer.unsign(text, max_age=MAX_AGE)
    except signing.SignatureExpired:
        return FormToken(form, nonce, version, True, issued_at)
    return FormToken(form, nonce, version, False, issued_at)


def _current_version(form: str) -> str:
    """Return the consent wording that a form shows now: only the enquiry form asks for consent."""
    return consent.CURRENT.version if form == ENQUIRY else ""


def _signer(form: str) -> signing.TimestampSigner:
    # Made anew each time: the key may be changed while the site runs, in tests above all.
    return signing.TimestampSigner(salt=form)
