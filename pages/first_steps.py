"""What has to be done before a new site is a clinic's own, each step done or not from real state.

A manager who has just installed it is led from step to step on the desk; once all are done, the
list is gone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from accounts.factors import is_enrolled
from clinic.models import Clinic, OpeningHours
from enquiries import canary
from operations.backups.standing import standing
from practitioners.models import Practitioner
from publishing.models import Publication


@dataclass(frozen=True)
class Step:
    """Something to be done once: what, why or how, where, and whether it is."""

    title: str
    words: str
    is_done: bool
    address: str = ""  # in the admin; nothing where it is done on the server


def first_steps(user: User) -> list[Step]:
    """Return every step, in the order in which to take them; none once all are done."""
    steps = list(_steps(user))
    return [] if all(step.is_done for step in steps) else steps


def _steps(user: User) -> Iterator[Step]:
    clinic = Clinic.objects.filter(pk=Clinic.SINGLE_KEY).first()
    details = reverse("admin:clinic_clinic_changelist")
    yield Step(
        "Clinic details",
        "Name, telephone, email and address stand on every page. Take the mark of a demonstration"
        " site away.",
        clinic is not None and bool(clinic.telephone) and not clinic.is_demonstration,
        details,
    )
    yield Step(
        "Opening hours",
        "“Open now”, and the time by which you promise a reply, are worked out from them.",
        OpeningHours.objects.exists(),
        details,
    )
    yield Step(
        "People",
        "Who works here, with their registration. Readers see who wrote and who checked a page.",
        Practitioner.objects.published().exists(),
        reverse("admin:practitioners_practitioner_changelist"),
    )
    yield Step(
        "A first page",
        "Write a condition or an article, have it reviewed, and publish it.",
        _has_published_by_hand(),
        reverse("admin:conditions_condition_changelist"),
    )
    yield Step(
        "Mail",
        "Whoever runs the server names the mail server (EMAIL_HOST). Until then mail is written to"
        " files, and nobody is told of an enquiry.",
        bool(settings.EMAIL_HOST),
    )
    yield Step(
        "A test enquiry",
        "Whoever runs the server has “manage.py try_enquiry_form” run daily. It goes all the way of"
        " an enquiry and says how far it came.",
        canary.standing().succeeded_at is not None,
        reverse("admin:enquiries_canaryrun_changelist"),
    )
    yield Step(
        "Your second step",
        "With a code or a passkey a stolen password opens nothing.",
        is_enrolled(user),
        reverse("accounts:own"),
    )
    yield Step(
        "Backups",
        "Whoever runs the server sets a key (BACKUP_KEY_FILE); then one is made every day.",
        standing().last_good is not None,
        reverse("admin:operations_backuprun_changelist"),
    )


def _has_published_by_hand() -> bool:
    """Say whether staff have published a page: what was loaded from files is nobody's act."""
    published = Publication.objects.filter(kind=Publication.Kind.PUBLISH, by__isnull=False)
    return bool(published.exists())
