"""The address of the confirmation page: a signed reference, and nothing about the sender."""

from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode

from django.urls import reverse

from enquiries.flagging import Flagged, flags_of
from enquiries.models import Enquiry
from enquiries.signed_reference import reference_in, sign
from evidence.general_signs import GeneralSign
from evidence.models import WarningSign
from evidence.views import care_cards

# After this the page says nothing about the enquiry any more: a bookmark is not a record.
SHOWN_FOR = timedelta(days=90)
# What a message says of somebody's health is answered at once, and then shown no more.
SIGNS_SHOWN_FOR = timedelta(hours=12)
_SIGNER = "enquiries.received"


class Received(Flagged, Protocol):
    """A message that came in with the form at some moment."""

    @property
    def received_at(self) -> datetime: ...


def address(enquiry: Enquiry) -> str:
    """Return the address of the enquiry's confirmation page: the same each time it is asked for."""
    signed = sign(enquiry.reference, _SIGNER)
    return f"{reverse('enquiries:received')}?{urlencode({'ref': signed})}"


def confirmed_enquiry(signed: str, now: datetime) -> Enquiry | None:
    """Return the enquiry of a signed reference; nothing if it was altered, is old or is gone."""
    reference = reference_in(signed, _SIGNER)
    return (
        Enquiry.objects.filter(reference=reference, received_at__gt=now - SHOWN_FOR)
        .only("reference", "reply_by", "received_at", "red_flags", "urgency")
        .first()
    )


def care_cards_for(message: Received, now: datetime) -> list[dict[str, Any]]:
    """Return the care cards that answer what somebody wrote, most urgent first.

    A sign that is mentioned as past, or as not there, is asked about on a card all the same.
    """
    if message.received_at < now - SIGNS_SHOWN_FOR:
        return []
    flags = flags_of(message)
    signs = {
        flag["sign"]: GeneralSign(WarningSign.Level(flag["level"]), flag["sign"]) for flag in flags
    }
    return care_cards(list(signs.values()))
