"""The clinic's own details: one row, edited by staff, shown on every page."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone

from clinic.colours import validate_brand_colour
from clinic.hours import Calendar, calendar_from


class Weekday(models.IntegerChoices):
    """Days numbered as Python's `date.weekday()` numbers them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class Clinic(models.Model):
    """The clinic. There is exactly one row, whose key is always 1."""

    SINGLE_KEY = 1

    name = models.CharField(max_length=80, help_text="Shown at the top of every page.")
    strap_line = models.CharField(
        max_length=120, blank=True, help_text="A short line about the clinic, on the home page."
    )
    logo = models.ForeignKey(
        "publishing.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Optional. Without one, the site's own mark stands beside the name.",
    )
    brand_colour = models.CharField(
        max_length=7,
        default="#0f5c5c",
        validators=[validate_brand_colour],
        help_text="Used for the header, links and buttons. It must be dark enough for white text.",
    )
    telephone = models.CharField(
        max_length=30,
        validators=[
            RegexValidator(
                r"^[0-9+() -]{7,30}$",
                "Enter the number with digits and spaces only, like 01632 960123.",
            )
        ],
    )
    email = models.EmailField("email", help_text="New enquiries are announced to this address.")
    address = models.TextField(help_text="One line of the address on each line.")
    postcode = models.CharField(max_length=10)
    latitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="For the map link. Leave both empty to link by address.",
    )
    longitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    directions = models.TextField(blank=True, help_text="How to find you, in plain words.")
    parking = models.TextField("parking and access", blank=True)
    disclaimer = models.TextField(
        blank=True, help_text="Shown at the foot of health pages. One text for the whole site."
    )
    reply_within_hours = models.PositiveSmallIntegerField(
        "reply within (open hours)",
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(80)],
        help_text=(
            "How many hours of opening time you need to answer an enquiry. People are told the day"
            " and time that follows from it."
        ),
    )
    urgent_notice = models.TextField(
        blank=True, help_text="Shown at the top of every page, for example when phones are down."
    )
    urgent_notice_ends_at = models.DateTimeField(
        "urgent notice ends",
        null=True,
        blank=True,
        help_text="The notice goes by itself at this time.",
    )
    is_demonstration = models.BooleanField(
        "demonstration site",
        default=False,
        help_text="Says on every page that clinic and people are invented. Off for a real clinic.",
    )

    class Meta:
        verbose_name = "clinic details"
        verbose_name_plural = "clinic details"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="clinic_has_one_row"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="clinic_position_is_whole",
                violation_error_message="Give both latitude and longitude, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = self.SINGLE_KEY
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.urgent_notice and not self.urgent_notice_ends_at:
            raise ValidationError(
                {"urgent_notice_ends_at": "Say when the notice ends, so that it does not stay on."}
            )

    @classmethod
    def current(cls) -> "Clinic":
        """Return the clinic with its hours and coming closures, or an unnamed one before set-up."""
        clinic = (
            cls.objects.select_related("logo")
            .prefetch_related("opening_hours", "closures")
            .filter(pk=cls.SINGLE_KEY)
            .first()
        )
        return clinic or cls(pk=cls.SINGLE_KEY, name="Your clinic")

    @property
    def address_lines(self) -> list[str]:
        """The address, a line each, without the postcode."""
        return [line.strip() for line in self.address.splitlines() if line.strip()]

    @property
    def telephone_link(self) -> str:
        """The number as a `tel:` link takes it: digits and a leading plus only.

        The zero of "+44 (0)20 7946 0000" is dialled only where there is no country code.
        """
        number = self.telephone.replace("(0)", "") if "+" in self.telephone else self.telephone
        return "".join(mark for mark in number if mark.isdigit() or mark == "+")

    def notice_at(self, moment: datetime) -> str:
        """Return the urgent notice if it is in force at the moment, else an empty text."""
        ends = self.urgent_notice_ends_at
        return self.urgent_notice if ends and moment < ends else ""

    def calendar(self) -> Calendar:
        """Return the opening times; asks the database nothing if hours and closures are loaded."""
        if self._state.adding:
            return calendar_from([], {}, timezone.get_default_timezone())
        return calendar_from(
            [(row.weekday, row.opens, row.closes) for row in self.opening_hours.all()],
            {day: row.name for row in self.closures.all() for day in row.days()},
            timezone.get_default_timezone(),
        )


class OpeningHours(models.Model):
    """One stretch of opening on one weekday. A lunch break makes two rows."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField("day", choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name = "opening hours"
        verbose_name_plural = "opening hours"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")),
                name="clinic_closes_after_it_opens",
                violation_error_message="The closing time must be later than the opening time.",
            ),
            models.UniqueConstraint(
                fields=["clinic", "weekday", "opens"], name="clinic_hours_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M} to {self.closes:%H:%M}"


class Closure(models.Model):
    """A day, or a run of days, on which the clinic is closed: a bank holiday, a training day."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="closures")
    name = models.CharField(max_length=60, help_text="For example Christmas Day or Staff training.")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day", blank=True, help_text="Empty for a single day.")
    is_bank_holiday = models.BooleanField("bank holiday", default=False)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="closure_ends_after_it_starts",
                violation_error_message="The last day must not be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.starts_on:%-d %B %Y}"

    def clean(self) -> None:
        if self.ends_on is None and self.starts_on is not None:
            self.ends_on = self.starts_on

    def days(self) -> list[date]:
        """Return every date of the closure."""
        length = (self.ends_on - self.starts_on).days
        return [self.starts_on + timedelta(days=offset) for offset in range(length + 1)]
