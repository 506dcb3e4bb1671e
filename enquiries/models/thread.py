"""What happened about an enquiry, in order: notes, replies, calls. Added to, never changed."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from enquiries.encrypted_fields import EncryptedTextField
from enquiries.models.enquiry import Enquiry


class ThreadEntry(models.Model):
    """One thing that staff wrote or did about an enquiry."""

    class Kind(models.TextChoices):
        """What it is."""

        NOTE = "note", "Note for staff"
        REPLY = "reply", "Reply by email"
        CALL = "call", "Telephone call"
        EVENT = "event", "What was done"

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="thread")
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.NOTE)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    author_name = models.CharField(max_length=160, blank=True)
    text = EncryptedTextField()
    created_at = models.DateTimeField("written", default=timezone.now)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = "entry of the thread"
        verbose_name_plural = "thread"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.enquiry.reference}"
