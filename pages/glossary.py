"""The page of the glossary: every term with its definition, from A to Z."""

from typing import Any

from django.views.generic import TemplateView

from components.az import by_letter
from delivery import shown
from evidence.models import GlossaryTerm
from publishing.shown_on import MENU


class GlossaryView(TemplateView):
    """All terms that readers see, with their sources and who checked them. Two queries."""

    template_name = "pages/glossary.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown.lists(MENU)
        terms = list(
            GlossaryTerm.objects.shown().select_related("checked_by").prefetch_related("sources")
        )
        letters = by_letter(
            terms, name=lambda term: term.term, order=lambda term: term.term.lower()
        )
        return super().get_context_data(terms=terms, letters=letters, **kwargs)
