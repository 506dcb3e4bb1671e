"""What the frame of every page shows: the clinic, whether it is open, the menus."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from clinic.models import Clinic
from components.static_copy import is_static_copy
from delivery.remembered import remembered
from enquiries import last_known
from pages.menus import menus
from pages.opening import OpeningStatus, coming_closures, opening_status, weekly_hours
from publishing.shown_on import MENU


def _current_clinic() -> Clinic:
    clinic = remembered("clinic", Clinic.current)
    last_known.remember(clinic)
    return clinic


def _opening(clinic: Clinic) -> OpeningStatus:
    # A copy of the site as plain files is read at another time.
    if is_static_copy():
        return OpeningStatus(False, "")
    return opening_status(clinic, timezone.now())


def site(request: HttpRequest) -> dict[str, Any]:
    """Return lazy values, so that a template that uses none of them costs no query."""
    clinic: Any = SimpleLazyObject(_current_clinic)
    return {
        "clinic": clinic,
        "is_static_copy": is_static_copy(),
        "opening": SimpleLazyObject(lambda: _opening(clinic)),
        "weekly_hours": SimpleLazyObject(
            lambda: remembered("weekly hours", lambda: weekly_hours(clinic))
        ),
        "coming_closures": SimpleLazyObject(lambda: coming_closures(clinic, timezone.localdate())),
        "urgent_notice": SimpleLazyObject(lambda: clinic.notice_at(timezone.now())),
        "menus": SimpleLazyObject(lambda: remembered("menus", menus, MENU)),
    }
