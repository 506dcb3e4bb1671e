"""The address of the confirmation page: a signed reference, and nothing about the sender."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from enquiries.flagging import flags_of
from enquiries.models import Enquiry
from evidence.general_signs import GeneralSign
from evidence.models import WarningSign
from evidence.views import care_cards

# After this the page says nothing about the enquiry any more: a bookmark is not a record.
SHOWN_FOR = timedelta(days=90)
# What a message says of somebody's health is answered at once, and then shown no more.
SIGNS_SHOWN_FOR = timedelta(hours=12)
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
        .only("reference", "reply_by", "received_at", "red_flags", "urgency")
        .first()
    )


def care_cards_for(enquiry: Enquiry, now: datetime) -> list[dict[str, Any]]:
    """Return the care cards that answer what somebody wrote, most urgent first.

    A sign that is mentioned as past, or as not there, is asked about on a card all the same.
    """
    if enquiry.received_at < now - SIGNS_SHOWN_FOR:
        return []
    flags = flags_of(enquiry)
    signs = {
        flag["sign"]: GeneralSign(WarningSign.Level(flag["level"]), flag["sign"]) for flag in flags
    }
    return care_cards(list(signs.values()))
