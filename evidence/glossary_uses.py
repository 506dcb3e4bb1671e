"""Hands definitions to the wording check, says which rest on a source, and what is to be done."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from evidence.models import GlossaryTerm
from evidence.usage import Sought, Use, register_use_finder
from evidence.wording_sources import SourceText, register
from publishing.desk import TodoItem, register_todo


@register
def definitions() -> Iterator[SourceText]:
    """Yield the definition of every term, hidden ones included."""
    for term in GlossaryTerm.objects.all():
        yield SourceText(f"glossary/{term.slug}:definition", term.definition, None, term)


@register_use_finder
def terms_from_it(sought: Sought) -> Iterator[Use]:
    """Yield the glossary terms whose definition rests on a source."""
    for term in GlossaryTerm.objects.filter(sources__in=sought.sources).distinct():
        yield Use(term, "explains a word by it")


@register_todo
def terms_to_confirm(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield how many words are explained to readers that no clinician has confirmed."""
    user = request.user
    if user.has_perm("evidence.change_glossaryterm") or user.has_perm("publishing.review_version"):
        count = GlossaryTerm.objects.to_confirm().count()
        words = "glossary term awaits" if count == 1 else "glossary terms await"
        yield TodoItem(
            count,
            f"{words} a clinician",
            f"{reverse('admin:evidence_glossaryterm_changelist')}?checking=to-confirm",
        )
