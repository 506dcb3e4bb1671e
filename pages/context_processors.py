"""What the frame of every page shows: the clinic, whether it is open, the menus."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from clinic.models import Clinic
from enquiries import last_known
from pages.menus import menus
from pages.opening import coming_closures, opening_status, weekly_hours


def _current_clinic() -> Clinic:
    clinic = Clinic.current()
    last_known.remember(clinic)
    return clinic


def site(request: HttpRequest) -> dict[str, Any]:
    """Return lazy values, so that a template that uses none of them costs no query."""
    clinic: Any = SimpleLazyObject(_current_clinic)
    return {
        "clinic": clinic,
        "opening": SimpleLazyObject(lambda: opening_status(clinic, timezone.now())),
        "weekly_hours": SimpleLazyObject(lambda: weekly_hours(clinic)),
        "coming_closures": SimpleLazyObject(lambda: coming_closures(clinic, timezone.localdate())),
        "urgent_notice": SimpleLazyObject(lambda: clinic.notice_at(timezone.now())),
        "menus": SimpleLazyObject(menus),
    }
