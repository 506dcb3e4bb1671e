"""An enquiry: what somebody sent, who answers it, by when, and until when it is kept."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from conditions.models import Condition
from enquiries import consent
from enquiries.crypto import lookup_key, normal_email, normal_telephone
from enquiries.encrypted_fields import EncryptedTextField
from enquiries.querysets import EnquiryQuerySet
from enquiries.reference import new_reference
from practitioners.models import Practitioner


class Enquiry(models.Model):
    """What somebody sent with the form, and how far we are with answering it."""

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

    class Outcome(models.TextChoices):
        """How an enquiry ended. Each has its own time after which the enquiry is erased."""

        OPEN = "", "Not closed yet"
        BOOKED = "booked", "Came to us: booked or already a patient"
        ANSWERED = "answered", "Answered, nothing more to do"
        REFERRED = "referred", "Sent on to somebody else"
        NO_CONTACT = "no-contact", "Could not be reached, or did not answer"
        DUPLICATE = "duplicate", "The same as another enquiry"
        SPAM = "spam", "Spam"

    class Urgency(models.IntegerChoices):
        """How soon it has to be read, from the red flags in the message."""

        NONE = 0, "Ordinary"
        MENTIONED = 1, "A warning sign is mentioned, as past or as not there"
        URGENT = 2, "May need a GP today"
        EMERGENCY = 3, "May be an emergency"

    reference = models.CharField(max_length=11, unique=True, default=new_reference, editable=False)

    full_name = EncryptedTextField()
    email = EncryptedTextField("email", blank=True)
    telephone = EncryptedTextField(blank=True)
    email_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    telephone_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    reply_by_method = models.CharField("reply by", max_length=9, choices=ReplyMethod)
    may_leave_message = models.BooleanField("a message may be left", default=False)
    condition = models.ForeignKey(
        Condition, on_delete=models.SET_NULL, null=True, blank=True, related_name="enquiries"
    )
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.SET_NULL, null=True, blank=True, related_name="enquiries"
    )
    message = EncryptedTextField()
    consent_given_at = models.DateTimeField("agreed to the wording below")
    consent_wording_version = models.CharField(max_length=20)
    health_consent_given_at = models.DateTimeField(
        "agreed that we use details of their health", null=True, blank=True
    )
    health_consent_version = models.CharField(max_length=20, blank=True)

    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.NONE)
    red_flags = EncryptedTextField("warning signs found", blank=True, editable=False)
    suspected_spam = models.BooleanField(default=False, db_index=True)
    spam_reasons = models.TextField("why it looks like spam", blank=True)
    is_test = models.BooleanField("test of our own", default=False)

    status = models.CharField(max_length=11, choices=Status, default=Status.NEW)
    outcome = models.CharField(
        "how it ended", max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True
    )
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
    first_read_at = models.DateTimeField("read first", null=True, blank=True)
    first_replied_at = models.DateTimeField("answered first", null=True, blank=True)
    closed_at = models.DateTimeField("closed", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged"
    )

    erase_on = models.DateField("to be erased on", db_index=True)
    hold_reason = EncryptedTextField("kept longer because", blank=True)
    held_by_name = models.CharField("kept longer by", max_length=160, blank=True)

    # Both come from the form's nonce, which is not kept: see enquiries/submission.py.
    form_key = models.CharField(max_length=64, db_index=True, editable=False)
    submission_key = models.CharField(max_length=64, unique=True, editable=False)
    # The same answers from another copy of the form: a second tab, or a form opened anew.
    answers_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    corrects = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="corrections",
        help_text="The same form sent before, with other words.",
    )

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-urgency", models.F("reply_by").asc(nulls_last=True), "received_at", "pk"]
        verbose_name_plural = "enquiries"
        indexes = [models.Index(fields=["status", "reply_by"], name="enquiry_worklist")]
        permissions = [("manage_enquiry", "Can set how long enquiries are kept, hold and erase")]
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is None or {"email", "telephone"} & set(fields):
            self.email_key = lookup_key("email", normal_email(self.email))
            self.telephone_key = lookup_key("telephone", normal_telephone(self.telephone))
            if fields is not None:
                kwargs["update_fields"] = {*fields, "email_key", "telephone_key"}
        super().save(*args, **kwargs)

    def is_overdue(self, at: datetime | None = None) -> bool:
        """Say whether the promised time has passed and the sender still waits for us."""
        waits = self.status in (self.Status.NEW, self.Status.IN_PROGRESS)
        waits = waits and not self.suspected_spam
        return bool(waits and self.reply_by and self.reply_by < (at or timezone.now()))

    @property
    def is_open(self) -> bool:
        """Say whether something is still to be done."""
        return self.status != self.Status.CLOSED

    @property
    def is_held(self) -> bool:
        """Say whether a reason stops it from being erased."""
        return bool(self.hold_reason)

    @property
    def consent_wording(self) -> str:
        """The words the sender agreed to."""
        return consent.wording(self.consent_wording_version)

    @property
    def health_consent_wording(self) -> str:
        """The words about health that the sender agreed to, if they did."""
        if not self.health_consent_version:
            return ""
        return consent.health_wording(self.health_consent_version)
