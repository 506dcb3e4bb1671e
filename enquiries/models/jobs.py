"""That the work behind the site is being done: when each job last ran, and the canary's tries."""

from django.db import models
from django.utils import timezone


class JobRun(models.Model):
    """When a job last ran, and last ran without a fault."""

    name = models.CharField(max_length=40, unique=True)
    ran_at = models.DateTimeField("ran last")
    succeeded_at = models.DateTimeField("succeeded last", null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "job"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def note(cls, name: str, error: str = "") -> None:
        """Write down that a job ran, and whether it met a fault."""
        now = timezone.now()
        values: dict[str, object] = {"ran_at": now, "last_error": error[:200]}
        if not error:
            values["succeeded_at"] = now
        cls.objects.update_or_create(name=name, defaults=values)


class CanaryRun(models.Model):
    """One try of the whole way of an enquiry: form, row, outbox, mail server, mailbox."""

    at = models.DateTimeField(db_index=True)
    stored = models.BooleanField("stored", default=False)
    queued = models.BooleanField("mail written", default=False)
    accepted = models.BooleanField("taken by the mail server", default=False)
    arrived = models.BooleanField("arrived in the mailbox", null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "test of the enquiry form"
        verbose_name_plural = "tests of the enquiry form"

    def __str__(self) -> str:
        return f"{self.at:%-d %B %Y %H:%M}: {self.problem or 'all well'}"

    @property
    def succeeded(self) -> bool:
        """Say whether the enquiry went all the way that could be looked at."""
        return not self.problem
