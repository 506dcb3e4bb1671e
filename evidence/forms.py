"""The forms of sources and claims: what they refuse, and what they offer instead."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html

from evidence.identifiers import Scheme
from evidence.models import Claim, Source


class IdentifierField(forms.CharField):
    """An identifier, however it was pasted: as a link, with spaces, with its name in front."""

    def __init__(self, scheme: Scheme, **kwargs: Any) -> None:
        self.scheme = scheme
        super().__init__(
            required=False,
            validators=[scheme.validate],
            widget=forms.TextInput(attrs={"class": "vTextField"}),
            help_text=f"For example {scheme.example}. A link to it will do.",
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return self.scheme.normalise(super().to_python(value) or "")


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A source. A publication that is there already is offered instead of entered twice."""

    doi = IdentifierField(Source.UNIQUE_SCHEMES["doi"], label="DOI")
    pmid = IdentifierField(Source.UNIQUE_SCHEMES["pmid"], label="PubMed number")

    class Meta:
        model = Source
        fields = ["doi", "pmid"]  # the admin adds the others

    def clean_doi(self) -> str:
        return self._without_twin("doi")

    def clean_pmid(self) -> str:
        return self._without_twin("pmid")

    def _without_twin(self, name: str) -> str:
        value: str = self.cleaned_data[name]
        twin = self.instance.twin(name, value)
        if twin is None:
            return value
        raise ValidationError(
            format_html(
                "This publication is there: <a href='{}'>{}</a>. Use it, as [@{}] in a text.",
                reverse("admin:evidence_source_change", args=[twin.pk]),
                twin,
                twin.key,
            )
        )


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]
    """A claim. It cannot be public without a source that still stands."""

    class Meta:
        model = Claim
        fields = ["sources", "is_public", "sentence"]  # the admin adds the others
        widgets = {"sentence": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_public") and "sources" in cleaned:
            reason = Claim.why_not_public(cleaned["sources"])
            if reason:
                self.add_error("sources", reason)
        return cleaned
