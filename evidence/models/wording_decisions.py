"""What people decided about the wording check: evidence held, own rules, severities switched."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime

from evidence.models.sources import Source
from evidence.wording.clinic import MOST_WORDS, NEVER_OFF, OFF, phrase
from evidence.wording.rules import load, names
from publishing.fields import LinesField
from publishing.models.history import PageRecord

MOST_PHRASES = 40


class EvidenceHeld(PageRecord):
    """A reviewer's word that the clinic holds evidence for one sentence of one page or profile.

    It says nothing of any other sentence. That it lapses needs no job and no flag: the check
    compares the sentence that it finds with this one, letter by letter.
    """

    rule = models.CharField(max_length=60)
    sentence = models.TextField()
    note = models.TextField(
        max_length=1000,
        help_text="What the evidence is and why it is enough for exactly this sentence.",
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        verbose_name = "record of evidence held"
        verbose_name_plural = "evidence held"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["content_type", "object_id"])]

    def __str__(self) -> str:
        return f"“{self.rule}” on {self.page}"

    @property
    def words(self) -> str:
        """Say who recorded what and when, for a finding."""
        note = self.note if self.note.endswith((".", "!", "?")) else f"{self.note}."
        on = date_format(localtime(self.at), "j F Y")
        return f"Evidence held: {note} {self.source.title}. Recorded by {self.by_name} on {on}."


def validate_phrases(phrases: Any) -> None:
    """Refuse what cannot be looked for, and more than anybody can keep in view."""
    phrases = phrases if isinstance(phrases, list) else []  # validate_lines says what is wrong
    for each in phrases:
        if phrase(str(each)) is None:
            raise ValidationError(
                f"“{str(each)[:60]}” cannot be looked for. Type one to {MOST_WORDS} words a line."
            )
    if len(phrases) > MOST_PHRASES:
        raise ValidationError(f"Type at most {MOST_PHRASES} lines. Make another rule for the rest.")


class ClinicRule(models.Model):
    """Words that the clinic wants found on its pages, beside the rules that come with the site."""

    class Severity(models.TextChoices):
        ERROR = "error", "Error: blocks publishing"
        WARNING = "warning", "Warning: has to be accepted"

    phrases = LinesField(
        "words to look for",
        blank=False,
        validators=[validate_phrases],
        help_text=(
            "One word or short phrase a line, in plain words: no signs have a meaning of their own."
            " Every form of a word counts (heal, heals, healing). Denied or quoted to be rejected,"
            " as in “we do not promise”, they are left alone."
        ),
    )
    kind = models.CharField(max_length=30)
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.WARNING)
    reason = models.CharField("why", max_length=300, help_text="Shown to whoever wrote it.")
    suggestion = models.CharField("a better way to say it", max_length=300, blank=True)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = "wording rule of the clinic"
        verbose_name_plural = "wording rules of the clinic"

    def __str__(self) -> str:
        return ", ".join(map(str, self.phrases))[:80] or "A rule without words"


class RuleSeverity(models.Model):
    """A rule that comes with the site, switched by the clinic to another severity or off."""

    class Severity(models.TextChoices):
        ERROR = "error", "Error: blocks publishing"
        WARNING = "warning", "Warning: has to be accepted"
        OFF = OFF, "Off: not looked for"

    rule = models.CharField(max_length=60, unique=True)
    severity = models.CharField("switched to", max_length=10, choices=Severity)
    note = models.TextField("why", max_length=1000)

    class Meta:
        ordering = ["rule"]
        verbose_name = "switched wording rule"
        verbose_name_plural = "switched wording rules"

    def __str__(self) -> str:
        return f"{self.rule}: {self.severity}"

    def clean(self) -> None:
        kinds = kinds_by_rule()
        if self.rule not in kinds:
            raise ValidationError({"rule": "There is no such rule. Choose one from the list."})
        if self.severity == OFF and kinds[self.rule] in NEVER_OFF:
            raise ValidationError(
                {
                    "severity": "A rule against cures, guarantees, absolute safety, putting people"
                    " off medical care or misquoting a guideline cannot be switched off. It can be"
                    " a warning, which has to be accepted each time."
                }
            )


def kinds_by_rule() -> dict[str, str]:
    """Return the kind of each rule that comes with the site, whichever country's it is."""
    return {rule.id: rule.kind for name in names() for rule in load(name).rules.values()}
