"""A page as data: all that a reader sees of it, taken from a form or a row, and put back.

A snapshot has three parts, each by name:

    fields  the page's own values; a reference is {"pk": 3, "text": "Asha Example"}
    many    references to other rows, whose order means nothing
    rows    the rows that belong to the page (questions, warning signs, prices), in order

It is JSON and carries the names of what it refers to, so that it can be read when fields have been
renamed or added since, and when what it refers to is gone. Reading one back takes what this
software still knows and leaves the rest: `left_out` says what.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from publishing.comparing import readable as readable_value
from publishing.models import Page

Snapshot = dict[str, Any]

# What a reader sees of a page beside its text follows from the history, and is no part of it.
_NOT_THE_PAGE_S_OWN = {each.name for each in Page._meta.get_fields() if not each.editable}


def own_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the fields of a page kind, or of a part's row, whose values a snapshot holds."""
    return [
        each
        for each in model._meta.concrete_fields
        if not each.primary_key and each.editable and each.name not in _NOT_THE_PAGE_S_OWN
    ]


def part_model(model: type[Page], name: str) -> type[models.Model]:
    """Return the model of the rows of a part such as `faqs`."""
    related: type[models.Model] = _relation(model, name).related_model
    return related


def part_fields(model: type[Page], name: str) -> list[models.Field[Any, Any]]:
    """Return the fields of a part's rows, without the one that leads back to the page."""
    back = _relation(model, name).field.name
    return [each for each in own_fields(part_model(model, name)) if each.name != back]


def _relation(model: type[Page], name: str) -> Any:
    return model._meta.get_field(name)


def labels(model: type[Page]) -> dict[str, str]:
    """Return the words for every place of a snapshot of the page kind, in the order of a page."""
    fields = {each.name: each for each in own_fields(model)}
    # As readers meet them: name and summary first, then the text, then the rest.
    text = {section.field: section.heading for section in model.SECTIONS}
    first = [name for name in ("title", "name", "summary") if name in fields]
    order = [*first, *text, *(name for name in fields if name not in {*first, *text})]
    found = {
        f"fields.{name}": text.get(name) or str(fields[name].verbose_name).capitalize()
        for name in order
    }
    for relation in model._meta.many_to_many:
        found[f"many.{relation.name}"] = str(relation.verbose_name).capitalize()
    for name in model.PARTS:
        found[f"rows.{name}"] = str(part_model(model, name)._meta.verbose_name_plural).capitalize()
    return found


# --- taking ---------------------------------------------------------------------------------------


def reference(row: models.Model | None) -> dict[str, Any] | None:
    """Return a row as a snapshot refers to it."""
    return None if row is None else {"pk": row.pk, "text": str(row)}


def values_of(row: models.Model, fields: Iterable[models.Field[Any, Any]]) -> dict[str, Any]:
    """Return a row's own values as a snapshot holds them."""
    return {each.name: _value(row, each) for each in fields}


def _value(row: models.Model, field: models.Field[Any, Any]) -> Any:
    if field.is_relation:
        return reference(getattr(row, field.name))
    value = getattr(row, field.attname)
    plain = value is None or isinstance(value, (str, bool, int, list, dict))
    return value if plain else field.value_to_string(row)


def take(page: Page) -> Snapshot:
    """Return the snapshot of a page as its rows in the database are now."""
    model = type(page)
    return {
        "fields": values_of(page, own_fields(model)),
        "many": {
            relation.name: references(getattr(page, relation.name).all())
            for relation in model._meta.many_to_many
        },
        "rows": {
            name: [_row(row, part_fields(model, name)) for row in getattr(page, name).all()]
            for name in model.PARTS
        },
    }


def _row(row: models.Model, fields: Sequence[models.Field[Any, Any]]) -> dict[str, Any]:
    many = {
        relation.name: references(getattr(row, relation.name).all())
        for relation in row._meta.many_to_many
    }
    return values_of(row, fields) | many


def references(rows: Iterable[models.Model]) -> list[dict[str, Any]]:
    """Return rows as a snapshot refers to them, in an order that does not depend on the query."""
    found = [{"pk": row.pk, "text": str(row)} for row in rows]
    return sorted(found, key=lambda each: each["pk"])


def of(draft: "Draft") -> Snapshot:
    """Return the snapshot of a page in memory, with the parts and references that the draft has."""
    model = type(draft.page)
    return {
        "fields": values_of(draft.page, own_fields(model)),
        "many": {
            relation.name: references(draft.many.get(relation.name, []))
            for relation in model._meta.many_to_many
        },
        "rows": {
            name: [_drafted_row(row, part_fields(model, name)) for row in draft.parts.get(name, [])]
            for name in model.PARTS
        },
    }


def _drafted_row(row: Any, fields: Sequence[models.Field[Any, Any]]) -> dict[str, Any]:
    many = {name: references(rows) for name, rows in row.drafted_many.items()}
    return values_of(row, fields) | many


# --- reading back ---------------------------------------------------------------------------------


