"""What staff do about a search term: lead it to the page that is looked for, or leave it."""

from django.db import models, transaction

from search.models import SearchEntry, SearchSynonym, SearchTerm


@transaction.atomic
def lead(term: SearchTerm, key: str) -> SearchEntry | None:
    """Have a term find the page with the key; return the page, or nothing if there is none."""
    entry: SearchEntry | None = SearchEntry.objects.filter(key=key).first()
    if entry is None:
        return None
    words = term.words[: SearchSynonym._meta.get_field("words").max_length]
    SearchSynonym.objects.get_or_create(words=words, key=key)
    SearchTerm.objects.filter(pk=term.pk).update(results=1, is_dismissed=False)
    return entry


def dismiss(term: SearchTerm) -> None:
    """Note that a term needs no page of ours."""
    SearchTerm.objects.filter(pk=term.pk).update(is_dismissed=True)


def title_of_page() -> models.Subquery:
    """Return what adds to a synonym the title of its page; none if readers cannot find it."""
    entries = SearchEntry.objects.filter(key=models.OuterRef("key"))
    return models.Subquery(entries.values("title")[:1])
