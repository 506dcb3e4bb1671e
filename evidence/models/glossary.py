"""The glossary: words that readers may not know, each explained once."""

import re
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models

from evidence.models.checked import CheckedWords, CheckedWordsQuerySet
from evidence.models.sources import Source
from publishing.fields import LinesField

# What would be mark-up in a page's text; a definition is printed as it is typed.
_MARK_UP = re.compile(r"[\[\]<>`*]|__|^\s*#")


class GlossaryTermQuerySet(CheckedWordsQuerySet):
    """Terms of the glossary."""

    def linked(self) -> Self:
        """Return the terms whose first use on a page leads to the glossary."""
        return self.shown().filter(link_first_use=True)


class GlossaryTerm(CheckedWords):
    """A word or an abbreviation, with what it means in plain words. Staff own it."""

    WORDING = frozenset({"term", "definition"})

    term = models.CharField(
        max_length=80,
        unique=True,
        help_text="As it stands within a sentence, such as “trigger point”.",
    )
    other_forms = LinesField(
        "other forms",
        help_text=(
            "One a line: the plural, other names, the abbreviation. An abbreviation in capitals is"
            " found only in capitals; its full name is told where it is used."
        ),
    )
    slug = models.SlugField(
        "address",
        unique=True,
        max_length=80,
        help_text="The last part of its address in the glossary. It stays once it is given.",
    )
    definition = models.CharField(
        max_length=300,
        help_text=(
            "What it means, in one to three short sentences, at most 300 letters. Plain text: no"
            " links and no other mark-up. Say what the word means, not that anything works."
        ),
    )
    sources = models.ManyToManyField(
        Source,
        blank=True,
        related_name="glossary_terms",
        help_text="Where the definition comes from. Readers find them below it.",
    )
    link_first_use = models.BooleanField(
        "link its first use on a page",
        default=True,
        help_text="Untick it for a word that most people know, or that has a page of its own.",
    )

    objects: ClassVar[Any] = GlossaryTermQuerySet.as_manager()

    class Meta:
        ordering = ["term"]
        verbose_name = "glossary term"

    def __str__(self) -> str:
        return self.term

    def clean(self) -> None:
        super().clean()
        self.term = " ".join(self.term.split())
        self.definition = " ".join(self.definition.split())
        wrong: dict[str, str] = {}
        if _MARK_UP.search(self.definition):
            wrong["definition"] = (
                "Write plain sentences. Signs such as [ ] * < > would be printed as they are."
            )
        elif self.definition and self.definition[-1] not in ".?!":
            wrong["definition"] = "Write whole sentences, with a full stop at the end."
        if any(not form[:1].isalnum() for form in self.forms):
            wrong["other_forms"] = "Every form begins with a letter or a figure."
        elif taken := self._taken():
            wrong["other_forms"] = f"“{taken[0]}” belongs to the term “{taken[1]}” already."
        if wrong:
            raise ValidationError(wrong)

    @property
    def forms(self) -> list[str]:
        """The term and its other forms, each once."""
        return list(dict.fromkeys([self.term, *self.other_forms]))

    @property
    def anchor(self) -> str:
        """The place of the term on the page of the glossary."""
        return f"term-{self.slug}"

    def _taken(self) -> tuple[str, str] | None:
        """Return a form that another term has, with that term: it can lead to one of them only."""
        own = {form.casefold(): form for form in self.forms}
        for other in GlossaryTerm.objects.exclude(pk=self.pk):
            for form in other.forms:
                if form.casefold() in own:
                    return own[form.casefold()], other.term
        return None
