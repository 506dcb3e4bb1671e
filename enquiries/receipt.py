"""The private page of an enquiry: a signed link by which its sender sees how far we are.

Whoever has the link may see that page and erase the enquiry, so it names nobody and shows nothing
of what was written. It works as long as the enquiry is kept, and says so after that.
"""

from django.urls import reverse

from enquiries.models import Enquiry, Tombstone
from enquiries.signed_reference import reference_in, sign

_SIGNER = "enquiries.receipt"


def address(enquiry: Enquiry) -> str:
    """Return the address of the enquiry's private page: the same each time it is asked for."""
    return reverse("enquiries:receipt", args=[sign(enquiry.reference, _SIGNER)])


def reference_of(signed: str) -> str:
    """Return the reference that was signed, or nothing if it was altered."""
    return reference_in(signed, _SIGNER)


def enquiry_of(signed: str) -> Enquiry | None:
    """Return the enquiry that a link leads to."""
    return Enquiry.objects.filter(reference=reference_of(signed)).first()


def tombstone_of(signed: str) -> Tombstone | None:
    """Return what is left of the enquiry that a link led to."""
    return Tombstone.objects.filter(reference=reference_of(signed)).first()
