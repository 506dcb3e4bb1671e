"""Pages with an address of their own: conditions, treatments, articles, information."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from articles.models import Article
from components.absolute import absolute
from conditions.models import Condition
from pages.models import InformationPage
from pages.structured_data import people
from pages.structured_data.breadcrumbs import Step, breadcrumb
from pages.structured_data.citations import citations
from pages.structured_data.clinic import SPECIALTY, clinic_in_short, clinic_link
from pages.structured_data.nodes import LANGUAGE, Node, known
from pages.structured_data.questions import questions
from treatments.models import Treatment

Values = Mapping[str, Any]


def condition_page(values: Values) -> list[Node]:
    """Return a condition's page, which is about the condition."""
    page: Condition = values["page"]
    about = subject("MedicalCondition", page, names_on(page, values))
    return _page(
        values, "MedicalWebPage", [("Conditions", reverse("conditions:list"))], about=about
    )


def treatment_page(values: Values) -> list[Node]:
    """Return a treatment's page, which is about the treatment."""
    page: Treatment = values["page"]
    about = subject("MedicalTherapy", page, names_on(page, values))
    return _page(
        values, "MedicalWebPage", [("Treatments", reverse("treatments:list"))], about=about
    )


def article_page(values: Values) -> list[Node]:
    """Return an article, about the conditions and treatments that it names at its foot.

    It is an `Article` for what was written and a `MedicalWebPage` for who reviewed it: the
    vocabulary knows reviews of web pages only, and both are the same text at the same address.
    """
    page: Article = values["page"]
    image = page.lead_image
    steps = [
        ("Articles", reverse("articles:list")),
        (page.category.name, page.category.get_absolute_url()),
    ]
    about = [
        *(subject("MedicalCondition", each) for each in values["conditions"]),
        *(subject("MedicalTherapy", each) for each in values["treatments"]),
    ]
    return _page(
        values,
        ["MedicalWebPage", "Article"],
        steps,
        headline=page.title,
        about=about,
        image=absolute(image.fallback("full").address) if image else None,
    )


def information_page(values: Values) -> list[Node]:
    """Return an information page. Nothing medical is said of one on fees, parking or privacy."""
    page: InformationPage = values["page"]
    return _page(values, "MedicalWebPage" if page.is_about_health else "WebPage", [])


def subject(kind: str, page: Condition | Treatment, other_names: Iterable[str] = ()) -> Node:
    """Return what a page is about, named the same wherever on the site it is spoken of."""
    address = absolute(page.get_absolute_url())
    node = {"@type": kind, "@id": f"{address}#subject", "name": page.name, "url": address}
    return node | known({"alternateName": list(other_names)})


def names_on(page: Condition | Treatment, values: Values) -> list[str]:
    """Return those of the other names that the page itself says. The A to Z says them all."""
    text = " ".join([page.summary, *values["document"].parts.values()]).casefold()
    return [name for name in page.also_known_as if name.casefold() in text]


def _page(values: Values, kind: str | list[str], steps: list[Step], **own: Any) -> list[Node]:
    page = values["page"]
    if not page.is_published:
        return []
    address = absolute(page.get_absolute_url())
    node: Node = {"@type": kind, "@id": address, "url": address, "name": page.title}
    if kind != "WebPage":
        audience = {"@type": "MedicalAudience", "audienceType": "Patient"}
        node |= {"audience": audience, "specialty": SPECIALTY}
    node |= own | {
        "inLanguage": LANGUAGE,
        **_dates(page),
        "author": people.author(page),
        "reviewedBy": people.reviewer(page),
        "publisher": clinic_link(),
        "breadcrumb": breadcrumb(*steps, current=page.title),
        "citation": citations(values["references"], values["sign_sources"]),
    }
    return [
        known(node),
        *questions(address, values["faqs"]),
        clinic_in_short(values["clinic"]),
    ]


def _dates(page: Any) -> dict[str, str | None]:
    """Return the days that the page shows. One without an author or review shows the last only."""
    says_both = page.reviewed_on or page.author or not isinstance(page, InformationPage)
    published = page.published_on if says_both or not page.updated_on else None
    return {
        "datePublished": _day(published),
        "dateModified": _day(page.updated_on),
        "lastReviewed": _day(page.reviewed_on),
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
