"""Keeps the index in step with the pages: at once after a change, and again should that fail.

A change writes, in its own transaction, that the page's entry is stale; the entry is made anew once
the change is committed. If that fails, or the process ends before, the page is saved all the same
and a job takes the entry up a minute later. So a broken index never costs a page.
"""

import logging
from collections import Counter
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from search.documents import Document, document_for, every_document, key_of
from search.index import store
from search.models import SearchEntry, SearchSynonym, SearchWord, StaleEntry
from search.words import STOP_WORDS, forms
from search.words import stem as stem_of

logger = logging.getLogger(__name__)

_ADD_WORDS = """
    INSERT INTO search_searchword (word, stem, entries, names) VALUES (%s, %s, %s, %s)
    ON CONFLICT (word) DO UPDATE SET
        entries = search_searchword.entries + excluded.entries,
        names = search_searchword.names + excluded.names
"""


def mark(key: str) -> None:
    """Note that a page has changed, and make its entry anew once the change is committed."""
    # Written even if it is there: whoever is about to make the entry anew then waits for this
    # change, instead of reading the page without it.
    StaleEntry.objects.update_or_create(key=key, defaults={"since": timezone.now()})
    transaction.on_commit(lambda: _refresh_or_tell(key), robust=True)


def mark_page(page: models.Model) -> None:
    """Note that a page has changed."""
    mark(key_of(page))


def _refresh_or_tell(key: str) -> None:
    try:
        refresh(key)
    except Exception:  # whatever it is: the page is saved, and the job comes back to its entry
        logger.exception("The search could not take in %s", key)


def refresh_stale(now: datetime) -> int:
    """Make the entries anew that changed and were not taken in. Returns how many.

    An index that holds nothing, on a site that was there before its search, is made as a whole.
    """
    if not SearchEntry.objects.exists():
        return rebuild()
    keys = list(StaleEntry.objects.filter(since__lte=now).values_list("key", flat=True))
    for key in keys:
        _refresh_or_tell(key)
    return len(keys)


@transaction.atomic
def refresh(key: str) -> None:
    """Make a stale entry from its page as it is now, or take it away."""
    was_stale, _ = StaleEntry.objects.filter(key=key).delete()
    if not was_stale:  # somebody else has just done it
        return
    document = document_for(key)
    entry = SearchEntry.objects.select_for_update().filter(key=key).first()
    if document is None:
        if entry is not None:
            _count_words(_counted(entry), Counter())
            store().remove(entry.pk)
            entry.delete()
        return
    _write(entry or SearchEntry(key=key), document, _our_words(key))


def _our_words(key: str) -> list[str]:
    return list(SearchSynonym.objects.filter(key=key).values_list("words", flat=True))


def _write(entry: SearchEntry, document: Document, ours: list[str]) -> None:
    before = _counted(entry)
    _fill(entry, document, ours)
    entry.save()
    _count_words(before, _counted(entry))
    store().put(entry.pk, _for_store(entry))


def _fill(entry: SearchEntry, document: Document, ours: list[str]) -> None:
    entry.kind, entry.address, entry.title = document.kind, document.address, document.title
    entry.names = [*document.names, *ours]
    entry.summary, entry.headings, entry.body = document.summary, document.headings, document.body
    entry.public_from, entry.public_until = document.public_from, document.public_until
    entry.words = " ".join(_distinct(entry))
    entry.stems = _stems(entry)


def _distinct(entry: SearchEntry) -> list[str]:
    texts = (entry.summary, entry.headings, entry.body)
    found = {word for text in texts for word, _ in forms(text)} - STOP_WORDS
    found |= {word for name in (entry.title, *entry.names) for word, _ in _telling(name)}
    return sorted(word for word in found if not word.isdigit())


def _stems(entry: SearchEntry) -> dict[str, Any]:
    return {
        "title": _named(entry.title),
        "names": [_named(name) for name in entry.names],
        "headings": [_told(line) for line in entry.headings.splitlines()],
        "summary": _told(entry.summary),
        "body": _told(entry.body),
    }


def _told(text: str) -> str:
    """Return the stems of the words that say something."""
    return " ".join(stem for word, stem in forms(text) if word not in STOP_WORDS)


def _named(name: str) -> str:
    return " ".join(stem for _, stem in _telling(name))


def _telling(name: str) -> list[tuple[str, str]]:
    """Return the words of a name that say something; of one like "about us", all."""
    words = forms(name)
    return [each for each in words if each[0] not in STOP_WORDS] or words


def _for_store(entry: SearchEntry) -> dict[str, str]:
    return {
        name: " ".join(value) if isinstance(value, list) else value
        for name, value in entry.stems.items()
    }


def _counted(entry: SearchEntry) -> Counter[tuple[str, bool]]:
    """Return the words of an entry: each once, and once more where it stands in a name."""
    named = {word for text in (entry.title, *entry.names) for word, _ in forms(text)}
    words = entry.words.split()
    return Counter(
        [(word, False) for word in words] + [(each, True) for each in words if each in named]
    )


def _count_words(before: Counter[tuple[str, bool]], after: Counter[tuple[str, bool]]) -> None:
    """Take the words of the entry as it was out of the count, and those it has now into it."""
    changed = set((before - after) + (after - before))
    # In one order, so that two processes never wait for each other's words.
    rows = [
        (
            word,
            stem_of(word),
            after[(word, False)] - before[(word, False)],
            after[(word, True)] - before[(word, True)],
        )
        for word in sorted({word for word, _ in changed})
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD_WORDS, rows)


@transaction.atomic
def rebuild() -> int:
    """Make the whole index anew and return how many pages it holds. Readers wait for nothing.

    Until it is done, they search in the index as it was.
    """
    # In the order in which `refresh` takes them, so that neither waits for the other for ever.
    StaleEntry.objects.all().delete()
    # Each page keeps its id, by which a search that is under way asks for it.
    ids = dict(SearchEntry.objects.values_list("key", "pk"))
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    target = store()
    target.clear()
    ours: dict[str, list[str]] = {}
    for key, words in SearchSynonym.objects.values_list("key", "words"):
        ours.setdefault(key, []).append(words)
    count: Counter[tuple[str, bool]] = Counter()
    number = 0
    for document in every_document():
        number += 1
        entry = SearchEntry(pk=ids.get(document.key), key=document.key)
        _fill(entry, document, ours.get(document.key, []))
        entry.save(force_insert=True)
        target.put(entry.pk, _for_store(entry))
        count.update(_counted(entry))
    SearchWord.objects.bulk_create(
        (
            SearchWord(word=word, stem=stem_of(word), entries=times, names=count[(word, True)])
            for (word, is_name), times in sorted(count.items())
            if not is_name
        ),
        batch_size=500,
    )
    return number
