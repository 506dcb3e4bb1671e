"""The list of treatments and the page of each."""

from typing import Any

from django.db import models
from django.views.generic import ListView

from delivery import shown
from evidence.views import SourcedPageDetailView
from publishing.shown_on import MENU, articles_on, list_of
from treatments.models import Treatment


class TreatmentListView(ListView):  # type: ignore[type-arg]
    """All treatments that are public."""

    template_name = "treatments/treatment_list.html"
    context_object_name = "treatments"

    def get_queryset(self) -> models.QuerySet[Treatment]:
        shown.lists(MENU, list_of(Treatment))
        return Treatment.objects.published()


class TreatmentDetailView(SourcedPageDetailView):
    """One treatment, with its prices, who gives it and what to read about it."""

    model = Treatment
    list_address = "treatments:list"
    template_name = "treatments/treatment_detail.html"
    heading_level = 3
    object: Treatment

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        treatment = self.object
        articles = articles_on(treatment)
        shown.lists(MENU, articles)
        return super().get_context_data(
            prices=self.of_page("prices", lambda: list(treatment.prices.all())),
            practitioners=self.of_page(
                "practitioners", lambda: list(treatment.practitioners.listed().for_cards())
            ),
            articles=self.of_page(
                "articles",
                lambda: list(treatment.articles.published().select_related("category")[:4]),
                articles,
            ),
            **kwargs,
        )
