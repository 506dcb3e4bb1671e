"""Lists of pages and people, in the order in which the page shows them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from components.absolute import absolute
from pages.structured_data.breadcrumbs import Step, breadcrumb
from pages.structured_data.nodes import LANGUAGE, Node
from pages.structured_data.pages import Values, subject


def conditions(values: Values) -> list[Node]:
    """Return the A to Z, with the other names that it lists."""
    entries = [
        {"item": subject("MedicalCondition", each, each.also_known_as)}
        for each in values["conditions"]
    ]
    return _list(values, "Conditions", reverse("conditions:list"), entries)


def treatments(values: Values) -> list[Node]:
    """Return the list of treatments."""
    return _list(values, "Treatments", reverse("treatments:list"), _links(values["treatments"]))


def articles(values: Values) -> list[Node]:
    """Return one page of all articles, or of a category's."""
    category = values["category"]
    entries = _links(values["articles"])
    if category is None:
        return _list(values, "Articles", reverse("articles:list"), entries)
    steps = [("Articles", reverse("articles:list"))]
    return _list(values, category.name, category.get_absolute_url(), entries, steps)


def practitioners(values: Values) -> list[Node]:
    """Return one page of the people, unless a reader has narrowed it to some."""
    if values["is_narrowed"]:
        return []
    return _list(values, "People", reverse("practitioners:list"), _links(values["practitioners"]))


def evidence(values: Values) -> list[Node]:
    """Return the table of claims as a page. Its rows are data of their own, at their addresses."""
    title = "What the evidence says"
    return _list(values, title, reverse("pages:evidence"), [])


def glossary(values: Values) -> list[Node]:
    """Return the glossary's terms. What they mean is on the page, and would only be said twice."""
    entries = [{"name": each.term} for each in values["terms"]]
    return _list(values, "Glossary", reverse("pages:glossary"), entries)


def _links(rows: Iterable[Any]) -> list[Node]:
    return [{"name": str(row), "url": absolute(row.get_absolute_url())} for row in rows]


def _list(
    values: Values, title: str, path: str, entries: list[Node], steps: Iterable[Step] = ()
) -> list[Node]:
    shown = values.get("page_obj")
    is_later = shown is not None and shown.number > 1
    # As the canonical address in base.html: every page of a list is a page of its own.
    address = absolute(f"{path}?page={shown.number}" if is_later else path)  # type: ignore[union-attr]
    first = shown.start_index() if shown is not None else 1
    node: Node = {
        "@type": "CollectionPage",
        "@id": address,
        "url": address,
        "name": title,
        "inLanguage": LANGUAGE,
        "breadcrumb": breadcrumb(*steps, current=title),
    }
    if entries:
        node["mainEntity"] = {
            "@type": "ItemList",
            "itemListElement": [
                {"@type": "ListItem", "position": number, **entry}
                for number, entry in enumerate(entries, start=first)
            ],
        }
    return [node]
