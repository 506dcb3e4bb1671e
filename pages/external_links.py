"""Finds the links to other websites in all pages, profiles and sources, drafts included."""

from collections.abc import Iterable, Iterator

from django.db import models
from django.urls import reverse

from articles.models import Article
from conditions.models import Condition
from evidence.models import Source
from pages.models import InformationPage
from practitioners.models import Practitioner
from publishing.external_links import addresses_in, register_address_finder
from publishing.models import Page, faq_texts
from treatments.models import Treatment

_PAGE_KINDS: tuple[type[Page], ...] = (Condition, Article, Treatment, InformationPage)
_AT_ONCE = 200  # rows in memory: a clinic may have thousands of pages
_Found = Iterator[tuple[str, str, str]]


@register_address_finder
def links_of_pages() -> _Found:
    """Yield the links of every kind of page, in its text and in the answers to its questions."""
    for model in _PAGE_KINDS:
        has_faqs = hasattr(model, "faqs")
        # A deleted page has no reader, and its links need no mending.
        rows = model.objects.kept().prefetch_related(*(["faqs"] if has_faqs else []))
        for page in rows.iterator(chunk_size=_AT_ONCE):
            answers = faq_texts(page.faqs.all()) if has_faqs else {}
            texts = page.body_texts() | answers
            yield from _links(texts.values(), _title(page), page)


@register_address_finder
def links_of_profiles() -> _Found:
    """Yield the links of practitioners' profiles."""
    for person in Practitioner.objects.iterator(chunk_size=_AT_ONCE):
        yield from _links([person.profile], _title(person), person)


@register_address_finder
def links_of_sources() -> _Found:
    """Yield the address of each source."""
    for source in Source.objects.iterator(chunk_size=_AT_ONCE):
        if source.link:
            yield source.link, f"Source {source.key}", _change_page(source)


def _links(texts: Iterable[str], title: str, row: models.Model) -> _Found:
    for text in texts:
        for address in addresses_in(text):
            yield address, title, _change_page(row)


def _title(row: models.Model) -> str:
    kind = str(row._meta.verbose_name)
    return f"{kind[:1].upper()}{kind[1:]}: {row}"


def _change_page(row: models.Model) -> str:
    options = row._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])
