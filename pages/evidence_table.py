"""The evidence table for everybody: what guidelines and studies say, by condition and treatment."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from components.spreadsheet import csv_text
from conditions.models import Condition
from evidence.models import Claim
from treatments.models import Treatment

# A spreadsheet takes a cell that starts with one of these for a formula, and would run it.
COLUMNS = {
    "condition": "Condition",
    "about": "Treatment",
    "says": "What it says",
    "direction": "Direction",
    "certainty": "How sure",
    "population": "About whom",
    "scope": "What it covers",
    "country": "Where it applies",
    "checked_on": "Last checked",
    "sources": "Sources",
}


@dataclass(frozen=True)
class TableSource:
    """A source as the table names it."""

    title: str
    body: str
    year: int | None
    identifier: str
    link: str
    status: str
    is_current: bool


@dataclass(frozen=True)
class Row:
    """A claim as the table shows it. The addresses are empty where there is no public page."""

    key: str
    condition: str
    condition_url: str
    about: str
    about_url: str
    says: str
    direction: str
    certainty: str
    population: str
    scope: str
    country: str
    checked_on: date | None
    sources: list[TableSource]


def rows() -> list[Row]:
    """Return every claim that readers may see, by condition in the order of the lists.

    Guidelines stand first, whichever way they point. The number of queries does not depend on the
    number of claims.
    """
    public = {treatment.pk for treatment in Treatment.objects.published().only("pk")}
    claims = (
        Claim.objects.shown()
        .filter(condition__in=Condition.objects.published())
        .select_related("condition", "treatment")
        .prefetch_related("sources")
        .in_reading_order()
    )
    found = [_row(claim, public) for claim in _by_condition(claims)]
    return [row for row in found if row.about]


def _by_condition(claims: Any) -> list[Any]:
    # Sorting is stable: within a condition, the order of reading stays.
    return sorted(claims, key=lambda claim: (claim.condition.order, claim.condition.name))


def _row(claim: Any, public_treatments: set[int]) -> Row:
    is_public = claim.treatment_id in public_treatments
    # The name of a treatment whose page is no longer, or not yet, public is for staff alone.
    about = claim.intervention or (claim.treatment.name if is_public else "")
    return Row(
        key=claim.key,
        condition=claim.condition.name,
        condition_url=claim.condition.get_absolute_url(),
        about=about,
        about_url=claim.treatment.get_absolute_url() if is_public else "",
        says=claim.sentence,
        direction=claim.get_direction_display(),
        certainty=claim.certainty,
        population=claim.population,
        scope=claim.scope,
        country=claim.country,
        checked_on=claim.checked_on,
        sources=[
            TableSource(
                title=source.title,
                body=source.body,
                year=source.year,
                identifier=source.identifier,
                link=source.link,
                status=source.get_status_display(),
                is_current=source.is_current,
            )
            for source in claim.sources.all()
        ],
    )


class EvidenceTableView(TemplateView):
    """The table as a page."""

    template_name = "pages/evidence_table.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grouped = [(name, list(own)) for name, own in groupby(rows(), attrgetter("condition"))]
        return super().get_context_data(groups=grouped, **kwargs)


@require_safe
def evidence_csv(request: HttpRequest) -> HttpResponse:
    """The table for a spreadsheet."""
    table = [[*COLUMNS.values(), "Page"], *(list(_cells(row)) for row in rows())]
    return HttpResponse(
        csv_text(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="evidence-table.csv"'},
    )


def _cells(row: Row) -> Iterator[str]:
    for name in COLUMNS:
        value = getattr(row, name)
        if name == "sources":
            yield "; ".join(_in_words(source) for source in value)
        else:
            yield value.isoformat() if isinstance(value, date) else str(value or "")
    yield f"{settings.SITE_URL}{row.condition_url}"


def _in_words(source: TableSource) -> str:
    parts = [source.title, source.body, str(source.year or ""), source.identifier]
    parts.append("" if source.is_current else source.status)
    parts.append(source.link)
    return ", ".join(part for part in parts if part)


@require_safe
def evidence_json(request: HttpRequest) -> HttpResponse:
    """The table for programs."""
    found = [
        asdict(row)
        | {
            "condition_url": f"{settings.SITE_URL}{row.condition_url}",
            "about_url": f"{settings.SITE_URL}{row.about_url}" if row.about_url else "",
        }
        for row in rows()
    ]
    return JsonResponse({"claims": found}, json_dumps_params={"ensure_ascii": False, "indent": 1})
