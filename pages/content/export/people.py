"""Writes the clinic's details and the people who work there."""

from typing import Any

from clinic.models import Clinic, Weekday
from pages.content import clinic_file, people
from pages.content.export.pictures import PictureNames
from pages.content.export.writing import Folder, plain, told, without_empty
from pages.content.rows import plain_fields
from practitioners.models import Practitioner


def write_clinic(folder: Folder, pictures: PictureNames) -> int:
    """Write the clinic's row, hours and closures; return how many: one clinic, or none."""
    clinic = Clinic.objects.select_related("logo").filter(pk=Clinic.SINGLE_KEY).first()
    if clinic is None:
        return 0
    names = [name for name in plain_fields(Clinic) if name not in clinic_file.OTHERWISE]
    hours = [
        {"day": _day(row.weekday), "opens": plain(row.opens), "closes": plain(row.closes)}
        for row in clinic.opening_hours.order_by("weekday", "opens")
    ]
    closures = sorted(clinic.closures.all(), key=lambda row: (row.starts_on, row.ends_on, row.name))
    meta = told(clinic, names) | without_empty(
        {
            "logo": pictures.of(clinic.logo),
            "address_lines": clinic.address.splitlines(),
            "opening_hours": hours,
            "closures": [_closure(row) for row in closures],
        }
    )
    folder.write_text("clinic.md", meta, clinic.disclaimer)
    return 1


def _day(number: int) -> str:
    return Weekday(number).name.lower()


def _closure(row: Any) -> dict[str, Any]:
    until = {} if row.ends_on == row.starts_on else {"until": row.ends_on}
    holiday = {"bank_holiday": True} if row.is_bank_holiday else {}
    return {"date": row.starts_on} | until | {"name": plain(row.name)} | holiday


def write_people(folder: Folder, pictures: PictureNames) -> int:
    """Write everybody who works or worked at the clinic; return how many they are."""
    found = Practitioner.objects.select_related("photo").prefetch_related(
        "registrations", "memberships", "languages", "working_days", "treatments", "conditions"
    )
    for person in found:
        folder.write_text(
            f"practitioners/{person.slug}.md",
            _person(person, pictures),
            pictures.in_text(person.profile),
        )
    return len(found)


def _person(person: Any, pictures: PictureNames) -> dict[str, Any]:
    names = [name for name in plain_fields(Practitioner) if name not in people.OTHERWISE]
    registrations = [
        told(row, ["body", "number", "checked_on"]) for row in person.registrations.all()
    ]
    memberships = [told(row, ["body", "grade", "number"]) for row in person.memberships.all()]
    days = [
        {"day": _day(row.weekday)}
        | without_empty({"starts": plain(row.starts), "ends": plain(row.ends)})
        for row in person.working_days.all()
    ]
    return (
        told(person, names)
        | {"published_at": plain(person.published_at)}
        | without_empty(
            {
                "photo": pictures.of(person.photo),
                "registrations": registrations,
                "memberships": sorted(memberships, key=str),
                "languages": sorted(row.name for row in person.languages.all()),
                "working_days": days,
                "treatments": kept_slugs(person.treatments.all()),
                "conditions": kept_slugs(person.conditions.all()),
            }
        )
    )


def kept_slugs(rows: Any) -> list[str]:
    """Return the addresses of rows, without those of pages that are in the bin."""
    return sorted(row.slug for row in rows if getattr(row, "deleted_at", None) is None)
