"""An address of another website that our pages link to, and whether it still leads somewhere."""

from datetime import datetime
from hashlib import sha256
from typing import Any, Self

from django.db import models
from django.utils import timezone

from publishing.link_check import Outcome, Verdict

# A site may be down for a day, or keep robots out for an hour. On so many days it is no accident.
DAYS_UNTIL_DEAD = 3


def digest_of(address: str) -> str:
    """Return what an address is found by: some are too long for an index."""
    return sha256(address.encode("utf-8", "replace")).hexdigest()


class ExternalLink(models.Model):
    """A link to another website, with what the checks said about it."""

    STATE = (
        "checked_at",
        "is_dead",
        "dead_since",
        "failing_since",
        "failing_days",
        "status",
        "problem",
    )

    address = models.TextField()
    digest = models.CharField(max_length=64, unique=True, editable=False)
    first_seen_at = models.DateTimeField("first seen", default=timezone.now)
    checked_at = models.DateTimeField("last checked", null=True, blank=True)
    is_dead = models.BooleanField("dead", default=False)
    dead_since = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failing_days = models.PositiveSmallIntegerField("days with a failed check", default=0)
    status = models.PositiveSmallIntegerField("the site’s answer", null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        app_label = "publishing"
        ordering = ["-is_dead", "address"]
        verbose_name = "link to another website"
        verbose_name_plural = "links to other websites"

    def __str__(self) -> str:
        return self.address

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.digest = digest_of(self.address)
        super().save(*args, **kwargs)

    @classmethod
    def of(cls, address: str) -> Self:
        """Return a new, unsaved row for an address."""
        return cls(address=address, digest=digest_of(address))

    def learn(self, outcome: Outcome, at: datetime) -> None:
        """Take in what a check found. The fields it may change are those of `STATE`; saves nothing.

        A missing page or name is dead at once, any other failure when checks have failed on
        `DAYS_UNTIL_DEAD` days without one that worked in between.
        """
        if outcome.verdict is Verdict.WORKS:
            self._revive()
        elif outcome.verdict is Verdict.FAILED:
            self._fail(at)
            if self.failing_days >= DAYS_UNTIL_DEAD:
                self._bury(at)
        elif outcome.verdict is Verdict.DEAD:
            self._bury(at)
        self.checked_at = at
        self.status = outcome.status
        self.problem = outcome.problem

    def _revive(self) -> None:
        self.is_dead = False
        self.dead_since = None
        self.failing_since = None
        self.failing_days = 0

    def _fail(self, at: datetime) -> None:
        # Every check looks at the day of the last one, so several a day count once.
        last_day = timezone.localdate(self.checked_at) if self.checked_at else None
        if self.failing_since is None:
            self.failing_since = at
            self.failing_days = 1
        elif last_day != timezone.localdate(at):
            self.failing_days += 1

    def _bury(self, at: datetime) -> None:
        self.is_dead = True
        # Nobody got through since the first failure, so the link has been dead from then on.
        self.dead_since = self.dead_since or self.failing_since or at
