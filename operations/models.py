"""What is known of the running of the site: which backups were made."""

from django.db import models


class BackupRun(models.Model):
    """One backup, made and read back whole, or one that failed."""

    at = models.DateTimeField("begun", db_index=True)
    succeeded = models.BooleanField("good", default=False)
    file_name = models.CharField("archive", max_length=80, blank=True)
    size = models.PositiveBigIntegerField("bytes", default=0)
    rows = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    # Of pictures, and gone from the storage already when the backup was made.
    missing_files = models.PositiveIntegerField("files missing", default=0)
    seconds = models.PositiveIntegerField("seconds it took", default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "backup"

    def __str__(self) -> str:
        return f"{self.at:%-d %B %Y %H:%M}: {self.problem or 'good'}"

    @classmethod
    def last_good(cls) -> "BackupRun | None":
        """Return the newest backup that was made and read back."""
        return cls.objects.filter(succeeded=True).first()
