"""The entry in a register by which readers can look up who reviewed a page."""

from typing import Any

from django.db import models
from django.db.models.functions import JSONObject

from practitioners.models import Registration
from publishing.people import register_expression


def register_credentials() -> None:
    """Have pages carry their reviewer's first registration as `reviewer_registration`."""
    entry = Registration.objects.filter(practitioner=models.OuterRef("reviewed_by"))
    first = entry.order_by("body").values(entry=JSONObject(body="body", number="number"))[:1]
    register_expression("reviewer_registration", models.Subquery(first))


def registration_from(value: Any) -> Registration | None:
    """Return what a page carries as a registration, or nothing where its reviewer has none."""
    return Registration(**value) if isinstance(value, dict) else None
