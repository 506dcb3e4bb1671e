"""Sources that pages cite, and warning signs with the sources behind them."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from evidence import identifiers


class Source(models.Model):
    """A guideline, review, trial, survey or rule that a page cites by its key."""

    class Kind(models.TextChoices):
        GUIDELINE = "guideline", "Guideline"
        SYSTEMATIC_REVIEW = "systematic-review", "Systematic review"
        RANDOMISED_TRIAL = "randomised-trial", "Randomised trial"
        SURVEY = "survey", "Survey"
        LAW_OR_RULE = "law-or-rule", "Law or rule"
        OTHER = "other", "Other"

    class Status(models.TextChoices):
        CURRENT = "current", "Current"
        SUPERSEDED = "superseded", "Superseded by a newer one"
        WITHDRAWN = "withdrawn", "Withdrawn or retracted"
        LAPSED = "lapsed", "Lapsed by its own rules"

    key = models.SlugField(
        unique=True,
        max_length=40,
        help_text="The short name that pages cite it by. In the text: [@ng59]",
    )
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=300)
    body = models.CharField("published by, or authors", max_length=200)
    year = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1900), MaxValueValidator(2100)], null=True, blank=True
    )
    nice = models.CharField(
        "NICE number", max_length=8, blank=True, validators=[identifiers.validate_nice]
    )
    doi = models.CharField("DOI", max_length=220, blank=True, validators=[identifiers.validate_doi])
    pmid = models.CharField(
        "PubMed number", max_length=9, blank=True, validators=[identifiers.validate_pmid]
    )
    pmcid = models.CharField(
        "PubMed Central number", max_length=12, blank=True, validators=[identifiers.validate_pmcid]
    )
    cochrane = models.CharField(
        "Cochrane number", max_length=8, blank=True, validators=[identifiers.validate_cochrane]
    )
    isbn = models.CharField(
        "ISBN", max_length=17, blank=True, validators=[identifiers.validate_isbn]
    )
    url = models.URLField(
        "web address",
        max_length=500,
        blank=True,
        help_text="Only needed where no number above leads to it.",
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.CURRENT)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    checked_on = models.DateField("last checked", null=True, blank=True)
    note = models.TextField("note for staff", blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        year = f" ({self.year})" if self.year else ""
        return f"{self.key}: {self.title}{year}"

    def clean(self) -> None:
        is_superseded = self.status == self.Status.SUPERSEDED
        if is_superseded != bool(self.superseded_by_id):
            raise ValidationError(
                {"superseded_by": "Name the newer source if, and only if, this one is superseded."}
            )

    @property
    def is_current(self) -> bool:
        """Say whether the source still stands."""
        return self.status == self.Status.CURRENT

    @property
    def link(self) -> str:
        """The best address of the publication: official where an identifier leads to one."""
        by_identifier = (
            (identifiers.NICE, self.nice),
            (identifiers.DOI, self.doi),
            (identifiers.PMID, self.pmid),
            (identifiers.PMCID, self.pmcid),
            (identifiers.COCHRANE, self.cochrane),
        )
        return next((scheme.link(value) for scheme, value in by_identifier if value), self.url)

    @property
    def identifier(self) -> str:
        """The identifier that readers may know the publication by, such as NG59."""
        return self.nice or self.cochrane or (f"doi {self.doi}" if self.doi else "")


class WarningSign(models.Model):
    """A sign that needs help now or soon. Each kind of page has its own table.

    A sign completes the heading of its card, which is fixed, so that nobody words urgency freely.
    """

    class Level(models.TextChoices):
        """How soon help is needed, most urgent first."""

        EMERGENCY = "emergency", "Call 999 or go to A&E now"
        URGENT = "urgent", "GP the same day, or NHS 111"
        ROUTINE = "routine", "See a GP"

    level = models.CharField(max_length=10, choices=Level)
    sign = models.CharField(
        max_length=400,
        help_text="Completes the sentence “… if:”. Starts in lower case, without a full stop.",
    )
    sources = models.ManyToManyField(Source, blank=True, related_name="+")
    awaiting_clinician = models.BooleanField(
        "awaiting a clinician’s confirmation",
        default=False,
        help_text="Readers see the sign all the same: leaving one out is the greater harm.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.sign
