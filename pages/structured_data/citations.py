"""The sources that a page names, as works that it cites."""

from collections.abc import Iterable

from evidence.models import Source
from pages.structured_data.nodes import Node, known

# A guideline stays a `CreativeWork`: `MedicalGuideline` is advice itself, not the publication, and
# the vocabulary does not take it for something that can be cited.
_ARTICLES = {
    Source.Kind.SYSTEMATIC_REVIEW,
    Source.Kind.RANDOMISED_TRIAL,
    Source.Kind.SURVEY,
}


def citations(*lists: Iterable[Source]) -> list[Node]:
    """Return the sources of a page's reference lists, each once, in the order of reading."""
    sources = {source.pk: source for each in lists for source in each}
    return [_citation(source) for source in sources.values()]


def _citation(source: Source) -> Node:
    return known(
        {
            "@type": "ScholarlyArticle" if source.kind in _ARTICLES else "CreativeWork",
            "name": source.title,
            "url": source.link,
            "datePublished": str(source.year or ""),
            "identifier": source.identifier,
            "creativeWorkStatus": "" if source.is_current else source.get_status_display(),
        }
    )
