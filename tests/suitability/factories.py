"""Make the smallest valid caution, asked and confirmed, and the answers to a page of them."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from evidence.models import Source
from suitability.forms import field_name
from suitability.models import Caution
from tests.factories import make_practitioner

ADDRESS = "/is-needling-suitable/"

_numbers = count(1)


def make_caution(key: str = "", *, sources: Iterable[Source] = (), **fields: Any) -> Caution:
    """Make a question that a clinician checked on 2 June 2026; yes leads to telling us first."""
    number = next(_numbers)
    fields = {
        "key": key or f"caution-{number}",
        "question": f"Do you have matter {number}?",
        "advice": f"Tell us about matter {number}.",
        "checked_on": date(2026, 6, 2),
    } | fields
    if "checked_by" not in fields:
        fields["checked_by"] = make_practitioner()
    caution = Caution.objects.create(**fields)
    caution.sources.set(sources)
    return caution


def answered(answer: str = "no", **others: str) -> dict[str, str]:
    """Return a post that gives each question the answer, and others by key (with _ for -)."""
    by_key = {key.replace("_", "-"): value for key, value in others.items()}
    return {
        field_name(caution): by_key.get(caution.key, answer) for caution in Caution.objects.shown()
    }
