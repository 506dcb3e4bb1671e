"""Loads the words by which people look for a page, beside its title and its other names."""

from collections import Counter
from pathlib import Path

from pages.content.files import ContentError, read_list
from pages.content.rows import errors_named, save_checked
from publishing.addresses import page_at
from search.documents import key_of
from search.models import SearchSynonym


def load_search_words(path: Path) -> Counter[str]:
    """Keep the words of every page that has none yet; return how many were added.

    Raises ContentError where no page stands at an address.
    """
    added: Counter[str] = Counter()
    with errors_named(path):
        for row in read_list(path):
            page = page_at(row["page"])
            if page is None:
                raise ContentError(f"there is no page at {row['page']}")
            if SearchSynonym.objects.filter(key=key_of(page)).exists():
                continue
            for words in row["words"]:
                save_checked(SearchSynonym(words=words, key=key_of(page)))
                added["search words of ours"] += 1
    return added
