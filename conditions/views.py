"""The A to Z of conditions, the body map and the page of each condition."""

from dataclasses import replace
from typing import Any

from django.template.loader import render_to_string
from django.views.generic import TemplateView

from conditions.az import letters
from conditions.models import BodyRegion, Condition
from conditions.related import related_conditions
from delivery import shown
from evidence.views import SourcedPageDetailView
from publishing.markdown import Document
from publishing.sections import RenderedSection
from publishing.shown_on import MENU, articles_on, list_of
from treatments.models import Treatment


class ConditionIndexView(TemplateView):
    """All conditions: A to Z with other names, and by part of the body."""

    template_name = "conditions/condition_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown.lists(MENU, list_of(Condition))
        conditions = list(
            Condition.objects.published()
            .only("slug", "name", "also_known_as", "summary", "order")
            .prefetch_related("body_regions")
        )
        regions = [
            {
                "region": region,
                "conditions": [each for each in conditions if region in each.body_regions.all()],
            }
            for region in BodyRegion.objects.all()
        ]
        filled = [each for each in regions if each["conditions"]]
        return super().get_context_data(
            conditions=conditions,
            letters=letters(conditions),
            regions=filled,
            mapped_regions={each["region"].slug for each in filled},  # type: ignore[attr-defined]
            **kwargs,
        )


def who_to_ask(condition: Condition) -> list[Any]:
    """Return the people who see this condition, else those who give a treatment named for it.

    Advertising rules keep some conditions off a person's own list; there is still somebody to ask.
    """
    own = list(condition.practitioners.listed().for_cards())
    if own:
        return own
    people = condition.practitioners.model.objects.listed()
    return list(people.filter(treatments__conditions=condition).distinct().for_cards())


class ConditionDetailView(SourcedPageDetailView):
    """One condition, with who treats it here and what to read about it."""

    model = Condition
    list_address = "conditions:list"
    template_name = "conditions/condition_detail.html"
    heading_level = 3
    object: Condition

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        condition = self.object
        conditions, treatments = list_of(Condition), list_of(Treatment)
        articles = articles_on(condition)
        shown.lists(MENU, conditions, treatments, articles)
        # Rendered along with the rest of the page, so that its references have one numbering.
        condition.shown_claims = self.of_page("claims", condition.claims_text)
        return super().get_context_data(
            cards_before=Condition.CARDS_BEFORE.replace("_", "-"),
            practitioners=self.of_page("who to ask", lambda: who_to_ask(condition)),
            treatments=self.of_page(
                "treatments", lambda: list(condition.treatments.published()), treatments
            ),
            related_conditions=self.of_page(
                "related conditions", lambda: list(related_conditions(condition)), conditions
            ),
            articles=self.of_page(
                "articles",
                lambda: list(condition.articles.published().select_related("category")[:6]),
                articles,
            ),
            **kwargs,
        )

    def _sections(self, document: Document) -> list[RenderedSection]:
        """Put the claims below what their section says in words, or in its place."""
        claims = document.parts.get(Condition.CLAIMS_PART)
        if claims:
            words = document.parts.get(Condition.CLAIMS_AFTER)
            joined = render_to_string("conditions/claims.html", {"words": words, "claims": claims})
            document = replace(document, parts=document.parts | {Condition.CLAIMS_AFTER: joined})
        return super()._sections(document)
