"""The words of the site's pages, from the database, as a query asks for them."""

from collections.abc import Mapping, Sequence

from django.db.models import Max, Sum

from search.models import SearchEntry, SearchWord
from search.spelling import Speller
from search.words import STOP_WORDS


class SiteLexicon:
    """One search's view of the site's words. Only a word that no page has costs a longer look."""

    def __init__(self) -> None:
        self._size: int | None = None
        self._own_speller: Speller | None = None

    def entries_with(self, stems: Sequence[str]) -> Mapping[str, int]:
        """Return on how many pages each of the stems stands."""
        words = SearchWord.objects.filter(stem__in=stems, entries__gt=0)
        return dict(words.values_list("stem").annotate(Sum("entries")))

    def size(self) -> int:
        """Return how many pages the index holds."""
        if self._size is None:
            self._size = SearchEntry.objects.count()
        return self._size

    def correct(self, word: str) -> str:
        """Return the word of the site that was most likely meant, or nothing."""
        return self._speller().correct(word)

    def split(self, word: str) -> tuple[str, str] | None:
        """Return two words of the site that were written as one, or nothing."""
        return self._speller().split(word)

    def _speller(self) -> Speller:
        if self._own_speller is None:
            self._own_speller = current_speller()
        return self._own_speller


class _Kept:
    """The speller of the words as they were last read, and how the words stood then."""

    stamp: tuple[object, ...] = ()
    speller = Speller({}, ())


def current_speller() -> Speller:
    """Return a speller of the site's words now. Read anew once a page has changed them."""
    stamp = tuple(
        SearchWord.objects.aggregate(
            last=Max("pk"), all=Sum("entries"), named=Sum("names")
        ).values()
    )
    if stamp != _Kept.stamp:
        rows = list(
            SearchWord.objects.filter(entries__gt=0)
            .exclude(word__in=STOP_WORDS)  # nobody means one so much that it would be guessed
            .values_list("word", "entries", "names")
        )
        _Kept.speller = Speller(
            {word: entries for word, entries, _ in rows},
            {word for word, _, names in rows if names},
        )
        _Kept.stamp = stamp
    return _Kept.speller
