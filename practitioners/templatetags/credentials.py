"""Shows in which register a reviewer can be looked up."""

from typing import Any

from django import template

from practitioners.credentials import registration_from
from practitioners.models import Registration

register = template.Library()


@register.filter
def as_registration(value: Any) -> Registration | None:
    """Return what a page carries about its reviewer as a registration."""
    return registration_from(value)
