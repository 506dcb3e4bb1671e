"""What the search is told of information pages, and of pages that no model stands for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.urls import reverse

from clinic.models import Clinic
from evidence.models import GlossaryTerm
from pages.models import InformationPage
from search.documents import Document, register, register_places
from search.models import SearchEntry
from search.pages import page_document
from search.upkeep import mark
from suitability.models import Caution

# They are part of the software, so they have always been public.
_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)


def register_documents() -> None:
    """Have the pages of this app searched."""
    register(InformationPage, lambda page: page_document(page, SearchEntry.Kind.INFORMATION))
    register_places(places)
    for model in (Clinic, Caution, GlossaryTerm):
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"search {model.__name__}")


def _changed(**kwargs: Any) -> None:
    """Note that what the places tell may have changed: the clinic's details, or the cautions."""
    for place in places():
        mark(place.key)


def places() -> Iterator[Document]:
    """Yield the pages that no model stands for, with the words by which people look for them."""
    clinic = Clinic.current()
    cautions = list(Caution.objects.shown())
    yield _place(
        "enquiries:contact",
        "Contact us",
        summary="Telephone, email, address and opening hours, and a form to send an enquiry.",
        names=(
            "book an appointment", "make an appointment", "opening hours", "opening times",
            "telephone number", "phone number", "email address", "where are you based", "find us",
            "parking", "directions", "postcode", "sat nav", "bus", "train", "public transport",
            "how do i get there", "enquiry form", "send a message", "bank holidays",
        ),
        body="\n".join([clinic.directions, clinic.parking, *clinic.address_lines, clinic.postcode]),
    )  # fmt: skip
    yield _place(
        "practitioners:list",
        "Our people",
        summary="Who works here, what they are trained in, and on which days they are in.",
        names=("staff", "team", "practitioners", "who works here", "clinicians", "therapists"),
    )
    yield _place(
        "conditions:list",
        "Conditions",
        summary="All conditions from A to Z, and by part of the body.",
        names=("a to z", "body map", "what we treat", "list of conditions"),
    )
    yield _place(
        "treatments:list",
        "Treatments",
        summary="The treatments that you can ask us about.",
        names=("what we offer", "services", "therapies", "list of treatments"),
    )
    yield _place(
        "suitability:questions",
        "Is needling suitable for me?",
        summary="Questions to answer for yourself before you think of acupuncture or dry needling.",
        names=("can i have acupuncture", "is needling right for me", "who should not be needled"),
        headings="\n".join(caution.question for caution in cautions),
        body="\n".join(caution.hint for caution in cautions),
    )
    terms = list(GlossaryTerm.objects.shown())
    yield _place(
        "pages:glossary",
        "Glossary",
        summary="Words that we use and that not everybody knows, each explained in plain words.",
        names=("medical words", "medical terms", "jargon", "what words mean", "definitions"),
        body="\n".join(f"{' '.join(term.forms)}: {term.definition}" for term in terms),
    )
    yield _place(
        "pages:evidence",
        "What the evidence says",
        summary="Every claim on this site with its source and the day on which it was checked.",
        names=("evidence", "research", "guidelines"),
    )


def _place(
    name: str,
    title: str,
    *,
    summary: str,
    names: tuple[str, ...] = (),
    headings: str = "",
    body: str = "",
) -> Document:
    return Document(
        key=name,
        kind=SearchEntry.Kind.INFORMATION,
        address=reverse(name),
        title=title,
        public_from=_ALWAYS,
        names=names,
        summary=summary,
        headings=headings,
        body=body,
    )
