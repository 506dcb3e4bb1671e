"""Hands every page's words, drafts included, to the wording check.

Warning signs stay out: they say when to get help, and name conditions without any claim.
"""

from collections.abc import Iterable, Iterator

from articles.models import Article
from conditions.models import Condition
from evidence.wording import check_text
from evidence.wording_sources import SourceText, register
from pages.models import InformationPage
from practitioners.models import Practitioner
from publishing.checks import Finding, register_check
from publishing.models import FAQ, Page
from treatments.models import Treatment

# A treatment's page is about that therapy; its address or name says which.
_THERAPIES = (
    ("needling", "dry_needling"),
    ("acupuncture", "acupuncture"),
    ("physiotherapy", "physiotherapy"),
    ("osteopath", "osteopathy"),
    ("chiropract", "chiropractic"),
    ("massage", "massage"),
)


def therapy_of(treatment: Treatment) -> str | None:
    """Return the rules' name for the therapy that a treatment's page is about."""
    words = f"{treatment.slug} {treatment.name}".lower()
    return next((therapy for part, therapy in _THERAPIES if part in words), None)


@register
def pages() -> Iterator[SourceText]:
    """Yield the texts of conditions, treatments and information pages."""
    for condition in Condition.objects.prefetch_related("faqs"):
        yield from _page(condition, condition.faqs.all())
    for treatment in Treatment.objects.prefetch_related("faqs"):
        yield from _page(treatment, treatment.faqs.all(), therapy_of(treatment))
    for page in InformationPage.objects.all():
        yield from _page(page, ())


@register
def articles() -> Iterator[SourceText]:
    """Yield the texts of articles, with those of their pictures."""
    for article in Article.objects.prefetch_related("faqs"):
        yield from _page(article, article.faqs.all())
        for field in ("lead_image_alt", "lead_image_caption"):
            if text := getattr(article, field):
                yield SourceText(f"article/{article.slug}:{field}", text, None)


@register
def practitioners() -> Iterator[SourceText]:
    """Yield the texts of practitioners' profiles."""
    for person in Practitioner.objects.all():
        for field in ("professional_title", "title_note", "summary", "profile"):
            if text := getattr(person, field):
                yield SourceText(f"practitioner/{person.slug}:{field}", text, None)


@register_check
def wording_of(page: Page) -> Iterator[Finding]:
    """Yield what the wording check finds on one page, for the person who saves it."""
    therapy = therapy_of(page) if isinstance(page, Treatment) else None
    faqs = page.faqs.all() if hasattr(page, "faqs") else ()
    for source in _page(page, faqs, therapy):
        place = source.name.partition(":")[2].replace("_", " ").capitalize()
        for finding in check_text(source.text, therapy=source.therapy):
            yield Finding(
                place=f"{place}, line {finding.line}",
                words=finding.text,
                reason=finding.message,
                suggestion=finding.suggestion,
                is_error=finding.severity == "error",
            )


def _page(page: Page, faqs: Iterable[FAQ], therapy: str | None = None) -> Iterator[SourceText]:
    name = f"{page._meta.model_name}/{page.slug}"
    own = {"title": str(page), "summary": page.summary, "meta_description": page.meta_description}
    for field, text in (own | page.body_texts()).items():
        if text:
            yield SourceText(f"{name}:{field}", text, therapy)
    for number, faq in enumerate(faqs, 1):
        yield SourceText(f"{name}:faq{number}", f"## {faq.question}\n\n{faq.answer}", therapy)
