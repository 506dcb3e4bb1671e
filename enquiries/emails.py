"""Builds the mails about an enquiry and sends none of them.

Mail is read on locked screens and kept on other people's servers. So neither mail says who wrote,
what they wrote or what it is about, and nothing that was typed into the form reaches a header but
the address itself.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from clinic.models import Clinic
from enquiries.models import Enquiry
from enquiries.wording import day_and_time


def notification(enquiry: Enquiry, clinic: Clinic) -> EmailMessage:
    """Return the mail that tells the clinic of a new enquiry, with a link to it in the admin."""
    path = reverse("admin:enquiries_enquiry_change", args=[enquiry.pk])
    return EmailMessage(
        subject=f"New enquiry {enquiry.reference}",
        body=_body("notification", enquiry, clinic, link=settings.SITE_URL.rstrip("/") + path),
        to=[clinic.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def acknowledgement(enquiry: Enquiry, clinic: Clinic) -> EmailMessage:
    """Return the mail that tells the sender what happens next. The enquiry has an email address."""
    return EmailMessage(
        subject=f"We have your enquiry {enquiry.reference}",
        body=_body("acknowledgement", enquiry, clinic),
        to=[enquiry.email],
        reply_to=[clinic.email] if clinic.email else None,
        # So that an out-of-office reply does not answer it (RFC 3834; the second is Microsoft's).
        headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
    )


def _body(name: str, enquiry: Enquiry, clinic: Clinic, **extra: Any) -> str:
    words = day_and_time(enquiry.reply_by, timezone.now()) if enquiry.reply_by else ""
    context = {"enquiry": enquiry, "clinic": clinic, "reply_by": words, **extra}
    return render_to_string(f"enquiries/email/{name}.txt", context)
