"""A picture that staff uploaded, and its place at the head of a page."""

from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator
from django.db import models

from publishing import images


@dataclass(frozen=True)
class Source:
    """One `source` of a `picture`: a format in every width."""

    content_type: str
    srcset: str


@dataclass(frozen=True)
class Fallback:
    """The `img` of a `picture`: an address that every browser can show, and its size."""

    address: str
    width: int
    height: int


class Image(models.Model):
    """A picture that staff uploaded, cleaned, with its renditions beside it in the storage."""

    title = models.CharField(
        max_length=120, help_text="For staff, to find it again. Readers do not see it."
    )
    digest = models.CharField(max_length=20, unique=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    focal_x = models.PositiveSmallIntegerField(
        "focal point, from the left (%)",
        default=50,
        validators=[MaxValueValidator(100)],
        help_text="The part to keep in view when the picture is cropped. 50 is the middle.",
    )
    focal_y = models.PositiveSmallIntegerField(
        "focal point, from the top (%)", default=50, validators=[MaxValueValidator(100)]
    )
    permission = models.CharField(
        "licence or permission",
        max_length=200,
        blank=True,
        help_text="Who made it and who agreed to its use, above all if a person can be recognised.",
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = "picture"

    def __str__(self) -> str:
        return self.title

    @classmethod
    def from_upload(cls, upload: bytes, *, title: str, uploaded_by: Any = None) -> Self:
        """Keep a picture and make its renditions; a picture we have already is returned again.

        Raises images.ImageRefused when the bytes are no picture we accept.
        """
        picture = images.clean(upload)
        image = cls.objects.filter(digest=picture.digest).first()
        if image is None:
            image = cls(title=title[:120], uploaded_by=uploaded_by)
            image.keep(picture)
        return image

    def keep(self, picture: images.CleanImage) -> None:
        """Save this row with the picture's size, then write the picture and its renditions."""
        self.digest, self.width, self.height = picture.digest, picture.width, picture.height
        self.save()
        _store(images.original_name(picture.digest), picture.content)
        self.make_renditions()

    @property
    def focal_point(self) -> tuple[int, int]:
        """The part to keep when the picture is cropped, in per cent from left and top."""
        return (self.focal_x, self.focal_y)

    def make_renditions(self) -> None:
        """Write every size and format that is not in the storage yet."""
        with default_storage.open(images.original_name(self.digest)) as original:
            content = original.read()
        for rendition in images.renditions(content, self.digest, self.focal_point):
            _store(rendition.name, rendition.content)

    def sources(self, crop_name: str) -> list[Source]:
        """Return the modern formats of a crop, best one first."""
        crop = images.CROPS[crop_name]
        return [
            Source(images.CONTENT_TYPES[extension], self._srcset(crop, extension))
            for extension in images.FORMATS[:-1]
        ]

    def fallback(self, crop_name: str) -> Fallback:
        """Return the JPEG of middle width, for browsers that know no newer format."""
        crop = images.CROPS[crop_name]
        widths = images.widths_for(crop, self.width, self.height)
        width = widths[len(widths) // 2]
        name = images.rendition_name(self.digest, crop, width, self.focal_point, "jpg")
        return Fallback(
            default_storage.url(name),
            width,
            images.height_for(crop, width, self.width, self.height),
        )

    def _srcset(self, crop: images.Crop, extension: str) -> str:
        candidates = (
            (images.rendition_name(self.digest, crop, width, self.focal_point, extension), width)
            for width in images.widths_for(crop, self.width, self.height)
        )
        return ", ".join(f"{default_storage.url(name)} {width}w" for name, width in candidates)


def _store(name: str, content: bytes) -> None:
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))


class ImagePlacement(models.Model):
    """A picture at the head of a page, with a decision about its alternative text."""

    class AltRole(models.TextChoices):
        DESCRIBES = "describes", "It shows something: describe it"
        DECORATIVE = "decorative", "Decorative: it adds nothing to the text"

    lead_image = models.ForeignKey(
        Image, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lead_image_role = models.CharField(
        "what the picture does",
        max_length=10,
        choices=AltRole,
        blank=True,
        help_text="Decide this each time a picture is used.",
    )
    lead_image_alt = models.CharField(
        "description of the picture",
        max_length=125,
        blank=True,
        help_text="For readers who cannot see it. Say what it shows, without “image of”.",
    )
    lead_image_caption = models.CharField(
        "caption", max_length=200, blank=True, help_text="A full sentence, not the description."
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if not self.lead_image_id:
            return
        alt = self.lead_image_alt.strip()
        if not self.lead_image_role:
            raise ValidationError(
                {"lead_image_role": "Say whether the picture shows something or is decorative."}
            )
        if self.lead_image_role == self.AltRole.DESCRIBES and not alt:
            raise ValidationError(
                {"lead_image_alt": "Describe the picture, or say above that it is decorative."}
            )
        if alt and alt.rstrip(".").lower() == self.lead_image_caption.strip().rstrip(".").lower():
            raise ValidationError(
                {"lead_image_caption": "Let the caption say something other than the description."}
            )

    @property
    def lead_image_alt_text(self) -> str:
        """The value of the `alt` attribute: empty only by decision."""
        is_described = self.lead_image_role == self.AltRole.DESCRIBES
        return self.lead_image_alt if is_described else ""
