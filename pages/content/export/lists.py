"""Writes the lists: sources, claims, cautions, glossary, categories, search words and rules."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from articles.models import Category
from evidence.models import Claim, EvidenceHeld, GlossaryTerm, ReviewNeeded, Source
from pages.content.export.writing import Folder, told, without_empty
from pages.content.page_records import HELD, KINDS, NEEDED
from pages.content.rows import plain_fields
from pages.content.tables import TABLES
from practitioners.models import Practitioner
from publishing.models import Page
from search.documents import key_of, place_documents, searched_models
from search.models import SearchSynonym
from suitability.models import Caution

Rows = list[dict[str, Any]]


def write_lists(folder: Folder) -> Counter[str]:
    """Write every list; return how many entries of each kind there are."""
    lists: dict[str, tuple[type[models.Model], Rows]] = {
        "sources.yaml": (Source, _sources()),
        "categories.yaml": (Category, _categories()),
        "claims.yaml": (Claim, _claims()),
        "needling-cautions.yaml": (Caution, _checked_words(Caution, "key")),
        "glossary.yaml": (GlossaryTerm, _checked_words(GlossaryTerm, "slug")),
        "search-words.yaml": (SearchSynonym, _search_words()),
        HELD: (EvidenceHeld, _evidence_held()),
        NEEDED: (ReviewNeeded, _reviews_needed()),
    }
    for table in TABLES:
        lists[table.file] = (table.model, _rows(table.model, table.key))
    counts: Counter[str] = Counter()
    for name, (model, rows) in lists.items():
        folder.write_list(name, rows)
        number = sum(len(row["words"]) for row in rows) if model is SearchSynonym else len(rows)
        counts[str(model._meta.verbose_name_plural)] += number
    return counts


def _rows(model: type[models.Model], key: str) -> Rows:
    """Return rows that name no others, what they are told apart by first."""
    names = sorted(plain_fields(model), key=lambda name: name != key)
    return [told(row, names) for row in _sorted(model._default_manager.all(), key)]


def _sorted(rows: Iterable[Any], key: str) -> list[Any]:
    """Sort rows here: each database has an order of its own for text."""
    return sorted(rows, key=lambda row: str(getattr(row, key)) if key else "")


def _categories() -> Rows:
    # Their place is said always: without it, loading takes their place in the file.
    rows = Category.objects.all()
    return [
        told(row, ["slug", "name", "summary"]) | {"order": row.order}
        for row in _sorted(rows, "slug")
    ]


def _slug(row: Any) -> str | None:
    return row.slug if row is not None else None


def _source_keys(row: Any) -> list[str]:
    return sorted(source.key for source in row.sources.all())


def _sources() -> Rows:
    sources = Source.objects.select_related("superseded_by", "checked_by")
    return [
        told(source, plain_fields(Source))
        | without_empty(
            {
                "superseded_by": source.superseded_by.key if source.superseded_by else None,
                "checked_by": _slug(source.checked_by),
            }
        )
        for source in _sorted(sources, "key")
    ]


def _claims() -> Rows:
    claims = Claim.objects.select_related("condition", "treatment", "checked_by")
    names = [name for name in plain_fields(Claim) if name != "is_public"]
    found = []
    for claim in _sorted(claims.prefetch_related("sources"), "key"):
        # Nobody can load a claim about a page that is in the bin.
        if claim.condition.deleted_at is not None:
            continue
        treatment = claim.treatment
        if treatment is not None and treatment.deleted_at is not None:
            if not claim.intervention:
                continue
            treatment = None
        about = {"condition": claim.condition.slug, "treatment": _slug(treatment)}
        row = {"key": claim.key} | without_empty(about) | told(claim, names)
        row |= {"sources": _source_keys(claim)}
        row |= without_empty({"checked_by": _slug(claim.checked_by)})
        found.append(row if claim.is_public else row | {"public": False})
    return found


def _checked_words(model: type[models.Model], key: str) -> Rows:
    rows = model._default_manager.select_related("checked_by").prefetch_related("sources")
    names = sorted(plain_fields(model), key=lambda name: name != key)
    return [
        told(row, names)
        | without_empty(
            {
                "checked_by": _slug(row.checked_by),
                "sources": _source_keys(row),
            }
        )
        for row in _sorted(rows, key)
    ]


def _search_words() -> Rows:
    """Return the words by page. Words for what is gone lead nowhere, and are left out."""
    addresses = _addresses()
    by_page: defaultdict[str, list[str]] = defaultdict(list)
    for each in _sorted(SearchSynonym.objects.all(), "words"):
        if each.key in addresses:
            by_page[addresses[each.key]].append(each.words)
    return [{"page": address, "words": by_page[address]} for address in sorted(by_page)]


def _addresses() -> Mapping[str, str]:
    found = {document.key: document.address for document in place_documents()}
    for model in searched_models():
        rows: Any = model._default_manager.all()
        for row in rows.kept() if issubclass(model, Page) else rows:
            found[key_of(row)] = row.get_absolute_url()
    return found


def _evidence_held() -> Rows:
    rows = EvidenceHeld.objects.select_related("source").order_by("at", "pk")
    return [
        {"page": name, "source": row.source.key}
        | told(row, ["rule", "sentence", "note", "at", "by_name"])
        for row in rows
        if (name := page_name(row.page))
    ]


def _reviews_needed() -> Rows:
    return [
        {"page": name} | told(row, ["reason", "since", "by_name"])
        for row in ReviewNeeded.objects.order_by("since", "pk")
        if (name := page_name(row.page))
    ]


def page_name(page: Any) -> str:
    """Return the name of a page or profile, such as conditions/back-pain; none if it is deleted."""
    folder = next((name for name, model in KINDS.items() if isinstance(page, model)), None)
    if folder is None or (not isinstance(page, Practitioner) and page.deleted_at is not None):
        return ""
    return f"{folder}/{page.slug}"
