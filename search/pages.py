"""What the search is told of the pages below this app: conditions, treatments, articles, people."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from articles.models import Article
from conditions.models import Condition
from practitioners.models import Practitioner
from publishing.models import Page
from publishing.page_checks.text_of import PROSE, Kind, blocks
from search.documents import Document, Maker, key_of, register
from search.models import SearchEntry
from treatments.models import Treatment

_READ = PROSE | {Kind.ROW, Kind.TITLE}


def register_pages() -> None:
    """Have the pages below this app searched."""
    register(Condition, _maker(SearchEntry.Kind.CONDITION), "faqs", "body_regions")
    register(Treatment, _maker(SearchEntry.Kind.TREATMENT), "faqs")
    register(Article, _maker(SearchEntry.Kind.ARTICLE), "faqs")
    register(
        Practitioner, practitioner_document,
        "registrations", "memberships", "treatments", "conditions", "languages",
    )  # fmt: skip


def _maker(kind: SearchEntry.Kind) -> Maker:
    return lambda page: page_document(page, kind)


def page_document(page: Any, kind: SearchEntry.Kind) -> Document | None:
    """Return what the index is told of a page with Markdown parts; nothing for a draft."""
    if page.published_at is None or page.deleted_at is not None:
        return None
    faqs = list(page.faqs.all()) if hasattr(page, "faqs") else []
    regions = (
        [str(each) for each in page.body_regions.all()] if hasattr(page, "body_regions") else []
    )
    texts = [*page.body_texts().values(), *(faq.answer for faq in faqs)]
    return Document(
        key=key_of(page),
        kind=kind,
        address=page.get_absolute_url(),
        title=page.title,
        public_from=page.published_at,
        public_until=_until(page),
        names=tuple(getattr(page, "also_known_as", ())),
        summary=page.summary,
        headings="\n".join(
            [*_text(texts, {Kind.HEADING}), *(faq.question for faq in faqs), *regions]
        ),
        body="\n".join(_text(texts, _READ)),
    )


def _until(page: Page) -> datetime | None:
    """Return until when a page is public; one that came back after a withdrawal stays."""
    gone = page.withdrawn_at
    if gone is None or page.published_at is None or gone < page.published_at:
        return None
    return gone


def practitioner_document(person: Practitioner) -> Document | None:
    """Return what the index is told of somebody who works here; their page outlives their stay."""
    if person.published_at is None:
        return None
    registrations = [entry.get_body_display() for entry in person.registrations.all()]
    memberships = [entry.get_body_display() for entry in person.memberships.all()]
    named = [str(each) for each in (*person.treatments.all(), *person.conditions.all())]
    languages = [language.name for language in person.languages.all()]
    return Document(
        key=key_of(person),
        kind=SearchEntry.Kind.PRACTITIONER,
        address=person.get_absolute_url(),
        title=person.name,
        public_from=person.published_at,
        public_until=_midnight(person.leaves_on),
        # People are looked for by one of their names as well.
        names=(person.professional_title, *person.name.split()),
        summary=person.summary,
        body="\n".join(
            [*_text([person.profile], _READ), *named, *languages, *registrations, *memberships]
        ),
    )


def _midnight(day: Any) -> datetime | None:
    """Return the first moment of a day at the clinic."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _text(texts: Iterable[str], kinds: set[Kind]) -> list[str]:
    return [
        " ".join(block.text.split())
        for text in texts
        for block in blocks(text)
        if block.kind in kinds
    ]
