"""Chooses what a page says for machines, and writes it so that it can stand in HTML."""

import json
from collections.abc import Callable

from django.urls import reverse

from components.absolute import absolute
from pages.structured_data import lists, pages
from pages.structured_data.breadcrumbs import breadcrumb
from pages.structured_data.clinic import clinic_in_full, clinic_in_short, clinic_link
from pages.structured_data.nodes import LANGUAGE, VOCABULARY, Node
from pages.structured_data.pages import Values
from pages.structured_data.people import profile
from pages.structured_data.website import website


def _home(values: Values) -> list[Node]:
    clinic = values["clinic"]
    return [website(clinic), clinic_in_full(clinic, values["coming_closures"])]


def _contact(values: Values) -> list[Node]:
    address = absolute(reverse("enquiries:contact"))
    page = {
        "@type": "ContactPage",
        "@id": address,
        "url": address,
        "name": "Contact us",
        "inLanguage": LANGUAGE,
        "mainEntity": clinic_link(),
    }
    return [page, clinic_in_full(values["clinic"], values["coming_closures"])]


def _practitioner(values: Values) -> list[Node]:
    practitioner = values["practitioner"]
    person = profile(practitioner, has_left=values["has_left"])
    address = absolute(practitioner.get_absolute_url())
    steps = [("People", reverse("practitioners:list"))]
    page = {
        "@type": "ProfilePage",
        "@id": address,
        "url": address,
        "name": practitioner.name,
        "inLanguage": LANGUAGE,
        "mainEntity": {"@id": person["@id"]},
        "breadcrumb": breadcrumb(*steps, current=practitioner.name),
        "publisher": clinic_link(),
    }
    return [page, person, clinic_in_short(values["clinic"])]


# By the name of the address: what the page's own view alone puts into the context, and what to say.
# Nothing else is spoken of: no error, no withdrawn page, no preview (its address is another one),
# nothing about an enquiry.
_PAGES: dict[str, tuple[str, Callable[[Values], list[Node]]]] = {
    "pages:home": ("treatments", _home),
    "pages:evidence": ("groups", lists.evidence),
    "pages:glossary": ("terms", lists.glossary),
    "pages:information": ("document", pages.information_page),
    "enquiries:contact": ("form", _contact),
    "conditions:list": ("letters", lists.conditions),
    "conditions:detail": ("document", pages.condition_page),
    "treatments:list": ("treatments", lists.treatments),
    "treatments:detail": ("document", pages.treatment_page),
    "articles:list": ("articles", lists.articles),
    "articles:category": ("articles", lists.articles),
    "articles:detail": ("document", pages.article_page),
    "practitioners:list": ("practitioners", lists.practitioners),
    "practitioners:detail": ("profile", _practitioner),
}

# What could end the script element or open a comment in it, as JSON writes it otherwise.
_ESCAPED = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&"}


def graph(view_name: str, values: Values) -> list[Node]:
    """Return the nodes of the page at an address of that name; none where nothing is to be said.

    `values` are the variables of the page's template.
    """
    needed, nodes = _PAGES.get(view_name, ("", None))
    return nodes(values) if nodes is not None and needed in values else []


def as_json(nodes: list[Node]) -> str:
    """Return the nodes as one JSON-LD document that is safe within a script element."""
    document = {"@context": VOCABULARY.rstrip("/"), "@graph": nodes}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_ESCAPED)
