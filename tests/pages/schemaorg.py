"""Reads a page's JSON-LD as a graph, and holds it against the vocabulary of schema.org.

The context and the vocabulary are files beside the tests, so that nothing is fetched.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.plugins.parsers.jsonld import to_rdf
from rdflib.term import Node

DATA = Path(__file__).parent / "data"
VOCABULARY: dict[str, Any] = json.loads((DATA / "schemaorg-vocabulary.json").read_bytes())
CONTEXT: dict[str, Any] = json.loads((DATA / "schemaorg-context.json").read_bytes())["@context"]
# As schema.org's own context names things; pages may write https.
SCHEMA = "http://schema.org/"
# What an address without a host is taken from, so that it stands out; a reader might drop it.
RELATIVE = "http://relative.invalid/"

_NUMBERS = {XSD.integer: {"Integer", "Number"}, XSD.double: {"Float", "Number"}}
_FORMS = {
    "Date": r"\d{4}(-\d\d-\d\d)?",
    "Time": r"\d\d:\d\d",
    "URL": r"https?://[^\s<>]+",
    "Text": r".*\S.*",
}


def document(html: str | bytes) -> dict[str, Any] | None:
    """Return the page's JSON-LD, of which there is at most one block."""
    found = BeautifulSoup(html, "html.parser").find_all("script", type="application/ld+json")
    assert len(found) <= 1
    return json.loads(found[0].get_text()) if found else None


def nodes(html: str | bytes) -> dict[str, dict[str, Any]]:
    """Return the top nodes of the page's JSON-LD by their type, joined by "+" where two."""
    told = document(html)
    assert told is not None, "the page has no JSON-LD"
    return {_name_of(node["@type"]): node for node in told["@graph"]}


def _name_of(types: str | list[str]) -> str:
    return types if isinstance(types, str) else "+".join(types)


def as_graph(told: dict[str, Any]) -> Graph:
    """Return a JSON-LD document as a graph, by the context that is kept here."""
    assert told["@context"] == "https://schema.org"
    graph = Graph()
    # What `Graph.parse` calls; by itself it warns of a class of rdflib's own that is going away.
    to_rdf(told | {"@context": CONTEXT}, graph, base=RELATIVE)
    return graph


def short(term: Node) -> str:
    """Return the name of a type or property without the vocabulary's address."""
    return str(term).replace("https://schema.org/", SCHEMA).removeprefix(SCHEMA)


@cache
def with_supertypes(name: str) -> frozenset[str]:
    """Return a type and all types above it."""
    above = VOCABULARY["types"].get(name, [])
    return frozenset({name}).union(*map(with_supertypes, above))


def problems(graph: Graph) -> list[str]:
    """Return everything in the graph that the vocabulary does not allow."""
    return [problem for subject in set(graph.subjects()) for problem in _of_node(graph, subject)]


def _of_node(graph: Graph, subject: Node) -> Iterator[str]:
    names = [short(each) for each in graph.objects(subject, RDF.type)]
    if not names:
        yield f"{subject} has no type"
    for name in names:
        if name not in VOCABULARY["types"] or name in VOCABULARY["superseded"]:
            yield f"there is no type {name}"
    types = frozenset[str]().union(*map(with_supertypes, names))
    for predicate, value in graph.predicate_objects(subject):
        if predicate != RDF.type:
            yield from _of_fact(graph, types, short(predicate), value)


def _of_fact(graph: Graph, types: frozenset[str], name: str, value: Node) -> Iterator[str]:
    # "query-input" says how `query` is filled in (schema.org/docs/actions.html).
    known = VOCABULARY["properties"].get(name.removesuffix("-input"))
    if known is None or name in VOCABULARY["superseded"]:
        yield f"there is no property {name}"
        return
    if not types & set(known["domain"]):
        yield f"{name} does not belong to {sorted(types)}"
    if name.endswith("-input"):
        return
    if not _kinds(graph, value) & set(known["range"]):
        yield f"{name} may not be {value!r}, only one of {known['range']}"


def _kinds(graph: Graph, value: Node) -> set[str]:
    """Return what a value may pass for."""
    if isinstance(value, Literal):
        if value.datatype in _NUMBERS:
            return _NUMBERS[value.datatype]
        kinds = {kind for kind, form in _FORMS.items() if re.fullmatch(form, str(value), re.DOTALL)}
        if value.datatype is not None and value.datatype != XSD.string:
            return kinds & {short(value.datatype)}
        if "URL" in kinds:  # an address may name a member of an enumeration
            for each in VOCABULARY["members"].get(short(value), []):
                kinds |= with_supertypes(each)
        return kinds
    # Everything with a name is a thing, also what is only described elsewhere on the site.
    kinds = {"Thing"} if isinstance(value, URIRef) else set()
    if re.fullmatch(_FORMS["URL"], str(value)) and not str(value).startswith(RELATIVE):
        kinds.add("URL")
    return kinds.union(*(with_supertypes(short(each)) for each in graph.objects(value, RDF.type)))
