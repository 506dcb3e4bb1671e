"""What tests of the staff's side share: addresses, lists, steps, and the audit log."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client

from enquiries.models import Enquiry
from publishing.models import AuditEntry
from tests.enquiries.conftest import LONDON, soup_of

LIST = "/admin/enquiries/enquiry/"


def at(day: int, hour: int) -> datetime:
    """Return an hour of a day in November 2026, in London."""
    return datetime(2026, 11, day, hour, tzinfo=LONDON)


def page(enquiry: Enquiry) -> str:
    return f"{LIST}{enquiry.pk}/change/"


def listed(client: Client, query: str = "") -> list[str]:
    """Return the references on the worklist, in order."""
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [link.get_text() for link in soup_of(response.content).select("#result_list tbody th a")]


def step(client: Client, enquiry: Enquiry, name: str, **answers: Any) -> HttpResponse:
    """Send the form of a step, and read the enquiry anew."""
    sent = {f"{name}-{field}": value for field, value in answers.items()}
    response: Any = client.post(f"{LIST}{enquiry.pk}/step/{name}/", sent)
    if Enquiry.objects.filter(pk=enquiry.pk).exists():
        enquiry.refresh_from_db()
    return response  # type: ignore[no-any-return]


def text_of(response: Any) -> str:
    """Return the words of a page, with single spaces."""
    return " ".join(soup_of(response.content).get_text(" ").split())


def errors_of(response: Any) -> list[str]:
    """Return what the summary of mistakes says."""
    return [
        item.get_text(strip=True) for item in soup_of(response.content).select("[role=alert] a")
    ]


def offered(response: Any) -> list[str]:
    """Return the names of the steps that a page offers."""
    found = soup_of(response.content).select("[id^=step-]")
    return [str(each["id"]).removeprefix("step-") for each in found]


def thread(enquiry: Enquiry) -> list[tuple[str, str, str]]:
    """Return the kind, writer and words of every entry."""
    return [(entry.kind, entry.author_name, entry.text) for entry in enquiry.thread.all()]


def log(*acts: str) -> list[tuple[str, str, str, str]]:
    """Return who did what to what, oldest first: these acts, or all."""
    entries = AuditEntry.objects.order_by("pk")
    if acts:
        entries = entries.filter(act__in=acts)
    return [(each.by_name, each.act, each.target, each.detail) for each in entries]
