"""Which conditions to look at after one, worked out from what they share."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from conditions.models import Condition

LIMIT = 4


def related_conditions(condition: Condition) -> QuerySet[Condition]:
    """Return up to four public conditions of the same part of the body or treatments, as one query.

    The same part of the body says more than the same treatment, so it comes first.
    """
    in_region = Condition.body_regions.through.objects.filter(
        bodyregion__in=condition.body_regions.order_by().values("pk")
    )
    with_treatment = Condition.treatments.through.objects.filter(
        treatment__in=condition.treatments.order_by().values("pk")
    )
    found: QuerySet[Condition] = (
        Condition.objects.published()
        .exclude(pk=condition.pk)
        .filter(
            Q(pk__in=in_region.values("condition")) | Q(pk__in=with_treatment.values("condition"))
        )
        .annotate(regions=_shared(in_region), therapies=_shared(with_treatment))
        .order_by("-regions", "-therapies", "order", "name", "pk")
        .only("slug", "name")[:LIMIT]
    )
    return found


def _shared(rows: QuerySet[Any]) -> Coalesce:
    """Count the rows of a relation that a condition has."""
    own = rows.filter(condition=OuterRef("pk")).order_by().values("condition")
    count = own.annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)
