"""An enquiry, and what staff note about it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from conditions.models import Condition
from enquiries import consent
from enquiries.querysets import EnquiryQuerySet
from enquiries.reference import new_reference
from practitioners.models import Practitioner


class Enquiry(models.Model):
    """What somebody sent with the form, who answers it and by when."""

    class ReplyMethod(models.TextChoices):
        """How the sender would like to be answered."""

        EMAIL = "email", "Email"
        TELEPHONE = "telephone", "Telephone"

    class Status(models.TextChoices):
        """Where an enquiry stands."""

        NEW = "new", "New"
        IN_PROGRESS = "in-progress", "In progress"
        WAITING = "waiting", "Waiting for the sender"
        CLOSED = "closed", "Closed"

    reference = models.CharField(max_length=11, unique=True, default=new_reference, editable=False)

    full_name = models.CharField(max_length=200)
    email = models.EmailField("email", blank=True)
    telephone = models.CharField(max_length=60, blank=True)
    reply_by_method = models.CharField("reply by", max_length=9, choices=ReplyMethod)
    may_leave_message = models.BooleanField("a message may be left", default=False)
    condition = models.ForeignKey(
        Condition, on_delete=models.SET_NULL, null=True, blank=True, related_name="enquiries"
    )
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.SET_NULL, null=True, blank=True, related_name="enquiries"
    )
    message = models.TextField()
    consent_given_at = models.DateTimeField("agreed to the wording below")
    consent_wording_version = models.CharField(max_length=20)

    status = models.CharField(max_length=11, choices=Status, default=Status.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="enquiries",
        help_text="Who answers it.",
    )
    received_at = models.DateTimeField("received", default=timezone.now, db_index=True)
    reply_by = models.DateTimeField(
        "reply promised by",
        null=True,
        blank=True,
        help_text="The sender was told this time. Empty if the clinic had no opening hours then.",
    )

    # Both come from the form's nonce, which is not kept: see enquiries/submission.py.
    form_key = models.CharField(max_length=64, db_index=True, editable=False)
    submission_key = models.CharField(max_length=64, unique=True, editable=False)
    corrects = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="corrections",
        help_text="The same form sent before, with other words.",
    )

    notified_at = models.DateTimeField("clinic told", null=True, blank=True)
    acknowledged_at = models.DateTimeField("sender told", null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_due_at = models.DateTimeField(
        "next try to send mail", null=True, blank=True, default=timezone.now, db_index=True
    )
    mail_error = models.TextField("why mail was not sent", blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = [models.F("reply_by").asc(nulls_last=True), "received_at", "pk"]
        verbose_name_plural = "enquiries"
        indexes = [models.Index(fields=["status", "reply_by"], name="enquiry_worklist")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(email="", telephone=""),
                name="enquiry_can_be_answered",
                violation_error_message="Give an email address, a telephone number or both.",
            ),
        ]

    def __str__(self) -> str:
        # Django's log of admin actions keeps this text, so it names nobody.
        return self.reference

    def is_overdue(self, at: datetime | None = None) -> bool:
        """Say whether the promised time has passed and the sender still waits for us."""
        waits = self.status in (self.Status.NEW, self.Status.IN_PROGRESS)
        return bool(waits and self.reply_by and self.reply_by < (at or timezone.now()))

    @property
    def wants_acknowledgement(self) -> bool:
        """Say whether the sender is owed a mail and has not had it."""
        return bool(self.email) and self.acknowledged_at is None

    @property
    def wants_notification(self) -> bool:
        """Say whether the clinic is owed a mail and has not had it."""
        return self.notified_at is None

    @property
    def consent_wording(self) -> str:
        """The words the sender agreed to."""
        return consent.wording(self.consent_wording_version)


class EnquiryNote(models.Model):
    """Something a member of staff noted. Notes are added, never changed."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    text = models.TextField("note")
    created_at = models.DateTimeField("written", auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = "note"

    def __str__(self) -> str:
        return f"Note on {self.enquiry.reference}"
