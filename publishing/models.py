"""Pictures, and the abstract parts that every kind of page is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone

from publishing import images
from publishing.fields import validate_markdown
from publishing.querysets import PageQuerySet
from publishing.sections import Section


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


class Page(models.Model):
    """What every page has: an address, a summary, when it went public and who answers for it."""

    SECTIONS: ClassVar[tuple[Section, ...]] = ()

    slug = models.SlugField(
        "address", max_length=80, unique=True, help_text="The last part of the page's web address."
    )
    summary = models.CharField(
        max_length=220,
        help_text="One or two plain sentences, under the title and in lists. At most 220 letters.",
    )
    meta_description = models.CharField(
        "description for search engines",
        max_length=160,
        blank=True,
        help_text="Shown in search results. Left empty, the summary is used.",
    )
    published_at = models.DateTimeField(
        "public from",
        null=True,
        blank=True,
        db_index=True,
        help_text="Empty: a draft that only staff see. A later time: the page appears then.",
    )
    updated_on = models.DateField(
        "last changed for readers",
        null=True,
        blank=True,
        help_text=(
            "The day of the last change that matters to readers. It moves when you tick “This"
            " changes what readers are told” on saving, not when you mend a spelling."
        ),
    )
    author = models.ForeignKey(
        settings.PUBLISHING_PERSON_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who wrote it.",
    )
    reviewed_by = models.ForeignKey(
        settings.PUBLISHING_PERSON_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="clinical reviewer",
        help_text="The clinician who checked the whole page. Not its author.",
    )
    reviewed_on = models.DateField(
        "last clinically reviewed", null=True, blank=True, help_text="Only after a whole review."
    )
    next_review_due = models.DateField(null=True, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                # A missing date compares as "unknown", which a database lets pass: so ask for both.
                condition=models.Q(reviewed_on__isnull=True)
                | models.Q(
                    reviewed_by__isnull=False,
                    next_review_due__isnull=False,
                    next_review_due__gt=models.F("reviewed_on"),
                ),
                name="%(class)s_review_is_whole",
                violation_error_message=(
                    "A review needs a clinical reviewer, and a next review date after it."
                ),
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.reviewed_by_id and self.reviewed_by_id == self.author_id:
            raise ValidationError(
                {"reviewed_by": "Somebody other than the author reviews a page. Choose another."}
            )
        if self.reviewed_on and self.reviewed_on > timezone.localdate():
            raise ValidationError({"reviewed_on": "A review cannot lie in the future."})

    @property
    def is_published(self) -> bool:
        """Say whether the public may see the page now."""
        return self.published_at is not None and self.published_at <= timezone.now()

    @property
    def published_on(self) -> date | None:
        """The day the page went public, in the clinic's time zone."""
        return timezone.localdate(self.published_at) if self.published_at else None

    @property
    def changed_since_review(self) -> bool:
        """Say whether readers' words changed after the last clinical review."""
        return bool(self.reviewed_on and self.updated_on and self.updated_on > self.reviewed_on)

    @property
    def review_is_overdue(self) -> bool:
        """Say whether the promised date of the next review has passed."""
        return bool(self.next_review_due and self.next_review_due < timezone.localdate())

    @property
    def description(self) -> str:
        """The text for search engines."""
        return self.meta_description or self.summary

    def body_texts(self) -> dict[str, str]:
        """Return the page's Markdown by part, in reading order, without the empty ones."""
        texts = ((section.field, getattr(self, section.field)) for section in self.SECTIONS)
        return {name: text for name, text in texts if text.strip()}


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


class FAQ(models.Model):
    """A question people ask, and its answer. Each kind of page has its own table."""

    question = models.CharField(max_length=160)
    # No live preview here: the editor cannot start one in a row added to the form.
    answer = models.TextField(
        validators=[validate_markdown], help_text="Markdown, like the page’s text."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        verbose_name = "question people ask"
        verbose_name_plural = "questions people ask"

    def __str__(self) -> str:
        return self.question


def faq_texts(faqs: Iterable[FAQ]) -> dict[str, str]:
    """Return the answers as parts of a page's Markdown, keyed `faq-1`, `faq-2` and so on."""
    return {f"faq-{number}": faq.answer for number, faq in enumerate(faqs, start=1)}
