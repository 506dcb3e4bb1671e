"""Builds the mails about an enquiry and sends none of them.

Mail is read on locked screens and kept on other people's servers. So no notice says who wrote,
what they wrote or what it is about, and nothing that was typed into the form reaches a header but
the address itself.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from clinic.models import Clinic
from enquiries import receipt
from enquiries.models import Enquiry, OutgoingMail
from enquiries.wording import day_and_time

# So that an out-of-office reply does not answer it (RFC 3834; the second is Microsoft's).
_AUTOMATIC = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
TEST_BODY = (
    "The website has sent itself an enquiry through its own form, to see that one still arrives."
    " This mail is the sign that it does. Nobody wrote to you, the test erases itself, and there"
    " is nothing to do.\n"
)


def message_of(mail: OutgoingMail, clinic: Clinic) -> EmailMessage:
    """Return the mail of a row of the outbox, as it stands at the moment of sending."""
    Kind = OutgoingMail.Kind  # noqa: N806  (a class, shorter to read)
    build: dict[str, Callable[[Enquiry, Clinic], EmailMessage]] = {
        Kind.NOTIFICATION: notification,
        Kind.ACKNOWLEDGEMENT: acknowledgement,
        Kind.OVERDUE: overdue,
    }
    enquiry = mail.enquiry
    message = reply(mail, clinic) if mail.kind == Kind.REPLY else build[mail.kind](enquiry, clinic)
    message.extra_headers["Message-ID"] = mail.message_id
    return message


def notification(enquiry: Enquiry, clinic: Clinic) -> EmailMessage:
    """Return the mail that tells the clinic of a new enquiry, with a link to it in the admin.

    That of a test says at once that there is nothing to do.
    """
    if enquiry.is_test:
        return EmailMessage(
            subject=f"Test of the enquiry form {enquiry.reference}, nothing to do",
            body=TEST_BODY,
            to=[clinic.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    soon = ": please read it now" if enquiry.urgency >= Enquiry.Urgency.URGENT else ""
    return EmailMessage(
        subject=f"New enquiry {enquiry.reference}{soon}",
        body=_body("notification", enquiry, clinic, link=_desk_address(enquiry)),
        to=[clinic.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def acknowledgement(enquiry: Enquiry, clinic: Clinic) -> EmailMessage:
    """Return the mail that tells the sender what happens next. The enquiry has an email address."""
    link = settings.SITE_URL.rstrip("/") + receipt.address(enquiry)
    return EmailMessage(
        subject=f"We have your enquiry {enquiry.reference}",
        body=_body("acknowledgement", enquiry, clinic, link=link),
        to=[enquiry.email],
        reply_to=[clinic.email] if clinic.email else None,
        headers=dict(_AUTOMATIC),
    )


def overdue(enquiry: Enquiry, clinic: Clinic) -> EmailMessage:
    """Return the mail that tells the managers of a reply that is overdue."""
    return EmailMessage(
        subject=f"Enquiry {enquiry.reference} is overdue for a reply",
        body=_body("overdue", enquiry, clinic, link=_desk_address(enquiry)),
        to=managers() or [clinic.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def reply(mail: OutgoingMail, clinic: Clinic) -> EmailMessage:
    """Return a reply that staff wrote. Its subject holds the reference and nothing else."""
    assert mail.entry is not None  # noqa: S101  (the outbox writes no reply without one)
    return EmailMessage(
        subject=f"Your enquiry {mail.enquiry.reference}",
        body=f"{mail.entry.text}\n\n--\n{clinic.name}\n{clinic.telephone}\n",
        to=[mail.to],
        reply_to=[clinic.email] if clinic.email else None,
    )


def managers() -> list[str]:
    """Return the addresses of those who look after the enquiries as a whole."""
    people = get_user_model()._default_manager.with_perm(
        "enquiries.manage_enquiry",
        backend="django.contrib.auth.backends.ModelBackend",
        include_superusers=False,
    )
    return sorted(people.filter(is_active=True).exclude(email="").values_list("email", flat=True))


def _desk_address(enquiry: Enquiry) -> str:
    path = reverse("admin:enquiries_enquiry_change", args=[enquiry.pk])
    return settings.SITE_URL.rstrip("/") + path


def _body(name: str, enquiry: Enquiry, clinic: Clinic, **extra: Any) -> str:
    words = day_and_time(enquiry.reply_by, timezone.now()) if enquiry.reply_by else ""
    context = {"enquiry": enquiry, "clinic": clinic, "reply_by": words, **extra}
    return render_to_string(f"enquiries/email/{name}.txt", context)
