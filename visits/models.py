"""How often each page is read in a day, and which addresses lead nowhere; nothing of visitors."""

from typing import ClassVar

from django.db import models

MAX_PATH = 200  # letters, as in publishing.Redirect; a longer address is not kept


class PageCount(models.Model):
    """How often a page was read on one day, in the clinic's time zone."""

    day = models.DateField()
    path = models.CharField("address", max_length=MAX_PATH, db_index=True)
    times = models.PositiveIntegerField()

    class Meta:
        ordering = ["-day", "path"]
        verbose_name = "count of a page’s readers"
        verbose_name_plural = "how often pages are read"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "path"], name="one_count_a_day_and_page")
        ]

    def __str__(self) -> str:
        return f"{self.path} on {self.day:%-d %B %Y}: {self.times}"


class MissingAddress(models.Model):
    """An address that people asked for and that leads nowhere."""

    path = models.CharField("address", max_length=MAX_PATH, unique=True)
    times = models.PositiveIntegerField("asked for", default=0)
    first_on = models.DateField("first asked for")
    last_on = models.DateField("last asked for", db_index=True)
    is_dismissed = models.BooleanField("not needed", default=False)

    class Meta:
        ordering = ["-times", "-last_on", "path"]
        verbose_name = "missing address"
        verbose_name_plural = "missing addresses"

    def __str__(self) -> str:
        return self.path
