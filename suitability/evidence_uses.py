"""Hands the words of cautions to the wording check, and says which rest on a source."""

from collections.abc import Iterator

from evidence.usage import Sought, Use, register_use_finder
from evidence.wording_sources import SourceText, register
from suitability.models import Caution


@register
def cautions() -> Iterator[SourceText]:
    """Yield question, hint and advice of every caution, hidden ones included."""
    for caution in Caution.objects.all():
        for field in ("question", "hint", "advice"):
            if text := getattr(caution, field):
                yield SourceText(f"caution/{caution.key}:{field}", text, None, caution)


@register_use_finder
def cautions_from_it(sought: Sought) -> Iterator[Use]:
    """Yield the cautions that rest on a source."""
    for caution in Caution.objects.filter(sources__in=sought.sources).distinct():
        yield Use(caution, "asks a question because of it")
