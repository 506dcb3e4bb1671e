"""Who has an enquiry open, so that two receptionists know of each other."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from enquiries.models.enquiry import Enquiry


class Viewing(models.Model):
    """When a member of staff last had the page of an enquiry before them."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="viewings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "user"], name="one_viewing_of_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.enquiry}"
