"""The clinic: who it is and how to reach it, and on two pages when and where."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import time

from clinic.models import Clinic, Closure, Weekday
from components.absolute import absolute
from pages.structured_data.nodes import Node, known, member

SPECIALTY = member("Musculoskeletal")


def clinic_link() -> Node:
    """Return the reference by which other nodes name the clinic."""
    return {"@id": absolute("/#clinic")}


def clinic_in_short(clinic: Clinic) -> Node:
    """Return who stands behind a page and how to call them: enough to name a publisher.

    Hours, closures and place stand on the home and contact pages alone. They are asked of those
    pages, the node is the same one by its `@id`, and half a kilobyte on every page is saved.
    """
    return known(
        {
            "@type": "MedicalClinic",
            **clinic_link(),
            "name": clinic.name,
            "url": absolute("/"),
            "telephone": clinic.telephone,
        }
    )


def clinic_in_full(clinic: Clinic, closures: Iterable[Closure]) -> Node:
    """Return everything that the home and contact pages say about the clinic.

    `closures` are those that the page names, which is those of the coming weeks.
    """
    return clinic_in_short(clinic) | known(
        {
            "email": clinic.email,
            "address": _address(clinic),
            "geo": _position(clinic),
            "logo": absolute(clinic.logo.fallback("full").address) if clinic.logo else None,
            "medicalSpecialty": SPECIALTY,
            "openingHoursSpecification": _hours(clinic),
            "specialOpeningHoursSpecification": [_closed(closure) for closure in closures],
        }
    )


def _address(clinic: Clinic) -> Node | None:
    lines = clinic.address_lines
    if not lines:
        return None
    # Royal Mail's order: the post town stands last, and counties are no longer written.
    street, town = (lines[:-1], lines[-1]) if len(lines) > 1 else (lines, "")
    return known(
        {
            "@type": "PostalAddress",
            "streetAddress": ", ".join(street),
            "addressLocality": town,
            "postalCode": clinic.postcode,
        }
    )


def _position(clinic: Clinic) -> Node | None:
    if clinic.latitude is None or clinic.longitude is None:
        return None
    return {
        "@type": "GeoCoordinates",
        "latitude": float(clinic.latitude),
        "longitude": float(clinic.longitude),
    }


def _hours(clinic: Clinic) -> list[Node]:
    """Return a node for each stretch of opening, with all the days that have it."""
    days: dict[tuple[time, time], list[str]] = defaultdict(list)
    weekly = clinic.calendar().weekly
    for day in Weekday:
        for stretch in weekly.get(day, ()):
            days[stretch].append(member(day.label))
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": names,
            "opens": f"{opens:%H:%M}",
            "closes": f"{closes:%H:%M}",
        }
        for (opens, closes), names in days.items()
    ]


def _closed(closure: Closure) -> Node:
    # Opening and closing at midnight is how search engines are told of a day without opening.
    return {
        "@type": "OpeningHoursSpecification",
        "name": closure.name,
        "opens": "00:00",
        "closes": "00:00",
        "validFrom": closure.starts_on.isoformat(),
        "validThrough": closure.ends_on.isoformat(),
    }
