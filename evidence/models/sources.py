"""Sources that pages cite by key and that claims rest on."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from evidence import identifiers


class SourceQuerySet(models.QuerySet[Any]):
    """Sources."""

    def current(self) -> Self:
        """Return the sources that still stand."""
        return self.filter(status=Source.Status.CURRENT)

    def due(self) -> Self:
        """Return the sources whose day to be looked at again has come."""
        return self.filter(next_check_on__lte=timezone.localdate())


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

    # A publication has one of each, so two sources with the same one are the same publication.
    UNIQUE_SCHEMES: ClassVar[dict[str, identifiers.Scheme]] = {
        "doi": identifiers.DOI,
        "pmid": identifiers.PMID,
    }

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
    checked_by = models.ForeignKey(
        settings.PUBLISHING_PERSON_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    next_check_on = models.DateField("to be checked again on", null=True, blank=True)
    note = models.TextField("note for staff", blank=True)

    objects: ClassVar[Any] = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        year = f" ({self.year})" if self.year else ""
        return f"{self.key}: {self.title}{year}"

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        # Numbers arrive as links, with spaces or in capitals; what is kept has one form.
        for name, scheme in self.UNIQUE_SCHEMES.items():
            setattr(self, name, scheme.normalise(getattr(self, name)))
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        is_superseded = self.status == self.Status.SUPERSEDED
        if is_superseded != bool(self.superseded_by_id):
            raise ValidationError(
                {"superseded_by": "Name the newer source if, and only if, this one is superseded."}
            )
        self._refuse_a_circle()
        for name in self.UNIQUE_SCHEMES:
            twin = self.twin(name, getattr(self, name))
            if twin:
                raise ValidationError({name: f"The source {twin.key} has this number already."})

    def twin(self, name: str, value: str) -> "Source | None":
        """Return another source with the same DOI or PubMed number."""
        if not value:
            return None
        found: Source | None = (
            Source.objects.filter(**{f"{name}__iexact": value}).exclude(pk=self.pk).first()
        )
        return found

    def _refuse_a_circle(self) -> None:
        """Follow the chain of newer sources. It has to end, and not here."""
        chain = [self.key]
        newer = self.superseded_by
        while newer is not None and newer.key not in chain:
            chain.append(newer.key)
            newer = newer.superseded_by
        if newer is None:
            return
        if len(chain) == 1:
            words = "A source cannot be superseded by itself. Name the newer one."
        else:
            words = (
                f"This would go round in a circle ({' → '.join([*chain, newer.key])}). The newest"
                " one must not be superseded by an older one."
            )
        raise ValidationError({"superseded_by": words})

    @property
    def is_current(self) -> bool:
        """Say whether the source still stands."""
        return self.status == self.Status.CURRENT

    @property
    def is_due(self) -> bool:
        """Say whether its day to be looked at again has come."""
        return bool(self.next_check_on and self.next_check_on <= timezone.localdate())

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
