"""A file of a picture that nothing points to any more."""

from django.db import models


class UnusedFile(models.Model):
    """A name in the storage that no picture's row points to, and since when that is known."""

    name = models.CharField(max_length=200, unique=True)
    since = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "publishing"

    def __str__(self) -> str:
        return self.name
