"""Loads the words by which people look for a page, beside its title and its other names."""

from collections import Counter
from pathlib import Path

from django.urls import Resolver404, resolve

from pages.content.files import ContentError, read_list
from pages.content.rows import errors_named, save_checked
from practitioners.models import Practitioner
from publishing.addresses import page_at
from search.documents import key_of, place_documents
from search.models import SearchSynonym


def load_search_words(path: Path) -> Counter[str]:
    """Keep the words of every page that has none yet; return how many were added.

    Raises ContentError where no page stands at an address.
    """
    added: Counter[str] = Counter()
    with errors_named(path):
        for row in read_list(path):
            key = _key_at(row["page"])
            if SearchSynonym.objects.filter(key=key).exists():
                continue
            for words in row["words"]:
                save_checked(SearchSynonym(words=words, key=key))
                added["search words of ours"] += 1
    return added


def _key_at(address: str) -> str:
    """Return the key by which the search knows what stands at an address."""
    place = next((each for each in place_documents() if each.address == address), None)
    if place is not None:
        return place.key
    page = page_at(address) or _person_at(address)
    if page is None:
        raise ContentError(f"there is no page at {address}")
    return key_of(page)


def _person_at(address: str) -> Practitioner | None:
    try:
        match = resolve(address)
    except Resolver404:
        return None
    if match.view_name != "practitioners:detail":
        return None
    return Practitioner.objects.filter(slug=match.kwargs["slug"]).first()
