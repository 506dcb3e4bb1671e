"""Which enquiries and mails wait for what."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.utils import timezone

from enquiries.crypto import lookup_keys, normal_email, normal_telephone


class EnquiryQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Enquiries."""

    def real(self) -> Self:
        """Return those that a person sent: neither suspected spam nor a test of our own."""
        return self.filter(suspected_spam=False, is_test=False)

    def open(self) -> Self:
        """Return the real ones that are not closed."""
        return self.real().exclude(status=self.model.Status.CLOSED)

    def unanswered(self) -> Self:
        """Return those whose sender waits for us: not those that wait for their sender."""
        Status = self.model.Status  # noqa: N806  (a class, shorter to read)
        return self.real().filter(status__in=[Status.NEW, Status.IN_PROGRESS])

    def overdue(self, at: datetime | None = None) -> Self:
        """Return those whose promised time has passed at the moment (now, unless another is given).

        An enquiry without a promised time is never overdue: NULL never compares.
        """
        return self.unanswered().filter(reply_by__lt=at or timezone.now())

    def of_owner(self, user: Any) -> Self:
        """Return the open ones that somebody answers."""
        return self.open().filter(owner=user)

    def flagged_unread(self) -> Self:
        """Return those with a warning sign that nobody has read yet."""
        Urgency = self.model.Urgency  # noqa: N806
        return self.real().filter(urgency__gte=Urgency.URGENT, first_read_at=None)

    def spam(self) -> Self:
        """Return suspected spam that nobody has decided about."""
        return self.filter(suspected_spam=True, is_test=False).exclude(
            status=self.model.Status.CLOSED
        )

    def with_mail_failed(self) -> Self:
        """Return the open ones with mail that was given up or came back."""
        return self.open().filter(mail__state__in=["failed", "bounced"]).distinct()

    def from_person(self, *, email: str = "", telephone: str = "") -> Self:
        """Return those with exactly this email address or this telephone number."""
        matches = models.Q(pk__in=[])
        if address := normal_email(email):
            matches |= models.Q(email_key__in=lookup_keys("email", address))
        if number := normal_telephone(telephone):
            matches |= models.Q(telephone_key__in=lookup_keys("telephone", number))
        return self.filter(matches)

    def due_for_erasure(self, today: date) -> Self:
        """Return those whose time is over and that nothing holds."""
        return self.filter(erase_on__lte=today, hold_reason="")


class OutgoingMailQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Mails of the outbox."""

    def waiting(self) -> Self:
        """Return those still to be sent, suspected spam's not: its senders may be victims."""
        return self.filter(state=self.model.State.WAITING, enquiry__suspected_spam=False)

    def due(self, at: datetime) -> Self:
        """Return those whose next try has come, the longest waiting first."""
        return self.waiting().filter(due_at__lte=at).order_by("due_at", "pk")

    def given_up(self) -> Self:
        """Return those that were not taken, or came back."""
        return self.filter(state__in=[self.model.State.FAILED, self.model.State.BOUNCED])
