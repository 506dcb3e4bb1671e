"""What the search knows: the entries of its index, their words, and what staff and readers add."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from search.words import stems


class SearchEntryQuerySet(models.QuerySet[Any]):
    """Entries of the index."""

    def public(self, at: datetime | None = None) -> Self:
        """Return the entries whose pages the public may see at the moment (now by default)."""
        moment = at or timezone.now()
        return self.filter(
            models.Q(public_until__isnull=True) | models.Q(public_until__gt=moment),
            public_from__lte=moment,
        )


class SearchEntry(models.Model):
    """One page as the search knows it. Made from the page, and made again whenever it changes.

    When the page is public stands here as times, so that a planned page is found from its second
    on, whether or not any job runs.
    """

    class Kind(models.TextChoices):
        """What the list of results calls the page."""

        CONDITION = "condition", "Condition"
        TREATMENT = "treatment", "Treatment"
        ARTICLE = "article", "Article"
        PRACTITIONER = "practitioner", "Person"
        INFORMATION = "information", "About the clinic"

    # "conditions.condition:3", or the name of an address, such as "enquiries:contact".
    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    address = models.CharField(max_length=200)
    title = models.CharField(max_length=120)
    names = models.JSONField(default=list)
    summary = models.TextField(blank=True)
    headings = models.TextField(blank=True)
    body = models.TextField(blank=True)
    public_from = models.DateTimeField(db_index=True)
    public_until = models.DateTimeField(null=True)
    # The different words of the page, so that they can be taken out of the count again.
    words = models.TextField(blank=True)
    # The stems of every field, as they are compared: {"title": "neck pain", "names": ["…"], …}.
    stems = models.JSONField(default=dict)

    objects: ClassVar[Any] = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "page in the search"
        verbose_name_plural = "pages in the search"

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word of the site's pages, and on how many it stands. For spelling and for weight."""

    word = models.CharField(max_length=40, unique=True)
    stem = models.CharField(max_length=40, db_index=True)
    entries = models.IntegerField(default=0)
    # On how many pages it stands in the title or another name: what people most likely meant.
    names = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.word


class StaleEntry(models.Model):
    """A page that has changed since the index last took it in. Written with the change itself."""

    key = models.CharField(max_length=80, unique=True)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key


class SearchSynonym(models.Model):
    """Words that people search with, and the page they are looking for. Staff own them."""

    words = models.CharField(
        max_length=60,
        help_text="What people type, such as wry neck or how much is it. Small letters will do.",
    )
    key = models.CharField("page", max_length=80)

    class Meta:
        ordering = ["words"]
        verbose_name = "search word of ours"
        verbose_name_plural = "search words of ours"
        constraints = [
            models.UniqueConstraint(
                fields=["words", "key"],
                name="search_synonym_once",
                violation_error_message="These words lead to that page already.",
            )
        ]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        self.words = " ".join(self.words.split()).lower()
        if not stems(self.words):
            raise ValidationError({"words": "Write at least one word."})


class SearchTally(models.Model):
    """How often something was searched for, before it is common enough to be kept in words.

    Only a keyed hash stands here: what one person alone types is nobody's business. Nothing tells
    who searched, and rows are thrown away after a while (`search.terms`).
    """

    digest = models.CharField(max_length=64, unique=True)
    times = models.PositiveIntegerField(default=0)
    days = models.PositiveSmallIntegerField(default=1)
    first_on = models.DateField()
    last_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.times} times on {self.days} days"


class SearchTerm(models.Model):
    """Something that people search for again and again, and whether it finds anything."""

    words = models.CharField("searched for", max_length=80, unique=True)
    times = models.PositiveIntegerField(default=0)
    results = models.PositiveIntegerField("pages found", default=0)
    last_on = models.DateField("last searched for")
    is_dismissed = models.BooleanField("needs no page", default=False)

    class Meta:
        ordering = ["-times", "words"]
        verbose_name = "search term"
        verbose_name_plural = "what people search for"

    def __str__(self) -> str:
        return self.words
