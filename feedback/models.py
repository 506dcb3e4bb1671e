"""A note on a page: what a reader found wrong with it."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from enquiries.crypto import lookup_key, lookup_keys, normal_email
from enquiries.encrypted_fields import EncryptedTextField
from enquiries.models import Enquiry
from enquiries.reference import new_reference


def new_note_reference() -> str:
    """Return a random reference such as N-7K4M-2P9Q."""
    return new_reference("N")


class NoteQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Notes."""

    def waiting(self) -> Self:
        """Return the real ones that nobody has dealt with."""
        return self.filter(state=self.model.State.NEW, suspected_spam=False)

    def flagged(self) -> Self:
        """Return those in whose words a warning sign was found."""
        return self.filter(urgency__gte=Enquiry.Urgency.URGENT)

    def spam(self) -> Self:
        """Return suspected spam that nobody has decided about."""
        return self.filter(state=self.model.State.NEW, suspected_spam=True)

    def on_pages_alone(self) -> Self:
        """Return those that are about pages, as far as one can tell: for whoever writes pages.

        What may tell of somebody's health, or may be spam, is for those who answer readers.
        """
        return self.filter(suspected_spam=False, urgency=Enquiry.Urgency.NONE)

    def from_email(self, email: str) -> Self:
        """Return those with exactly this email address."""
        return self.filter(email_key__in=lookup_keys("email", normal_email(email)))


class Note(models.Model):
    """What a reader wrote to staff about a page. No answer is promised."""

    class Kind(models.TextChoices):
        """What is wrong, as the reader sees it."""

        MISTAKE = "mistake", "There is a mistake, or it is out of date"
        UNCLEAR = "unclear", "It is hard to understand"
        BROKEN = "broken", "Something does not work"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        """Whether somebody has dealt with it."""

        NEW = "new", "New"
        DONE = "done", "Done"

    reference = models.CharField(
        max_length=11, unique=True, default=new_note_reference, editable=False
    )
    page = models.CharField(
        max_length=200, blank=True, help_text="Its address; empty if nobody knows."
    )
    kind = models.CharField("what is wrong", max_length=7, choices=Kind)
    message = EncryptedTextField()
    email = EncryptedTextField("email", blank=True)
    email_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    urgency = models.PositiveSmallIntegerField(
        choices=Enquiry.Urgency, default=Enquiry.Urgency.NONE
    )
    red_flags = EncryptedTextField("warning signs found", blank=True, editable=False)
    suspected_spam = models.BooleanField(default=False, db_index=True)
    spam_reasons = models.TextField("why it looks like spam", blank=True)

    state = models.CharField(max_length=4, choices=State, default=State.NEW)
    received_at = models.DateTimeField("received", default=timezone.now)
    done_at = models.DateTimeField("done", null=True, blank=True)
    done_by_name = models.CharField("done by", max_length=160, blank=True)
    done_note = EncryptedTextField("what was done", blank=True)
    erase_on = models.DateField("to be erased on", db_index=True)

    # From the form's nonce, which is not kept: see enquiries/submission.py.
    submission_key = models.CharField(max_length=64, unique=True, editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["suspected_spam", "-state", "-urgency", "-received_at", "-pk"]
        verbose_name = "note on a page"
        verbose_name_plural = "notes on pages"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "suspected_spam"], name="notes_waiting")
        ]

    def __str__(self) -> str:
        # Django's log of admin actions keeps this text, so it names nobody.
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is None or "email" in fields:
            self.email_key = lookup_key("email", normal_email(self.email))
            if fields is not None:
                kwargs["update_fields"] = {*fields, "email_key"}
        super().save(*args, **kwargs)

    @property
    def is_flagged(self) -> bool:
        """Say whether its words may tell of somebody who needs help soon."""
        return self.urgency >= Enquiry.Urgency.URGENT
