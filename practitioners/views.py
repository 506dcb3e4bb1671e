"""The list of practitioners with its filters, and the page of each."""

from typing import Any

from django.db import models
from django.views.generic import DetailView

from components.pagination import PagedListView
from practitioners.filters import listed_practitioners, narrow
from practitioners.models import Practitioner
from publishing.markdown import render


class PractitionerListView(PagedListView):
    """Everyone who works here now, narrowed by plain query parameters."""

    template_name = "practitioners/practitioner_list.html"
    context_object_name = "practitioners"
    paginate_by = 12

    def get_queryset(self) -> list[Practitioner]:  # type: ignore[override]
        found, self.filters = narrow(listed_practitioners(), self.request.GET.dict())
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            filters=self.filters,
            # Also by a value that no option has: that finds nobody, and has to be cleared.
            is_narrowed=any(self.request.GET.get(each.name, "").strip() for each in self.filters),
            **kwargs,
        )


class PractitionerDetailView(DetailView):  # type: ignore[type-arg]
    """One person. Somebody who has left keeps the address; it then names colleagues."""

    model = Practitioner
    template_name = "practitioners/practitioner_detail.html"
    context_object_name = "practitioner"

    def get_queryset(self) -> models.QuerySet[Practitioner]:
        return Practitioner.objects.published().for_cards().prefetch_related("memberships")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.object
        conditions = list(person.conditions.published())
        colleagues = (
            Practitioner.objects.listed()
            .filter(
                models.Q(conditions__in=conditions)
                | models.Q(treatments__in=person.treatments.all())
            )
            .exclude(pk=person.pk)
            .distinct()
            .for_cards()
        )
        return super().get_context_data(
            profile=render(person.profile),
            conditions=conditions,
            treatments=list(person.treatments.published()),
            has_left=person.has_left(),
            colleagues=list(colleagues) if person.has_left() else [],
            **kwargs,
        )
