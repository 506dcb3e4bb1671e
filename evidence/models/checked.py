"""Words that stand without a page of their own: dated, sourced and checked by a named clinician."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

# What says that a clinician stands behind the words.
CONFIRMED = frozenset({"checked_by", "checked_on", "awaiting_clinician"})


class CheckedWordsQuerySet(models.QuerySet[Any]):
    """Words that readers are shown, or not yet."""

    def shown(self) -> Self:
        """Return the words that readers see."""
        return self.filter(is_shown=True)

    def to_confirm(self) -> Self:
        """Return those that readers see and no clinician stands behind as they are worded."""
        return self.shown().filter(
            models.Q(awaiting_clinician=True)
            | models.Q(checked_on__isnull=True)
            | models.Q(checked_by__isnull=True)
        )


class CheckedWords(models.Model):
    """A row whose words a clinician checks by name. Its sources stand with the row itself."""

    # The fields whose change a clinician has to look at again.
    WORDING: ClassVar[frozenset[str]] = frozenset()

    awaiting_clinician = models.BooleanField(
        "awaiting a clinician’s confirmation",
        default=False,
        help_text=(
            "Readers see it all the same, and the page says that it is not confirmed yet. Untick it"
            " when a clinician has confirmed it."
        ),
    )
    checked_by = models.ForeignKey(
        settings.PUBLISHING_PERSON_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The clinician who checked the words against the sources.",
    )
    checked_on = models.DateField("last checked", null=True, blank=True)
    is_shown = models.BooleanField(
        "shown to readers", default=True, help_text="Untick it to take it off the site."
    )

    objects: ClassVar[Any] = CheckedWordsQuerySet.as_manager()

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self.checked_on and self.checked_on > timezone.localdate():
            raise ValidationError({"checked_on": "The check cannot lie in the future."})

    @property
    def is_confirmed(self) -> bool:
        """Say whether a clinician stands behind it as it is worded now."""
        return bool(self.checked_on and self.checked_by_id and not self.awaiting_clinician)

    def confirm(self, person: models.Model) -> None:
        """Note that a clinician has checked the words, today, as they are."""
        self.checked_by_id = person.pk
        self.checked_on, self.awaiting_clinician = timezone.localdate(), False
        self.save(update_fields=sorted(CONFIRMED))
