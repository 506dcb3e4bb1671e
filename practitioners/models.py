"""A practitioner, with registrations, memberships and working days."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone

from clinic.models import Weekday
from conditions.models import Condition
from practitioners.querysets import PractitionerQuerySet
from practitioners.registers import REGISTERS, MembershipBody, Register, Regulator
from publishing.fields import LinesField, MarkdownField
from publishing.models import Image
from treatments.models import Treatment


class Language(models.Model):
    """A language that somebody at the clinic speaks."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Practitioner(models.Model):
    """Somebody who treats people at the clinic. Also the author and reviewer of pages."""

    slug = models.SlugField("address", max_length=80, unique=True)
    name = models.CharField(max_length=80)
    professional_title = models.CharField(
        max_length=80, help_text="For example Physiotherapist. Only a title the person may use."
    )
    title_note = models.CharField(
        "note on the title",
        max_length=200,
        blank=True,
        help_text="Required by advertising rules where “Dr” is not a medical title: say so here.",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="practitioner",
        verbose_name="staff account",
    )
    photo = models.ForeignKey(
        Image,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Without a photo the page shows the person's initials.",
    )
    summary = models.CharField(max_length=220)
    profile = MarkdownField()
    qualifications = LinesField(help_text="One a line, as they stand on the certificate.")
    languages = models.ManyToManyField(Language, blank=True, related_name="practitioners")
    treatments = models.ManyToManyField(Treatment, blank=True, related_name="practitioners")
    conditions = models.ManyToManyField(
        Condition,
        blank=True,
        related_name="practitioners",
        help_text="Only what advertising rules accept for this person's profession.",
    )
    taking_new_patients = models.BooleanField(default=True)
    leaves_on = models.DateField(
        null=True,
        blank=True,
        help_text="From this day on the person is no longer listed. The page then says so.",
    )
    order = models.PositiveSmallIntegerField("place in lists", default=100)
    published_at = models.DateTimeField("public from", null=True, blank=True)

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("practitioners:detail", args=[self.slug])

    @property
    def is_published(self) -> bool:
        """Say whether the person's page is public now. It stays so when the person has left."""
        return self.published_at is not None and self.published_at <= timezone.now()

    def has_left(self, on: date | None = None) -> bool:
        """Say whether the person no longer works here on the day (today, if none is given)."""
        return bool(self.leaves_on and self.leaves_on <= (on or timezone.localdate()))

    @property
    def initials(self) -> str:
        """Up to two initials, for people without a photo."""
        words = [word for word in self.name.split() if word.lower().rstrip(".") != "dr"]
        ends = words if len(words) < 2 else [words[0], words[-1]]
        return "".join(word[0].upper() for word in ends)


class Registration(models.Model):
    """An entry in a regulator's public register, and when the clinic last looked at it."""

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="registrations"
    )
    body = models.CharField("regulator", max_length=8, choices=Regulator)
    number = models.CharField(max_length=12)
    checked_on = models.DateField(
        "last checked", help_text="The day somebody looked the person up in the register."
    )

    class Meta:
        ordering = ["body"]
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "body"], name="registration_once_a_regulator"
            )
        ]

    def __str__(self) -> str:
        return f"{self.body.upper()} {self.number}"

    def clean(self) -> None:
        if self.body and not self.register.accepts(self.number):
            raise ValidationError(
                {
                    "number": (
                        f"A number of this regulator looks like {self.register.example}. Check it"
                        " in the register."
                    )
                }
            )
        if self.checked_on and self.checked_on > timezone.localdate():
            raise ValidationError({"checked_on": "The check cannot lie in the future."})

    @property
    def register(self) -> Register:
        """The public register of the regulator."""
        return REGISTERS[Regulator(self.body)]


class Membership(models.Model):
    """Membership of a body that people join by choice."""

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="memberships"
    )
    body = models.CharField(max_length=8, choices=MembershipBody)
    grade = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["body"]

    def __str__(self) -> str:
        return self.get_body_display()


class WorkingDay(models.Model):
    """A day of the week on which somebody works here."""

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="working_days"
    )
    weekday = models.PositiveSmallIntegerField("day", choices=Weekday)
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)

    class Meta:
        ordering = ["weekday", "starts"]

    def __str__(self) -> str:
        return self.get_weekday_display()
