"""What is being done about the files of a picture. No page shows any of it."""

from django.db import models

from publishing.models.image import Image


class RenditionTask(models.Model):
    """A picture whose renditions somebody began to make. The row goes when they are done."""

    image = models.OneToOneField(Image, on_delete=models.CASCADE, related_name="task")
    tries = models.PositiveSmallIntegerField(default=0)
    # Nobody else begins before this: somebody is at work, or waits after a failure.
    not_before = models.DateTimeField()
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "publishing"
        verbose_name = "picture to be made smaller"
        verbose_name_plural = "pictures to be made smaller"

    def __str__(self) -> str:
        return f"{self.image_id}: {self.tries}"