@dataclass
class Draft:
    """A page as a snapshot describes it, in memory: nothing of it is in the database.

    `parts` are unsaved rows; a row's own references stand in its `drafted_many`.
    """

    page: Page
    many: dict[str, list[models.Model]] = field(default_factory=dict)
    parts: dict[str, list[Any]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    @property
    def faqs(self) -> list[Any]:
        """The page's questions; page kinds without any have none."""
        return self.parts.get("faqs", [])

    def texts(self) -> dict[str, str]:
        """Return every Markdown text of the page by part, the answers of questions included."""
        answers = {f"faq-{number}": row.answer for number, row in enumerate(self.faqs, start=1)}
        return self.page.body_texts() | answers


def read(page: Page, data: Mapping[str, Any]) -> Draft:
    """Return the page as the snapshot has it. The page given stays as it is.

    What the snapshot does not know keeps its default; what this software no longer knows, or what
    has been deleted since, is named in `left_out`.
    """
    model = type(page)
    found = _Reader()
    drafted = copy(page)
    drafted._state = copy(page._state)
    drafted._state.fields_cache = {}
    found.fill(drafted, own_fields(model), data.get("fields", {}), "fields")
    draft = Draft(drafted, left_out=found.left_out)
    many = data.get("many", {})
    for relation in model._meta.many_to_many:
        draft.many[relation.name] = found.referred(relation, many.get(relation.name, []))
    rows = data.get("rows", {})
    for name in model.PARTS:
        fields = part_fields(model, name)
        back = _relation(model, name).field.name
        draft.parts[name] = [
            found.row(part_model(model, name), fields, row, **{back: drafted})
            for row in rows.get(name, [])
        ]
    known = {*(each.name for each in model._meta.many_to_many)}
    found.left_out += [_words(name) for name in many if name not in known]
    found.left_out += [_words(name) for name in rows if name not in model.PARTS]
    return draft


class _Reader:
    def __init__(self) -> None:
        self.left_out: list[str] = []

    def fill(
        self,
        row: models.Model,
        fields: Sequence[models.Field[Any, Any]],
        values: Mapping[str, Any],
        place: str,
    ) -> None:
        """Give a row the values, and the default where the snapshot has none."""
        for each in fields:
            if each.name in values:
                self._set(row, each, values[each.name])
            else:
                setattr(row, each.attname, each.get_default())
        known = {each.name for each in fields} | {each.name for each in row._meta.many_to_many}
        self.left_out += [_words(name) for name in values if name not in known]

    def _set(self, row: models.Model, field: models.Field[Any, Any], value: Any) -> None:
        if field.is_relation:
            rows = self.referred(field, [value] if value else [])
            # What a page cannot be without stays as it is, if what it was is gone.
            if rows or field.null:
                setattr(row, field.name, rows[0] if rows else None)
            return
        try:
            read = field.to_python(value)
        except ValidationError:
            # The field takes something else than it did.
            self.left_out.append(f"{_words(field.name)}: {value}")
            read = field.get_default()
        setattr(
            row, field.attname, field.get_default() if read is None and not field.null else read
        )

    def row(
        self,
        model: type[models.Model],
        fields: Sequence[models.Field[Any, Any]],
        values: Mapping[str, Any],
        **owner: Page,
    ) -> Any:
        row: Any = model(**owner)
        self.fill(row, fields, values, model._meta.verbose_name)  # type: ignore[arg-type]
        row.drafted_many = {
            relation.name: self.referred(relation, values.get(relation.name, []))
            for relation in model._meta.many_to_many
        }
        return row

    def referred(self, field: Any, wanted: Sequence[Mapping[str, Any]]) -> list[models.Model]:
        """Return the rows that are still there, and note the others."""
        if not wanted:
            return []
        rows = field.related_model._base_manager.in_bulk([each["pk"] for each in wanted])
        self.left_out += [str(each["text"]) for each in wanted if each["pk"] not in rows]
        return [rows[each["pk"]] for each in wanted if each["pk"] in rows]


def _words(name: str) -> str:
    return name.replace("_", " ")


def readable(data: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return everything that a snapshot holds as labels and lines, whatever has become of it."""
    places = {
        f"{part}.{name}": value
        for part in ("fields", "many", "rows")
        for name, value in data.get(part, {}).items()
    }
    known = [place for place in names if place in places]
    others = sorted(place for place in places if place not in names)
    return [
        (names.get(place) or _words(place.split(".", 1)[1]).capitalize(), readable_value(value))
        for place, value in ((place, places[place]) for place in [*known, *others])
    ]


def write(page: Page, data: Mapping[str, Any]) -> Draft:
    """Make the page's rows in the database be as the snapshot has them. Call it in a transaction.

    The page given is changed too, but for its references to other rows: reload it for those.
    """
    draft = read(page, data)
    fields = own_fields(type(page))
    for each in fields:
        setattr(page, each.attname, getattr(draft.page, each.attname))
        if each.is_relation:
            page._state.fields_cache.pop(each.name, None)
    page.save(update_fields=[each.name for each in fields])
    for name, rows in draft.many.items():
        getattr(page, name).set(rows)
    for name, rows in draft.parts.items():
        getattr(page, name).all().delete()
        back = _relation(type(page), name).field.name
        part: Any
        for part in rows:
            setattr(part, back, page)
            part.save()
            for relation, targets in part.drafted_many.items():
                getattr(part, relation).set(targets)
    return draft
