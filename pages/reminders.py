"""Tells staff by mail, 30 and 7 days ahead, which pages are due for clinical review."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from clinic.models import Clinic
from pages.page_kinds import PAGE_KINDS
from publishing.models import ReviewReminder, page_key

DAYS_AHEAD = (30, 7)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """A page whose review is due, and the reminder that is to go out about it."""

    page: Any
    days_ahead: int

    def key(self, address: str) -> dict[str, Any]:
        """Return what the reminder to one person is known by."""
        return page_key(self.page) | {
            "due_on": self.page.next_review_due,
            "days_ahead": self.days_ahead,
            "address": address,
        }


def due_reminders() -> Iterator[Due]:
    """Yield the public pages about which people are to be reminded today.

    A reminder that was missed, as the program did not run that day, goes out when it next runs.
    """
    today = timezone.localdate()
    for model in PAGE_KINDS:
        soon = today + timedelta(days=max(DAYS_AHEAD))
        pages = model.objects.published().filter(next_review_due__range=(today, soon))
        for page in pages.select_related("author__user", "reviewed_by__user"):
            left = (page.next_review_due - today).days
            yield Due(page, min(days for days in DAYS_AHEAD if left <= days))


def own_addresses(*people: Any) -> set[str]:
    """Return the addresses of those of the people who can sign in."""
    accounts = [person.user for person in people if person and person.user]
    return {account.email for account in accounts if account.is_active and account.email}


def editors() -> set[str]:
    """Return the addresses of whoever may publish."""
    permitted = Q(groups__permissions__codename="publish_version") | Q(is_superuser=True)
    found = User.objects.filter(permitted, is_active=True).values_list("email", flat=True)
    return {address for address in found if address}


def recipients(page: Any) -> set[str]:
    """Return the addresses of whoever can see to it: author, reviewer, editors and managers."""
    return own_addresses(page.author, page.reviewed_by) | editors()


def send_reminders() -> int:
    """Send one mail to each person about all the pages that concern them; return how many pages.

    A reminder is noted when its mail has gone. One that fails keeps no other from going, and is
    tried again the next time.
    """
    by_address: dict[str, list[Due]] = defaultdict(list)
    for due in due_reminders():
        for address in recipients(due.page):
            if not ReviewReminder.objects.filter(**due.key(address)).exists():
                by_address[address].append(due)
    told = [due for address, own in sorted(by_address.items()) for due in _sent(address, own)]
    return len({due.page for due in told})


def _sent(address: str, dues: list[Due]) -> list[Due]:
    pages = "One page" if len(dues) == 1 else f"{len(dues)} pages"
    try:
        send_mail(
            f"{pages} due for clinical review",
            render_to_string(
                "pages/email/review_reminder.txt",
                {"dues": dues, "clinic": Clinic.current(), "site_url": settings.SITE_URL},
            ),
            settings.DEFAULT_FROM_EMAIL,
            [address],
        )
    except OSError:  # smtplib's errors are of this kind too
        logger.exception("A review reminder could not be sent")
        return []
    now = timezone.now()
    ReviewReminder.objects.bulk_create(
        ReviewReminder(**due.key(address), sent_at=now) for due in dues
    )
    return dues
