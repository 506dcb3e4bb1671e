"""Loads practitioners, with registrations, memberships, languages and working days."""

from datetime import time

from django.utils import timezone

from conditions.models import Condition
from pages.content.files import ContentFile
from pages.content.pictures import Pictures
from pages.content.rows import errors_named, find_all, given, plain_fields, save_checked
from pages.content.times import publication_time, weekday
from practitioners.models import Language, Membership, Practitioner, Registration, WorkingDay
from treatments.models import Treatment

# What a file gives in another way than under the field's own name.
OTHERWISE = frozenset({"slug", "profile", "published_at"})


def load_person(file: ContentFile, pictures: Pictures) -> None:
    """Load one person. What they treat is joined later, by `join_person`."""
    meta = file.meta
    says_when = "published_at" in meta or meta.get("published_on")
    photo = meta.get("photo")
    person = save_checked(
        Practitioner(
            slug=file.slug,
            profile=pictures.placed(file.body),
            photo=pictures.get(photo) if photo else None,
            published_at=publication_time(meta) if says_when else timezone.now(),
            **given(meta, *(name for name in plain_fields(Practitioner) if name not in OTHERWISE)),
        )
    )
    for row in meta.get("registrations", []):
        save_checked(Registration(practitioner=person, **row | {"number": str(row["number"])}))
    for row in meta.get("memberships", []):
        save_checked(Membership(practitioner=person, **row))
    for row in meta.get("working_days", []):
        day = WorkingDay(
            practitioner=person,
            weekday=weekday(row["day"]),
            starts=time.fromisoformat(row["starts"]) if "starts" in row else None,
            ends=time.fromisoformat(row["ends"]) if "ends" in row else None,
        )
        save_checked(day)
    person.languages.set(
        Language.objects.get_or_create(name=name)[0] for name in meta.get("languages", [])
    )


def join_person(file: ContentFile) -> None:
    """Say what a person treats, once pages are there. Raises ContentError where one is missing."""
    person = Practitioner.objects.get(slug=file.slug)
    with errors_named(file.path):
        person.treatments.set(find_all(Treatment, file.meta.get("treatments", [])))
        person.conditions.set(find_all(Condition, file.meta.get("conditions", [])))
