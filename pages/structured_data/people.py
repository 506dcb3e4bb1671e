"""The people of the clinic: as authors and reviewers of pages, and on pages of their own.

`Physician` is for doctors alone, which here means an entry in the register of the General Medical
Council. The vocabulary takes it for an organisation, which has neither a job title nor an employer.
So a doctor is a `Person` like everybody else and a `Physician` as well: what is said of everybody
stays valid, and a page that does not know somebody's registration never contradicts one that does.
"""

from collections.abc import Iterable
from typing import Any

from components.absolute import absolute
from pages.structured_data.clinic import clinic_link
from pages.structured_data.nodes import Node, known
from practitioners.credentials import registration_from
from practitioners.models import Practitioner, Registration
from practitioners.registers import Regulator


def person(practitioner: Practitioner, registrations: Iterable[Registration] = ()) -> Node:
    """Return a person with name, title and the registrations that the page shows."""
    shown = list(registrations)
    is_doctor = any(each.body == Regulator.GMC for each in shown)
    node: Node = {"@type": ["Person", "Physician"] if is_doctor else "Person"}
    if practitioner.is_published:
        address = absolute(practitioner.get_absolute_url())
        node |= {"@id": f"{address}#person", "url": address}
    return node | known(
        {
            "name": practitioner.name,
            "jobTitle": practitioner.professional_title,
            "identifier": [_entry(each) for each in shown],
        }
    )


def _entry(registration: Registration) -> Node:
    return {
        "@type": "PropertyValue",
        "propertyID": registration.body.upper(),
        "value": registration.number,
    }


def author(page: Any) -> Node | None:
    """Return who wrote a page, if it says so."""
    return person(page.author) if page.author else None


def reviewer(page: Any) -> Node | None:
    """Return who reviewed a page: one of the clinic's own, or somebody from outside it."""
    if not page.reviewed_on:
        return None
    if page.reviewed_by:
        entry = registration_from(getattr(page, "reviewer_registration", None))
        return person(page.reviewed_by, [entry] if entry else [])
    if not page.outside_reviewer:
        return None
    # Kept as "Jo Bloggs (HCPC PH123456)", see `publishing.projection`.
    name, _, registration = page.outside_reviewer.removesuffix(")").partition(" (")
    return known({"@type": "Person", "name": name, "identifier": registration})


def profile(practitioner: Practitioner, *, has_left: bool) -> Node:
    """Return what somebody's own page says. Whoever has left no longer works for the clinic."""
    node = person(practitioner, practitioner.registrations.all())
    photo = practitioner.photo
    node |= known(
        {
            "description": practitioner.summary,
            "disambiguatingDescription": practitioner.title_note,
            "image": absolute(photo.fallback("portrait").address) if photo else None,
        }
    )
    if has_left:
        return node
    languages = [each.name for each in practitioner.languages.all()]
    return node | known({"knowsLanguage": languages}) | {"worksFor": clinic_link()}
