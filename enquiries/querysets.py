"""Which enquiries wait for what."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone

# After this many tries, over about a week, mail is given up and stays on the desk as not sent.
MAX_MAIL_ATTEMPTS = 45


class EnquiryQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Enquiries."""

    def open(self) -> Self:
        """Return those that are not closed."""
        return self.exclude(status=self.model.Status.CLOSED)

    def unanswered(self) -> Self:
        """Return those whose sender waits for us: not those that wait for their sender."""
        return self.filter(status__in=[self.model.Status.NEW, self.model.Status.IN_PROGRESS])

    def overdue(self, at: datetime | None = None) -> Self:
        """Return those whose promised time has passed at the moment (now, unless another is given).

        An enquiry without a promised time is never overdue: NULL never compares.
        """
        return self.unanswered().filter(reply_by__lt=at or timezone.now())

    def mail_due(self, at: datetime | None = None) -> Self:
        """Return those with mail to send whose next try has come, oldest first."""
        return self.filter(
            mail_due_at__lte=at or timezone.now(), mail_attempts__lt=MAX_MAIL_ATTEMPTS
        ).order_by("received_at", "pk")

    def mail_failed(self) -> Self:
        """Return those with mail that was tried and could not be sent, so far or for good.

        Closing an enquiry says that somebody has seen to it, so closed ones are not among them.
        """
        return self.open().exclude(mail_error="")
