"""Everything we hold about one person, found by their email address or telephone number."""

import json
from typing import Any

from django.utils import timezone

from enquiries.flagging import flags_of
from enquiries.keepers import KeptRow
from enquiries.models import Enquiry


def enquiries_of(email: str, telephone: str) -> list[Enquiry]:
    """Return the enquiries of a person, oldest first."""
    found = Enquiry.objects.from_person(email=email, telephone=telephone)
    related = found.select_related("condition", "practitioner", "owner")
    return list(related.prefetch_related("thread", "mail").order_by("received_at", "pk"))


def as_data(enquiry: Enquiry) -> dict[str, Any]:
    """Return all that an enquiry holds about its sender, under names that people understand."""
    return {
        "reference": enquiry.reference,
        "received": _moment(enquiry.received_at),
        "name": enquiry.full_name,
        "email address": enquiry.email,
        "telephone": enquiry.telephone,
        "reply wanted by": enquiry.get_reply_by_method_display(),
        "a message may be left": enquiry.may_leave_message,
        "about": str(enquiry.condition or ""),
        "for": str(enquiry.practitioner or ""),
        "message": enquiry.message,
        "agreed to": enquiry.consent_wording,
        "agreed on": _moment(enquiry.consent_given_at),
        "agreed on details of health": enquiry.health_consent_wording,
        "agreed to that on": _moment(enquiry.health_consent_given_at),
        "warning signs that were found": [flag["sign"] for flag in flags_of(enquiry)],
        "thought to be spam because": enquiry.spam_reasons.splitlines(),
        "status": enquiry.get_status_display(),
        "ended as": enquiry.get_outcome_display() if enquiry.outcome else "",
        "reply promised by": _moment(enquiry.reply_by),
        "first read": _moment(enquiry.first_read_at),
        "first answered": _moment(enquiry.first_replied_at),
        "closed": _moment(enquiry.closed_at),
        "erased on": enquiry.erase_on.isoformat(),
        "kept longer because": enquiry.hold_reason,
        "what happened": [
            {
                "when": _moment(entry.created_at),
                "what": entry.get_kind_display(),
                "who": entry.author_name,
                "text": entry.text,
            }
            for entry in enquiry.thread.all()
        ],
        "mail": [
            {
                "what": mail.get_kind_display(),
                "state": mail.get_state_display(),
                "written": _moment(mail.created_at),
                "sent": _moment(mail.sent_at),
            }
            for mail in enquiry.mail.all()
        ],
    }


def as_json(enquiries: list[Enquiry], others: list[KeptRow]) -> str:
    """Return the data of a person for a machine: for taking it elsewhere."""
    held = {
        "made": _moment(timezone.now()),
        "enquiries": [as_data(each) for each in enquiries],
        "others": [each.data for each in others],
    }
    return json.dumps(held, ensure_ascii=False, indent=2)


def _moment(moment: Any) -> str:
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else ""
