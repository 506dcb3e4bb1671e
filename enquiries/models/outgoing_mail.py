"""The outbox: mail to be sent about enquiries, written together with what it is about."""

from django.db import models
from django.utils import timezone

from enquiries.encrypted_fields import EncryptedTextField
from enquiries.models.enquiry import Enquiry
from enquiries.models.thread import ThreadEntry
from enquiries.querysets import OutgoingMailQuerySet


class OutgoingMail(models.Model):
    """One mail. Notices are worded when they are sent; a reply's words are those of its entry."""

    class Kind(models.TextChoices):
        """What it is."""

        NOTIFICATION = "notification", "News of an enquiry, to the clinic"
        ACKNOWLEDGEMENT = "acknowledgement", "Acknowledgement, to the sender"
        REPLY = "reply", "Reply, to the sender"
        OVERDUE = "overdue", "Notice that a reply is overdue, to the managers"

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "Waiting to be sent"
        SENT = "sent", "Taken by the mail server"
        FAILED = "failed", "Given up"
        BOUNCED = "bounced", "Came back"

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="mail")
    kind = models.CharField(max_length=15, choices=Kind)
    entry = models.OneToOneField(
        ThreadEntry, on_delete=models.CASCADE, null=True, blank=True, related_name="mail"
    )
    # Where a reply goes; notices find their address when they are sent.
    to = EncryptedTextField(blank=True)
    message_id = models.CharField(max_length=120, unique=True, editable=False)

    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    created_at = models.DateTimeField("written", default=timezone.now)
    due_at = models.DateTimeField("next try", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("tries", default=0)
    last_error = models.CharField("what the last try met", max_length=200, blank=True)
    sent_at = models.DateTimeField("sent", null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = "outgoing mail"
        verbose_name_plural = "outgoing mail"
        indexes = [models.Index(fields=["state", "due_at"], name="outbox")]
        constraints = [
            # A notice about an enquiry is written once, however often it is asked for.
            models.UniqueConstraint(
                fields=["enquiry", "kind"],
                condition=~models.Q(kind="reply"),
                name="one_notice_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.enquiry.reference}"
