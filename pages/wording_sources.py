"""Hands every page's words, drafts included, to the wording check.

Warning signs stay out: they say when to get help, and name conditions without any claim.
"""

from collections.abc import Iterable, Iterator

from articles.models import Article
from conditions.models import Condition
from evidence.wording_check import page_findings
from evidence.wording_sources import FieldText, SourceText, register, register_reader
from pages.models import InformationPage
from practitioners.models import Practitioner
from publishing.checks import Candidate, Finding, register_check
from publishing.models import FAQ, ImagePlacement, Page
from publishing.snapshots import Draft
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
    for condition in Condition.objects.kept().prefetch_related("faqs"):
        yield from _page(condition, condition.faqs.all())
    for treatment in Treatment.objects.kept().prefetch_related("faqs"):
        yield from _page(treatment, treatment.faqs.all(), therapy_of(treatment))
    for page in InformationPage.objects.kept():
        yield from _page(page, ())


@register
def articles() -> Iterator[SourceText]:
    """Yield the texts of articles, with those of their pictures."""
    for article in Article.objects.kept().prefetch_related("faqs"):
        yield from _page(article, article.faqs.all())
        for field in ("lead_image_alt", "lead_image_caption"):
            if text := getattr(article, field):
                yield SourceText(f"article/{article.slug}:{field}", text, None, article)


@register
def practitioners() -> Iterator[SourceText]:
    """Yield the texts of practitioners' profiles."""
    for person in Practitioner.objects.all():
        for field in ("professional_title", "title_note", "summary", "profile"):
            if text := getattr(person, field):
                yield SourceText(f"practitioner/{person.slug}:{field}", text, None, person)


@register_reader
def texts_of_draft(draft: Draft) -> Iterator[FieldText]:
    """Yield the texts of a page as a version has it."""
    page = draft.page
    therapy = therapy_of(page) if isinstance(page, Treatment) else None
    texts = page.body_texts()
    for field, text in (_fields(draft) | texts).items():
        yield FieldText(field, text or "", therapy, has_lines=field in texts)
    for number, faq in enumerate(draft.faqs, start=1):
        # A question is judged with its answer, as readers meet them; lines count in the answer.
        head = _head(faq)
        yield FieldText(f"faq-{number}", head + faq.answer, therapy, before=head.count("\n"))


@register_check
def wording_of(candidate: Candidate) -> Iterator[Finding]:
    """Yield what the wording check finds on a page as a version has it."""
    yield from page_findings(candidate)


def _fields(draft: Draft) -> dict[str, str]:
    """Return a draft's lines by field of its form."""
    page = draft.page
    name = "title" if any(each.name == "title" for each in page._meta.fields) else "name"
    own = {
        name: str(page),
        "summary": page.summary,
        "meta_description": page.meta_description,
    }
    if isinstance(page, ImagePlacement) and page.lead_image_id:
        own |= {each: getattr(page, each) for each in ("lead_image_alt", "lead_image_caption")}
    return own


def _head(faq: FAQ) -> str:
    return f"## {faq.question}\n\n"


def _page(page: Page, faqs: Iterable[FAQ], therapy: str | None = None) -> Iterator[SourceText]:
    name = f"{page._meta.model_name}/{page.slug}"
    own = {"title": str(page), "summary": page.summary, "meta_description": page.meta_description}
    for field, text in (own | page.body_texts()).items():
        if text:
            yield SourceText(f"{name}:{field}", text, therapy, page)
    for number, faq in enumerate(faqs, 1):
        head = _head(faq)
        yield SourceText(f"{name}:faq{number}", head + faq.answer, therapy, page, head.count("\n"))
