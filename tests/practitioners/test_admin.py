"""The form of a person: whoever saves one without a register is told what readers will see."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from practitioners.models import Practitioner
from tests.factories import make_clinic, make_practitioner, make_registration
from tests.publishing.markup import parse

pytestmark = pytest.mark.django_db

TOLD = "Readers see no register and no number"


@pytest.fixture(autouse=True)
def clinic() -> Any:
    return make_clinic()


def saved(client: Client, person: Practitioner) -> str:
    """Save the person's form as it is, and return the page that follows."""
    address = reverse("admin:practitioners_practitioner_change", args=[person.pk])
    form = parse(client.get(address).content.decode()).select_one("#practitioner_form")
    assert form is not None
    sent: dict[str, Any] = {}
    for field in form.select("[name]"):
        if field.name == "select":
            chosen = [each["value"] for each in field.select("option[selected]")]
            sent[str(field["name"])] = chosen if field.has_attr("multiple") else chosen[:1]
        elif field.name == "textarea":
            sent[str(field["name"])] = field.get_text().removeprefix("\n")
        elif field.get("type") not in ("submit", "checkbox", "file"):
            sent[str(field["name"])] = field.get("value", "")
    response = client.post(address, sent, follow=True)
    assert "was changed successfully" in response.content.decode()
    return response.content.decode()


def test_a_public_person_without_a_register_is_pointed_out(
    staff: Callable[..., Client],
) -> None:
    assert TOLD in saved(staff("Manager"), make_practitioner())


def test_a_registered_person_or_a_draft_is_fair(staff: Callable[..., Client]) -> None:
    registered, draft = make_practitioner(), make_practitioner(published_at=None)
    make_registration(registered, checked_on=timezone.localdate())
    for person in (registered, draft):
        assert TOLD not in saved(staff("Manager"), person)
