"""Loads sources, claims and cautions. Entries whose key is there already are left alone."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import models

from conditions.models import Condition
from evidence.models import Claim, Source
from pages.content.files import read_list
from pages.content.rows import errors_named, find, find_if, given, plain_fields, save_checked
from practitioners.models import Practitioner
from suitability.models import Caution
from treatments.models import Treatment

Row = Mapping[str, Any]


def load_entries(
    path: Path, model: type[models.Model], load: Callable[[Row], None], key: str = "key"
) -> Sequence[Row]:
    """Load the entries of a list whose key no row has yet, and return them."""
    known = set(model._default_manager.values_list(key, flat=True))
    with errors_named(path):
        rows = [row for row in read_list(path) if row[key] not in known]
    for row in _newest_first(rows):
        with errors_named(path, row[key]):
            load(row)
    return rows


def _newest_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort sources so that a newer one, which a superseded one names, is there before it."""
    newer = {row["key"]: row["superseded_by"] for row in rows if row.get("superseded_by")}

    def steps(key: str) -> int:
        seen: list[str] = []
        while key in newer and key not in seen:
            seen.append(key)
            key = newer[key]
        return len(seen)

    return sorted(rows, key=lambda row: steps(row.get("key", "")))


def load_source(row: Row) -> None:
    """Load one source. Who checked it is joined later, by `join_source`: people come after."""
    others = {"superseded_by", "checked_by"}
    fields = {name: value for name, value in row.items() if name not in others and value}
    save_checked(Source(superseded_by=find_if(Source, "key", row.get("superseded_by")), **fields))


def join_source(row: Row) -> None:
    """Say who checked a source. Raises ContentError where there is nobody of that name."""
    if row.get("checked_by"):
        person = find(Practitioner, "slug", row["checked_by"])
        Source.objects.filter(key=row["key"]).update(checked_by=person)


def load_caution(row: Row) -> None:
    """Load one question before needling."""
    caution = Caution(
        checked_by=find_if(Practitioner, "slug", row.get("checked_by")),
        **given(row, *plain_fields(Caution)),
    )
    save_checked(caution).sources.set(find(Source, "key", key) for key in row.get("sources", []))


def load_claim(row: Row) -> None:
    """Load one claim. What rests on nothing current is loaded for staff alone."""
    claim = save_checked(
        Claim(
            condition=find(Condition, "slug", row["condition"]),
            treatment=find_if(Treatment, "slug", row.get("treatment")),
            checked_by=find_if(Practitioner, "slug", row.get("checked_by")),
            **given(row, *(name for name in plain_fields(Claim) if name != "is_public")),
        )
    )
    claim.sources.set(find(Source, "key", key) for key in row["sources"])
    if row.get("public", True):
        claim.make_public()
