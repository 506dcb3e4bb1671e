"""A picture that staff uploaded, and its place at the head of a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator
from django.db import models

from publishing import images
from publishing.image_files import store

# The last resort of every browser comes first, and is no `source`.
_FALLBACK = ".jpg"


@dataclass(frozen=True)
class Source:
    """One `source` of a `picture`: a format in every width there is."""

    content_type: str
    srcset: str


@dataclass(frozen=True)
class Fallback:
    """The `img` of a `picture`: an address that every browser can show, and its size."""

    address: str
    width: int
    height: int


class Kept(NamedTuple):
    """A rendition that is in the storage, as the row remembers it: a list of JSON."""

    crop: str
    width: int
    height: int
    file: str


class Image(models.Model):
    """A picture that staff uploaded, cleaned, with its renditions beside it in the storage.

    A JPEG in each shape is made at once. The rest is made by `publishing.renditions` soon after;
    until then readers get the JPEG.
    """

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
    # What pages may point to: a list of `Kept`. Their names say nothing about them but that they
    # never change, so they are remembered.
    renditions = models.JSONField(default=list, editable=False)
    # The recipe that all renditions follow; 0 while some are missing.
    made_with = models.PositiveSmallIntegerField(default=0, editable=False, db_index=True)

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = "picture"

    def __str__(self) -> str:
        return self.title

    @classmethod
    def from_upload(cls, upload: bytes, *, title: str, uploaded_by: Any = None) -> Self:
        """Keep a picture and its first renditions; one that we have already is returned again.

        Raises images.ImageRefused when the bytes are no picture we accept.
        """
        picture = images.clean(upload)
        image = cls.objects.filter(digest=picture.digest).first()
        if image is None:
            image = cls(title=title[:120], uploaded_by=uploaded_by)
            image.keep(picture)
        return image

    def keep(self, picture: images.CleanImage) -> None:
        """Write the picture and its first renditions, then save this row, which points to them."""
        self.digest, self.width, self.height = picture.digest, picture.width, picture.height
        store(images.original_name(picture.digest), picture.content)
        self.make_first_renditions()
        self.save()

    @property
    def focal_point(self) -> tuple[int, int]:
        """The part to keep when the picture is cropped, in per cent from left and top."""
        return (self.focal_x, self.focal_y)

    def make_first_renditions(self) -> None:
        """Write what pages show until all is made, and note that the rest is to be made.

        The row has to be saved by the caller. A moved focal point leaves the whole picture alone.
        """
        made = images.first_renditions(self._original(), self.digest, self.focal_point)
        first = self._stored(made)
        whole = [Kept(*each) for each in self.renditions]
        whole = [each for each in whole if each.crop == "full" and each not in first]
        self.renditions = [*first, *whole]
        self.made_with = 0

    def all_renditions(self) -> list[Kept]:
        """Write every size and format, and return them for the row to remember."""
        original = self._original()
        return [
            *self._stored(images.first_renditions(original, self.digest, self.focal_point)),
            *self._stored(images.further_renditions(original, self.digest, self.focal_point)),
        ]

    def file_names(self) -> set[str]:
        """Return the names in the storage that this row points to."""
        folder = PurePosixPath(images.original_name(self.digest)).parent
        names = {f"{folder}/{Kept(*each).file}" for each in self.renditions}
        return names | {images.original_name(self.digest)}

    def sources(self, crop_name: str) -> list[Source]:
        """Return the modern formats of a crop that there are, best one first."""
        found: dict[str, list[str]] = {}
        for each in self._of(crop_name):
            suffix = PurePosixPath(each.file).suffix
            if suffix != _FALLBACK:
                candidate = f"{self._address(each.file)} {each.width}w"
                found.setdefault(suffix.removeprefix("."), []).append(candidate)
        return [
            Source(images.CONTENT_TYPES[extension], ", ".join(found[extension]))
            for extension in images.CONTENT_TYPES
            if extension in found
        ]

    def fallback(self, crop_name: str) -> Fallback:
        """Return the JPEG of a crop, for browsers that know no newer format.

        Where there is none, the whole picture takes its place: better large than broken.
        """
        jpegs = [each for each in self._of(crop_name) if each.file.endswith(_FALLBACK)]
        if not jpegs:
            original = default_storage.url(images.original_name(self.digest))
            return Fallback(original, self.width, self.height)
        middle = jpegs[len(jpegs) // 2]
        return Fallback(self._address(middle.file), middle.width, middle.height)

    def _of(self, crop_name: str) -> list[Kept]:
        kept = [Kept(*each) for each in self.renditions]
        return sorted((each for each in kept if each.crop == crop_name), key=lambda it: it.width)

    def _address(self, file: str) -> str:
        folder = PurePosixPath(images.original_name(self.digest)).parent
        return default_storage.url(f"{folder}/{file}")

    def _original(self) -> bytes:
        with default_storage.open(images.original_name(self.digest)) as original:
            content: bytes = original.read()
        return content

    @staticmethod
    def _stored(made: Iterable[images.Rendition]) -> list[Kept]:
        kept = []
        for each in made:
            store(each.name, each.content)
            name = PurePosixPath(each.name).name
            kept.append(Kept(each.crop, each.width, each.height, name))
        return kept


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
