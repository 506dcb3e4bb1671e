"""The address of the confirmation page: a signed reference, and nothing about the sender."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from enquiries.models import Enquiry

# After this the page says nothing about the enquiry any more: a bookmark is not a record.
SHOWN_FOR = timedelta(days=90)
_SIGNER = "enquiries.received"
_SHAPE = re.compile(r"[A-Za-z0-9_:-]{1,100}")


def address(enquiry: Enquiry) -> str:
    """Return the address of the enquiry's confirmation page: the same each time it is asked for."""
    signed = signing.Signer(salt=_SIGNER).sign(enquiry.reference)
    return f"{reverse('enquiries:received')}?{urlencode({'ref': signed})}"


def confirmed_enquiry(signed: str, now: datetime) -> Enquiry | None:
    """Return the enquiry of a signed reference; nothing if it was altered, is old or is gone."""
    if not _SHAPE.fullmatch(signed):
        return None
    try:
        reference = signing.Signer(salt=_SIGNER).unsign(signed)
    except signing.BadSignature:
        return None
    return (
        Enquiry.objects.filter(reference=reference, received_at__gt=now - SHOWN_FOR)
        .only("reference", "reply_by", "received_at")
        .first()
    )
